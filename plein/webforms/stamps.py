# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stamp in a form: when it was opened and which words stood in it, signed, so that neither can be made up.

It is what keeps machines out beside a field that people do not see: a form that comes back quicker than anybody types
was filled in by a machine. There is no cookie.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing

from plein.core.ids import now
from plein.webforms.queries import Sheet

#: Nobody fills in a form quicker, in seconds; and one that stood open for longer is to be looked at again.
QUICKEST, OLDEST = 2.0, timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a form says of itself when it comes back."""

    is_early: bool
    #: Whether the words of the form and of its purposes are still those that were shown.
    is_current: bool


def stamp_of(sheet: Sheet) -> str:
    """The stamp of a form that is shown now."""
    shown = {"at": now().timestamp(), "text": str(sheet.text.id), "purposes": _shown(sheet)}
    return signing.dumps(shown, salt=salt_of(sheet.form.id))


def read_stamp(sheet: Sheet, text: str) -> Stamp | None:
    """What the stamp of a form says that came back; nothing when it is not ours, or too old."""
    try:
        shown = signing.loads(text[:4000], salt=salt_of(sheet.form.id), max_age=OLDEST)
        since = now().timestamp() - float(shown["at"])
        is_current = shown["text"] == str(sheet.text.id) and shown["purposes"] == _shown(sheet)
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    return Stamp(since < QUICKEST, is_current)


def _shown(sheet: Sheet) -> list[str]:
    return [str(one.wording.id) for one in sheet.purposes]


def salt_of(form_id: UUID) -> str:
    """By which the stamp of one form is not that of another."""
    return f"form {form_id}"
