# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody decides of two who may be one, and comparing the book."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from plein.core.events import publish
from plein.core.ids import new_id, now
from plein.core.isolation import in_operation
from plein.core.models import Operation
from plein.core.operations import CannotUndo, EditConflict, operation
from plein.identity.actions.apart import keep_apart
from plein.identity.book.extra import is_there
from plein.identity.events import BookAsked
from plein.identity.models import BookRun, Pair, Review, RunState, Said, Sureness
from plein.identity.queries.duplicates import Two, duplicates, is_running, sure_from
from plein.relations.actions import Choices, merge_relations
from plein.relations.models import Relation
from plein.relations.refusals import Refused
from plein.trust.actions import undo_operation
from plein.trust.circles import only_me
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: So long a pair is put off, and so many are merged at once.
DAYS_LATER, MOST_AT_ONCE = 30, 50
LEAST_SURE, MOST_SURE = 0.0, 60.0
VERB = "merge_relations"


class CannotDecide(Exception):
    """It cannot be, and the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What merging several at once came to: `together` names them all, to be turned back at once."""

    together: UUID
    operations: list[UUID] = field(default_factory=list)
    left: list[tuple[UUID, str]] = field(default_factory=list)


def say_apart(*, actor: Entrance, pair: Pair) -> Operation:
    """These are two people, for good: matching never says otherwise, until this is turned back."""
    permit(actor, "write")
    with operation("keep_apart") as done:
        keep_apart(actor=actor, relation=pair.one, other=pair.other)
        _review(actor, pair, Said.APART)
    return done


def put_off(*, actor: Entrance, pair: Pair) -> Operation:
    """Not now: the pair comes back in a month."""
    permit(actor, "write")
    with operation("put_off_pair") as done:
        _review(actor, pair, Said.LATER)
    return done


def _review(actor: Entrance, pair: Pair, said: Said, *, kept: UUID | None = None) -> None:
    one, other = (kept, kept) if kept else (pair.one_id, pair.other_id)
    Review.objects.create(
        one_id=one,
        other_id=other,
        said=said,
        bits=pair.bits,
        until=now().date() + timedelta(days=DAYS_LATER) if said == Said.LATER else None,
        decided_by_id=actor.seat_id,
    )


def merge_pair(*, actor: Entrance, pair: Pair, into: Relation, other: Relation) -> Operation:
    """They are one: what belonged to the other belongs to the one that stays, and undo parts them again.

    Raises what `merge_relations` raises.
    """
    permit(actor, "delete")
    done = merge_relations(actor=actor, into=into, other=other, choices=Choices())
    with in_operation(done.id):
        _review(actor, pair, Said.SAME, kept=into.id)
    return done


def merge_sure(*, actor: Entrance, pairs: Iterable[Pair]) -> Merged:
    """Merge several, each in an operation of its own; who is not surely one, or cannot be, is left with the reason."""
    permit(actor, "delete")
    together = Merged(new_id())
    at, gone = sure_from(), set[UUID]()
    chosen = {pair.id: pair for pair in list(pairs)[: MOST_AT_ONCE + 1]}
    if len(chosen) > MOST_AT_ONCE:
        raise CannotDecide(_("That is more than %(most)s at once. Choose fewer.") % {"most": MOST_AT_ONCE})
    for two in duplicates(list(chosen.values())):
        ends = {two.left.relation.id, two.right.relation.id}
        if not two.is_sure(at):
            together.left.append((two.id, _("Too little speaks for it: look at both first.")))
        elif ends & gone:
            together.left.append((two.id, _("One of them was merged just now: look again.")))
        elif reason := _merge_one(actor, chosen[two.id], two, together):
            together.left.append((two.id, reason))
        else:
            gone |= ends
    return together


def _merge_one(actor: Entrance, pair: Pair, two: Two, together: Merged) -> str:
    """Merge one of several; why not, when it cannot be."""
    try:
        with transaction.atomic():
            done = merge_pair(actor=actor, pair=pair, into=two.left.relation, other=two.right.relation)
            facts = Operation.objects.values_list("facts", flat=True).get(id=done.id)
            Operation.objects.filter(id=done.id).update(facts=facts | {"together": str(together.together)})
    except Refused as refusal:
        return str(refusal)
    except (EditConflict, Relation.DoesNotExist):
        return str(_("Somebody changed one of them just now: look again."))
    together.operations.append(done.id)
    return ""


def part_again(*, actor: Entrance, together: UUID) -> tuple[int, int]:
    """Turn back all that was merged at once, the last first: how many were parted, and how many could not be."""
    permit(actor, "delete")
    merged = Operation.objects.filter(verb=VERB, seat_id=actor.seat_id, facts__together=str(together))
    parted = left = 0
    for one in merged.filter(undone_by__isnull=True).order_by("-started_at", "-id"):
        try:
            undo_operation(actor=actor, operation_id=one.id)
            parted += 1
        except CannotUndo:
            left += 1
    return parted, left


def be_sure_from(*, actor: Entrance, bits: float) -> Operation:
    """From how many bits on several may be merged at once."""
    permit(actor, "manage")
    if not LEAST_SURE <= bits <= MOST_SURE:
        raise CannotDecide(
            _("Choose a number from %(least)s to %(most)s.") % {"least": int(LEAST_SURE), "most": int(MOST_SURE)}
        )
    with operation("set_sureness") as done:
        own = Sureness.objects.first()
        if own is None:
            Sureness.objects.create(bits=bits)
        elif own.bits != bits:
            Sureness.objects.filter(id=own.id).update(bits=bits)
    return done


def compare_book(*, actor: Entrance, in_background: bool = True) -> BookRun:
    """Compare everybody with everybody, as far as the actor sees them; in the background, or by the caller."""
    permit(actor, "write")
    if not is_there():
        raise CannotDecide(
            _("Comparing the whole book needs an extra that is not on this server. Ask whoever runs it to add it.")
        )
    if is_running(actor.seat_id):
        raise CannotDecide(_("The book is being compared already."))
    run: BookRun = BookRun.objects.create(seat_id=actor.seat_id, circle_id=only_me())
    if in_background:
        publish(BookAsked(run.id))
    return run


def stop_comparing(*, actor: Entrance) -> int:
    """Comparing that goes on is ended; what was found before stays."""
    permit(actor, "write")
    mine = BookRun.objects.filter(Q(seat_id=actor.seat_id), state=RunState.RUNNING)
    return mine.update(
        state=RunState.FAILED, problem=_("You stopped it."), finished_at=now(), lease_until=None, holder=""
    )
