# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of entries elsewhere is said otherwise here, and where both sides wait for a decision."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from plein.core.blobs import exists
from plein.core.ids import now
from plein.core.models import Operation
from plein.dav.card_photos import NEW, OLD, picture_of
from plein.dav.cards import Facts, KeptCard, read_card, without_photo, write_card
from plein.dav.ics import EventFacts, KeptText, read_object, stamp
from plein.dav.ics_text import write_event, write_todo
from plein.dav.lines import read_lines
from plein.dav.models import Mirrored
from plein.dav.queries.agenda import events_now, todo_of
from plein.dav.queries.book import facts_of
from plein.trust.seats import Entrance
from plein.trust.zones import zone_of

#: Changes are looked for when somebody did anything here in this time.
LATELY = timedelta(minutes=15)
AT_ONCE = 500
#: What of a series depends on when it began.
TIMES = ("starts", "ends", "rule", "gone", "moved")


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What an entry elsewhere should say, and what of it is ours then."""

    id: UUID
    is_event: bool
    href: str
    etag: str
    text: str
    ours: dict[str, object]
    is_new: bool = False


def waiting(connection_id: UUID) -> QuerySet[Mirrored]:
    """The entries of a connection that both sides changed alike, and the people who are not there any more."""
    is_gone = Q(is_gone=True, relation__isnull=False)
    found: QuerySet[Mirrored] = Mirrored.objects.filter(~Q(theirs="") | is_gone, connection_id=connection_id)
    return found.select_related("relation", "moment", "todo", "connection").order_by("id")


def is_anything_new() -> bool:
    """Whether anybody did anything here lately."""
    return bool(Operation.objects.filter(started_at__gt=now() - LATELY).exists())


def unsaid(actor: Entrance, connection_id: UUID) -> Iterator[Unsaid]:
    """Every entry elsewhere of which something changed here since both sides had it in common."""
    found = Mirrored.objects.filter(connection_id=connection_id, theirs="", is_gone=False, is_waiting=False)
    rows = list(found.exclude(href="").select_related("relation", "moment", "todo").order_by("id"))
    for begin in range(0, len(rows), AT_ONCE):
        batch = rows[begin : begin + AT_ONCE]
        yield from _unsaid_cards([one for one in batch if one.relation is not None])
        yield from _unsaid_events(actor, [one for one in batch if one.moment is not None])
        yield from _unsaid_todos(actor, [one for one in batch if one.todo is not None])


def _unsaid_cards(rows: Sequence[Mirrored]) -> Iterator[Unsaid]:
    by_relation = {one.relation_id: one for one in rows}
    facts = {one.id: one for one in facts_of([one.relation for one in by_relation.values() if one.relation])}
    for one in rows:
        if one.relation_id not in facts:
            continue
        said = facts[one.relation_id]
        ours = said.ours()
        if ours != one.ours:
            version = NEW if f"VERSION:{NEW}" in one.text else OLD
            text = write_card(said, version, _kept(one, said), picture_of)
            if not _is_alike(text, one.text):
                yield Unsaid(one.id, False, one.href, one.etag, text, dict(ours))


def _kept(one: Mirrored, said: Facts) -> KeptCard:
    """What stands there, without its photo where ours is another one; a photo that did not change stays as it is."""
    is_other = said.ours().get("photo") != one.ours.get("photo") and not (said.photo and not exists(said.photo))
    if is_other:
        return KeptCard(one.uid, without_photo(read_card(one.text, said.country)), one.ours)
    said.photo = ""
    return KeptCard(one.uid, one.text, one.ours)


def facts_by_moment(actor: Entrance, rows: Sequence[Mirrored]) -> dict[UUID, EventFacts]:
    """The appointments of these rows as they are now, each as the whole that it is elsewhere."""
    whole = {one.moment_id for one in rows if one.moment_id and one.ours.get("rule")}
    return events_now([one.moment for one in rows if one.moment is not None], whole, zone_of(actor.user))


def _unsaid_events(actor: Entrance, rows: Sequence[Mirrored]) -> Iterator[Unsaid]:
    zone, known = zone_of(actor.user), facts_by_moment(actor, rows)
    for one in rows:
        if one.moment_id is None:
            continue
        facts = known[one.moment_id]
        ours = facts.ours()
        if ours == one.ours:
            continue
        held = TIMES if _is_near(one, zone) else ()
        kept = one.ours | {name: ours[name] for name in held}
        text = write_event(facts, KeptText(one.uid, one.text, kept), with_names=False)
        if not _is_alike(text, one.text):
            still = {name: one.ours.get(name, "") for name in held}
            yield Unsaid(one.id, True, one.href, one.etag, text, dict(ours | still))


def _unsaid_todos(actor: Entrance, rows: Sequence[Mirrored]) -> Iterator[Unsaid]:
    for one in rows:
        if one.todo is None:
            continue
        facts = todo_of(one.todo, zone_of(actor.user))
        if facts.ours() != one.ours:
            text = write_todo(facts, KeptText(one.uid, one.text, one.ours))
            if not _is_alike(text, one.text):
                yield Unsaid(one.id, True, one.href, one.etag, text, {**facts.ours()})


def _is_near(one: Mirrored, zone: ZoneInfo) -> bool:
    """Whether it is a series that began earlier there: its times are not written back, or its past would be lost."""
    times = read_object(one.text, zone).times if one.ours.get("rule") else None
    return times is not None and stamp(times[0], is_day=times[2]) != one.ours.get("starts")


def _is_alike(text: str, other: str) -> bool:
    """Whether two texts say the same, however they are folded."""
    return [str(line) for line in read_lines(text)] == [str(line) for line in read_lines(other)]
