# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterator

import pytest

from plein.channels.actions import ServerFacts, set_mail_server
from plein.testing.mail_server import Box, mail_server
from plein.trust.models import User
from plein.trust.seats import entered


@pytest.fixture
def box(alice: User) -> Iterator[Box]:
    """The mail server of Noorderlicht."""
    with mail_server() as running:
        facts = ServerFacts("localhost", running.port, "none", "", "plein@plein.example", "", is_inside=True)
        with entered(alice) as actor:
            set_mail_server(actor=actor, facts=facts)
        yield running
