# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing in a list of what people decided, as one operation; the same list once more changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from plein.consent.actions.deciding import Answer, Said, record_imported, record_waiting
from plein.consent.actions.never import add_never_contact
from plein.consent.days import moment_on
from plein.consent.lines import Line, Wishes, read_lines
from plein.consent.models import ConsentList
from plein.consent.queries.matching import Matched, match
from plein.consent.queries.purposes import purposes
from plein.consent.refusals import Refused
from plein.consent.vocabulary import NO, How
from plein.core.ids import now
from plein.core.operations import operation
from plein.core.sheets import NotRead, read_sheet
from plein.relations.contact import Contact
from plein.trust.circles import only_me
from plein.trust.permissions import may, permit
from plein.trust.seats import Entrance

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a list: how many decisions are new, were there, wait, went to the never list or were left out."""

    recorded: int = 0
    present: int = 0
    waiting: int = 0
    never: int = 0
    left_out: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    operation_id: UUID | None = None


def keep_list(*, actor: Entrance, name: str, data: bytes) -> ConsentList:
    """Take a list in, to look at before anything of it counts; raises Refused."""
    permit(actor, "import")
    try:
        sheet = read_sheet(data)
    except NotRead as trouble:
        raise Refused(str(trouble), "file") from trouble
    kept: ConsentList = ConsentList.objects.create(
        seat_id=actor.seat_id, circle_id=only_me(), name=name[:300], head=sheet.head, rows=sheet.rows
    )
    return kept


def discard_list(*, actor: Entrance, kept: ConsentList) -> None:
    """Throw a list away; what was recorded from it stays."""
    permit(actor, "import")
    ConsentList.objects.filter(id=kept.id, seat_id=actor.seat_id).delete()


def matched_in(rows: Sequence[Sequence[str]], wishes: Wishes) -> Matched:
    """Whom a list is about, read as wished."""
    return match(read_lines(rows, wishes, purposes()))


def import_consents(*, actor: Entrance, rows: Sequence[Sequence[str]], wishes: Wishes) -> Outcome:
    """Note what a list says; a line that cannot be read is told and keeps nothing else back. Raises Refused."""
    permit(actor, "import")
    if wishes.unmatched == "never" and not may(actor, "manage"):
        raise Refused(_("Only an administrator puts addresses on the list that is never used."), "unmatched")
    matched = matched_in(rows, wishes)
    with operation("import_consents", count=len(rows)) as done:
        answers = [Answer(relation=relation, **_said(line, for_all=wishes.for_all)) for line, relation in matched.found]
        made = record_imported(actor=actor, answers=answers)
        waiting, never = _unmatched(actor, matched.unknown, wishes)
    left_out = len(matched.unknown) - waiting - never
    return Outcome(
        recorded=len(made),
        present=len(answers) - len(made),
        waiting=waiting,
        never=never,
        left_out=left_out,
        bad=matched.bad[:SHOWN],
        unknown=[line.who for line in matched.unknown][:SHOWN],
        operation_id=done.id,
    )


def import_list(*, actor: Entrance, kept: ConsentList, wishes: Wishes) -> Outcome:
    """Note what a list that was taken in says. Its rows are forgotten then; what came of it stays."""
    permit(actor, "import")
    locked = ConsentList.objects.select_for_update(of=("self",)).get(id=kept.id, seat_id=actor.seat_id)
    if locked.done_at is not None:
        raise Refused(_("This list was brought in already."))
    outcome = import_consents(actor=actor, rows=locked.rows, wishes=wishes)
    locked.rows, locked.wishes, locked.done_at = [], wishes.to_json(), now()
    locked.operation_id = outcome.operation_id
    locked.outcome = {
        name: getattr(outcome, name)
        for name in ("recorded", "present", "waiting", "never", "left_out", "bad", "unknown")
    }
    locked.save()
    return outcome


def _said(line: Line, *, for_all: bool) -> dict[str, Any]:
    kind, value = ("", "") if for_all or not line.points else line.points[0]
    return {
        "purpose": line.purpose,
        "state": line.state,
        "how": How.IMPORT,
        "point_kind": kind,
        "point_value": value,
        "decided_at": moment_on(line.on),
        "is_dated": line.on is not None,
        "note": line.note,
    }


def _unmatched(actor: Entrance, lines: Sequence[Line], wishes: Wishes) -> tuple[int, int]:
    """Keep what nobody we know said: how many wait, and how many went to the never list."""
    if wishes.unmatched == "wait" and lines:
        said = [Said(**_said(line, for_all=False)) for line in lines if line.points]
        return record_waiting(actor=actor, said=said), 0
    if wishes.unmatched == "never":
        refusing = [line for line in lines if line.state in NO and line.points]
        contacts = [Contact(kind, value, value) for line in refusing for kind, value in line.points]
        if contacts:
            add_never_contact(actor=actor, contacts=contacts, reason=_("said no, in a list"))
        return 0, len(refusing)
    return 0, 0
