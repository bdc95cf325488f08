# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choosing what colleagues get of a mailbox, before it is brought in and ever after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, QuerySet

from plein.channels.actions import HearingWishes, Wishes, start_hearing, start_import
from plein.channels.models import Connection, MailImport
from plein.core.models import Operation
from plein.core.operations import operation
from plein.moments.intake.lease import one_writer_at_a_time
from plein.moments.models import Gives, MailShare, Moment, MomentSubject, MomentText
from plein.moments.queries.sharing import (
    Rules,
    in_pieces,
    known_elsewhere,
    made_by,
    moments_of,
    relations_in,
    rules_of,
    shares_of,
)
from plein.relations.models import ContactPoint, Relation
from plein.trust.circles import circle_for, circle_for_new, circle_key, my_circle, only_me
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: Circles that there are not: of somebody who never kept anything to themselves, and one that is only being considered.
NOWHERE, CONSIDERED = -2, -1


@dataclass
class Moved:
    """How many rows a change of the rules moves, or would move."""

    moments: int = 0
    subjects: int = 0
    texts: int = 0
    people: int = 0


@dataclass
class _Pile:
    """Rows that go to the same place."""

    ids: dict[int | None, list[UUID]] = field(default_factory=dict)

    def put(self, target: int | None, row: UUID) -> None:
        self.ids.setdefault(target, []).append(row)

    def __len__(self) -> int:
        return sum(map(len, self.ids.values()))


def share_mail(
    *,
    actor: Entrance,
    mailbox: MailImport | Connection,
    gives: str,
    circle: str,
    exceptions: Mapping[UUID, str] | None = None,
) -> Operation:
    """Choose what the colleagues of a circle get of one's mailbox; what was brought in already moves along.

    `exceptions` say what they get of the mail with some relations; without it they stay as they are. What was moved by
    hand stays where it was put. Raises UnknownCircle.
    """
    _permit(actor, mailbox)
    with operation("share_mail") as done:
        # What comes in at this moment comes before, and moves along, or after, and goes where it says now.
        one_writer_at_a_time()
        before = rules_of(mailbox)
        after = _keep(mailbox, gives, circle_for(circle), exceptions)
        _carry_out(before, after, moments_of(mailbox), write=True)
        _move_people(mailbox, before, after, write=True)
    return done


def begin_import(
    *, actor: Entrance, mail_import: MailImport, wishes: Wishes, gives: str, in_background: bool = True
) -> MailImport:
    """Start an import with what colleagues get of it chosen from its first second; raises CannotImport."""
    circle = "me" if gives == Gives.NOTHING else wishes.circle
    started = start_import(
        actor=actor, mail_import=mail_import, wishes=replace(wishes, circle=circle), in_background=in_background
    )
    if gives != Gives.EVERYTHING:
        with operation("share_mail"):
            _keep(started, gives, circle_for_new(wishes.circle), None)
    return started


def begin_hearing(*, actor: Entrance, connection: Connection, wishes: HearingWishes, gives: str) -> Connection:
    """Start to listen with what colleagues get of it chosen before anything is fetched; raises NotUsable."""
    circle = "me" if gives == Gives.NOTHING else wishes.circle
    started = start_hearing(actor=actor, connection=connection, wishes=replace(wishes, circle=circle))
    if gives != Gives.EVERYTHING:
        with operation("share_mail"):
            _keep(started, gives, circle_for_new(wishes.circle), None)
    return started


def preview_share(
    *,
    actor: Entrance,
    mailbox: MailImport | Connection,
    gives: str,
    circle: str,
    exceptions: Mapping[UUID, str] | None = None,
) -> Moved:
    """How many rows such a choice would move; nothing is written."""
    _permit(actor, mailbox)
    before = rules_of(mailbox)
    audience = before.default.audience if circle == circle_key(before.default.audience) else CONSIDERED
    kept = {one: rule.gives for one, rule in before.exceptions.items()} if exceptions is None else exceptions
    after = Rules(
        replace(before.default, gives=gives, audience=audience),
        {one: replace(before.default, gives=level, audience=audience) for one, level in kept.items()},
    )
    moved = _carry_out(before, after, moments_of(mailbox), write=False)
    moved.people = _move_people(mailbox, before, after, write=False)
    return moved


def settle_new(rules: Rules, moments: Iterable[UUID]) -> None:
    """Put what was brought in just now where the exceptions want it; inside the operation of whoever brings it in."""
    if rules.exceptions:
        fresh = Moment.objects.filter(id__in=list(moments))
        _carry_out(Rules(rules.default), rules, fresh, write=True)


def _permit(actor: Entrance, mailbox: MailImport | Connection) -> None:
    permit(actor, "import")
    if mailbox.seat_id != actor.seat_id:
        raise PermissionDenied("import")


def _keep(mailbox: MailImport | Connection, gives: str, audience: int, exceptions: Mapping[UUID, str] | None) -> Rules:
    mine = only_me()
    kept = shares_of(mailbox)
    whose = {"connection_id" if isinstance(mailbox, Connection) else "mail_import_id": mailbox.id}
    present = {one.relation_id: one for one in kept}
    wanted: dict[UUID | None, str] = {None: gives}
    if exceptions is None:
        wanted |= {one: share.gives for one, share in present.items() if one is not None}
    else:
        seen = set(Relation.objects.filter(id__in=list(exceptions)).values_list("id", flat=True))
        wanted |= {one: level for one, level in exceptions.items() if one in seen}
    kept.filter(id__in=[share.id for one, share in present.items() if one not in wanted]).delete()
    for relation, level in wanted.items():
        values: dict[str, Any] = {"gives": Gives(level), "audience_id": audience}
        if relation in present:
            kept.filter(id=present[relation].id).update(**values)
        else:
            MailShare.objects.create(relation_id=relation, own_circle_id=mine, **whose, **values)
    return rules_of(mailbox)


def _carry_out(before: Rules, after: Rules, moments: QuerySet[Moment], *, write: bool) -> Moved:
    """Move each moment, subject and text that stands where its rule had put it to where its rule puts it now."""
    mine, moved = _mine(write=write), Moved()
    among = [*before.exceptions, *after.exceptions]
    for piece in in_pieces(moments):
        relations = relations_in(piece, among)
        was = {one.id: before.of(relations.get(one.id, ())) for one in piece}
        will = {one.id: after.of(relations.get(one.id, ())) for one in piece}
        envelopes = _Pile()
        for one in piece:
            target = will[one.id].envelope(mine)
            if one.circle_id == was[one.id].envelope(mine) and target != one.circle_id:
                envelopes.put(target, one.id)
        moved.moments += len(envelopes)
        parts = {}
        for name, model in (("subject", MomentSubject), ("text", MomentText)):
            pile = parts[model] = _Pile()
            for row, moment, own in model.objects.filter(moment_id__in=list(was)).values_list(
                "id", "moment_id", "own_circle_id"
            ):
                target_own = will[moment].own(name, mine)
                if own == was[moment].own(name, mine) and target_own != own:
                    pile.put(target_own, row)
        moved.subjects += len(parts[MomentSubject])
        moved.texts += len(parts[MomentText])
        if write:
            _write(Moment, "circle_id", envelopes)
            for model, pile in parts.items():
                _write(model, "own_circle_id", pile)
    return moved


def _mine(*, write: bool) -> int:
    """The circle of the owner alone; looking makes none, and where there is none nothing is in it."""
    return only_me() if write else my_circle() or NOWHERE


def _write(model: type[Any], column: str, pile: _Pile) -> None:
    for target, ids in pile.ids.items():
        model.objects.filter(id__in=ids).update(**{column: target})


def _move_people(mailbox: MailImport | Connection, before: Rules, after: Rules, *, write: bool) -> int:
    """People and addresses that it made go along with its envelopes, but for those that others deal with."""
    mine = _mine(write=write)
    old, new = before.default.envelope(mine), after.default.envelope(mine)
    if old == new:
        return 0
    made = Relation.objects.filter(
        id__in=made_by(mailbox, "relations_relation"), circle_id=old, is_ours=False, seat__isnull=True
    )
    people = list(made.exclude(Exists(known_elsewhere(mailbox))).values_list("id", flat=True))
    if write:
        points = ContactPoint.objects.filter(
            id__in=made_by(mailbox, "relations_contact_point"), circle_id=old, links__relation_id__in=people
        )
        ContactPoint.objects.filter(id__in=list(points.values_list("id", flat=True))).update(circle_id=new)
        Relation.objects.filter(id__in=people).update(circle_id=new)
    return len(people)
