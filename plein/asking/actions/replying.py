# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody from outside answers by their link. There is no seat: the database knows by the link who it is."""

from typing import Any

from django.db import transaction

from plein.asking.actions.answering import moved
from plein.asking.queries.keeper import LATE, call
from plein.asking.vocabulary import Reply
from plein.core.isolation import no_workspace


def read_asked(link: str) -> dict[str, Any] | None:
    """What somebody is asked, by the hash of their link; None when it is answered or over."""
    with no_workspace("introduction"), transaction.atomic():
        return call("SELECT plein_asking_read(%s)", link).facts or None


def reply(*, link: str, answer: str, remark: str = "") -> bool:
    """Answer, once; False when it was answered or is over."""
    if answer not in Reply.values:
        return False
    with no_workspace("introduction"), transaction.atomic():
        told = call("SELECT plein_asking_reply(%s, %s, %s)", link, answer, remark.strip()[:1000])
        if told.outcome == LATE:
            return False
        moved(told)
    return True
