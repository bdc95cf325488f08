# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody decides on their own page. There is no seat: the database knows by the visit who it is."""

from uuid import UUID

from django.db import connection, transaction

from plein.consent.vocabulary import DECISIONS
from plein.core.audit import audit_apart
from plein.core.isolation import no_workspace
from plein.mypage.picture import Picture


def decide(*, visit: str, picture: Picture, purpose: UUID, state: str, kind: str = "", value: str = "") -> bool:
    """Say yes or no to a purpose, for all one's addresses or one; False when that was not there to decide."""
    if state not in DECISIONS:
        return False
    with no_workspace("my page"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT plein_page_decide(%s, %s, %s, %s, %s)", [visit, purpose, kind, value, state])
        row = cursor.fetchone()
        is_done = bool(row and row[0])
        if is_done:
            audit_apart(
                "decide_on_my_page",
                workspace=picture.workspace,
                door="my-page",
                kind="subject",
                about=picture.subject,
                purpose=purpose,
                state=str(state),
            )
    return is_done
