# SPDX-License-Identifier: AGPL-3.0-or-later
"""Carrying the letters of the house, such as invitations, through the mail server of the workspace in force."""

import logging

from plein.channels.letters import Letter, NoAddress
from plein.channels.models import MailServer
from plein.channels.post import PostRefused, PostUncertain, post
from plein.trust.letters import HouseLetter

logger = logging.getLogger(__name__)


def has_server() -> bool:
    """Whether there is a mail server here. The sink of a workspace without one reaches nobody."""
    return MailServer.objects.exists()


def carry(letter: HouseLetter) -> bool:
    """Post a letter; False when the server would not have it. A second link follows a second wish."""
    try:
        post(Letter(to=(letter.to,), subject=letter.subject, text=letter.text, is_secret=True))
    except (PostRefused, PostUncertain, NoAddress) as trouble:
        logger.warning("a letter of the house was not taken: %s", type(trouble).__name__)
        return False
    return True
