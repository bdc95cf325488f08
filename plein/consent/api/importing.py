# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to lists of what people decided."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form
from ninja.files import UploadedFile
from pydantic import BaseModel, Field

from plein.consent import actions
from plein.consent.api.door import router
from plein.consent.lines import ROLES, Wishes, guess_columns
from plein.consent.queries import purposes
from plein.core.payloads import Invalid, Payload, act, needs
from plein.core.sheets import NotRead, read_sheet
from plein.trust.models import Workspace
from plein.trust.seats import seat_of

Name = Annotated[str, Field(max_length=300)]


class BadLineOut(BaseModel):
    """A line that cannot be read, as spreadsheets count, and why."""

    line: int
    reason: str


class ListOutcome(BaseModel):
    """What came of a list, or would come of it."""

    recorded: int
    present: int
    waiting: int
    never: int
    left_out: int
    bad: list[BadLineOut]
    unknown: list[str]


class ListWishes(Payload):
    """How a list is read. A column is named by the words above it; those that are not named are recognised."""

    purpose: UUID | None = Field(default=None, description="For what, where the list does not say.")
    state: Literal["given", "refused", "withdrawn"] = "given"
    for_all: bool = Field(default=False, description="It counts for all addresses of a person.")
    unmatched: Literal["wait", "never", "leave"] = "wait"
    dry_run: bool = Field(default=False, description="Only tell what would come of it.")
    email: Name = ""
    phone: Name = ""
    id: Name = ""
    purpose_column: Name = ""
    state_column: Name = ""
    date: Name = ""
    note: Name = ""


COLUMNS = {role: {"purpose": "purpose_column", "state": "state_column"}.get(role, role) for role in ROLES}


def _columns(head: list[str], wanted: ListWishes) -> dict[str, int]:
    columns = guess_columns(head)
    for role, name in COLUMNS.items():
        word = str(getattr(wanted, name)).strip()
        if word and word not in head:
            raise Invalid({name: _("There is no column “%(word)s” in this list.") % {"word": word[:60]}})
        if word:
            columns[role] = head.index(word)
    return columns


@router.post("/consents/import", response=ListOutcome, summary="Bring in a list of what people decided")
@needs("import")
def import_consents(request: HttpRequest, file: File[UploadedFile], wishes: Form[ListWishes]) -> ListOutcome:
    """A CSV or the first sheet of an XLSX, as one operation. The same list once more changes nothing."""
    try:
        sheet = read_sheet(file.read())
    except NotRead as trouble:
        raise Invalid({"file": str(trouble)}) from trouble
    columns = _columns(sheet.head, wishes)
    known = {one.id for one in purposes()}
    if "purpose" not in columns and wishes.purpose not in known:
        raise Invalid({"purpose": _("Say for what.")})
    if not columns.keys() & {"email", "phone", "id"}:
        raise Invalid({"email": _("Say which column tells who it is: an address, a number or an id.")})
    actor = seat_of(request)
    country = Workspace.objects.get(id=actor.workspace_id).country
    wanted = Wishes(columns, wishes.purpose, wishes.state, wishes.for_all, wishes.unmatched, country)
    if wishes.dry_run:
        matched = actions.matched_in(sheet.rows, wanted)
        return ListOutcome(
            recorded=len(matched.found), present=0, waiting=0, never=0, left_out=len(matched.unknown),
            bad=[BadLineOut(line=line, reason=words) for line, words in matched.bad],
            unknown=[line.who for line in matched.unknown],
        )  # fmt: skip
    with act(request, "import_consents"):
        outcome = actions.import_consents(actor=actor, rows=sheet.rows, wishes=wanted)
    return ListOutcome(
        recorded=outcome.recorded,
        present=outcome.present,
        waiting=outcome.waiting,
        never=outcome.never,
        left_out=outcome.left_out,
        bad=[BadLineOut(line=line, reason=words) for line, words in outcome.bad],
        unknown=outcome.unknown,
    )
