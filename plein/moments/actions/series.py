# SPDX-License-Identifier: AGPL-3.0-or-later
"""Appointments that repeat: each is a moment of its own, made up to a year ahead (ADR 0018).

Everything here runs inside the operation of whoever calls.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from plein.core.ids import new_id, now
from plein.core.operations import operation
from plein.moments.models import Moment, MomentSubject, MomentText, Participant, Planning, Series
from plein.moments.reminding import at_clock
from plein.moments.repeats import Rule, check_comes, read_rule
from plein.moments.vocabulary import State
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

AHEAD = timedelta(days=366)
MOST_MADE = 400
#: A series of which everything is made.
FOREVER = date(9999, 12, 31)
COPIED = ("circle_id", "kind", "direction", "reach", "nature", "is_all_day", "recorded_by_id", "source")
COPIED_PARTS: dict[type[Any], tuple[str, ...]] = {
    MomentSubject: ("own_circle_id", "title", "location"),
    MomentText: ("own_circle_id", "text", "purpose", "means_needed", "mentions"),
    Participant: ("role", "contact_point_id", "heard_name", "relation_id", "is_ours"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """When in its day an appointment begins, and how long it lasts on the clock of its series."""

    starts: time
    lasts: timedelta
    zone: ZoneInfo

    @classmethod
    def of(cls, moment: Moment, zone: ZoneInfo) -> "Clock":
        """The clock of an appointment; a whole day lasts from midnight to midnight, whatever the clock does."""
        starts = timezone.localtime(moment.occurred_at, zone)
        ends = timezone.localtime(moment.ends_at or moment.occurred_at, zone)
        return cls(starts.time(), ends.replace(tzinfo=None) - starts.replace(tzinfo=None), zone)

    def on(self, day: date) -> tuple[datetime, datetime]:
        """From when to when that is on a day."""
        starts_at = at_clock(day, self.starts, self.zone)
        there = datetime.combine(day, self.starts) + self.lasts
        return starts_at, max(starts_at, at_clock(there.date(), there.time(), self.zone))


def days_to_make(rule: Rule, start: date, after: date) -> tuple[list[date], date]:
    """The days after a day for which appointments are made now, and up to which day everything then is made."""
    horizon = timezone.localdate(now()) + AHEAD
    days: list[date] = []
    for day in rule.dates(start, max(horizon, after)):
        if day <= after:
            continue
        if days and (day > horizon or len(days) >= MOST_MADE):
            return days, max(min(horizon, day - timedelta(days=1)), days[-1])
        days.append(day)
    return days, FOREVER


def begin_series(actor: Entrance, moment: Moment, rule: Rule, zone: ZoneInfo) -> Series:
    """Let an appointment repeat: it is the first of its series."""
    start = timezone.localtime(moment.occurred_at, zone).date()
    check_comes(rule, start)
    days, made_until = days_to_make(rule, start, start)
    series = Series.objects.create(
        circle_id=moment.circle_id,
        rule=str(rule),
        starts_on=start,
        time_zone=zone.key,
        made_until=made_until,
        planned_by_id=actor.seat_id,
    )
    planning = planning_of(moment) or Planning.objects.create(moment=moment)
    Planning.objects.filter(id=planning.id).update(series=series, slot=start, is_own=False)
    make_copies(moment, series, days, planning.remind_before)
    return series


def planning_of(moment: Moment) -> Planning | None:
    """How an appointment is planned, when there is anything to say about it."""
    return Planning.objects.select_related("series").filter(moment=moment).order_by("id").first()


def make_copies(template: Moment, series: Series, days: Sequence[date], remind_before: int | None) -> list[Moment]:
    """Make an appointment like another one on each of these days, with its subject, text and participants."""
    if not days:
        return []
    clock = Clock.of(template, ZoneInfo(series.time_zone))
    same = {name: getattr(template, name) for name in COPIED}
    made = []
    for day in days:
        starts_at, ends_at = clock.on(day)
        made.append(Moment(**same, state=State.PLANNED, occurred_at=starts_at, ends_at=ends_at, thread_id=new_id()))
    Moment.objects.bulk_create(made)
    for model in COPIED_PARTS:
        copy_parts(model, template, made)
    Planning.objects.bulk_create(
        Planning(moment=one, circle_id=template.circle_id, series=series, slot=day, remind_before=remind_before)
        for one, day in zip(made, days, strict=True)
    )
    return made


def copy_parts(model: type[Any], template: Moment, made: Sequence[Moment]) -> None:
    """Give moments the same subject, text or participants as another one."""
    parts = list(model.objects.filter(moment=template).order_by("id"))
    rows = []
    for moment in made:
        also = {"occurred_at": moment.occurred_at} if model is Participant else {}
        for part in parts:
            same = {name: getattr(part, name) for name in COPIED_PARTS[model]}
            rows.append(model(moment=moment, circle_id=part.circle_id, **same, **also))
    model.objects.bulk_create(rows)


def later_rows(series: Series, since: date) -> list[Planning]:
    """What is still planned of a series from a day on, in its order."""
    found = Planning.objects.filter(series=series, slot__gte=since, moment__state=State.PLANNED)
    return list(found.select_related("moment").order_by("slot", "id"))


def end_series(series: Series, since: date) -> None:
    """Let a series have nothing from this day on; what was before it stays as it is."""
    rule = read_rule(series.rule).ending(until=since - timedelta(days=1))
    Series.objects.filter(id=series.id).update(rule=str(rule), made_until=FOREVER)


def first_slot(planning: Planning, scope: str) -> date:
    """The first day that a change of this and the following, or of all, is about: what took place stays as it was."""
    if planning.slot is None:
        raise ValueError("an appointment without a series has no slot")
    if scope == "all" and planning.series is not None:
        rows = Planning.objects.filter(
            series=planning.series, moment__state=State.PLANNED, moment__occurred_at__gt=now()
        )
        return rows.order_by("slot").values_list("slot", flat=True).first() or planning.slot
    return planning.slot


def remaining(series: Series, rule: Rule, since: date) -> Rule:
    """The rule as it goes on from a day, with so many times less as there were before."""
    if rule.count is None or rule.count != read_rule(series.rule).count:
        return rule
    before = sum(1 for day in rule.dates(series.starts_on, since) if day < since)
    return rule.ending(count=max(1, rule.count - before))


def extend_series(*, actor: Entrance, series: Series) -> int:
    """Make the appointments that come within a year now; returns how many."""
    permit(actor, "write")
    newest = Planning.objects.filter(series=series).select_related("moment").order_by("is_own", "-slot").first()
    with operation("extend_series", series=str(series.id)):
        if newest is None or newest.slot is None:
            Series.objects.filter(id=series.id).update(made_until=FOREVER)
            return 0
        days, made_until = days_to_make(read_rule(series.rule), series.starts_on, series.made_until)
        Series.objects.filter(id=series.id).update(made_until=made_until)
        return len(make_copies(newest.moment, series, days, newest.remind_before))


def clear_rows(rows: Sequence[Planning], *, keep: UUID | None = None) -> None:
    """Take appointments away that nobody changed by itself."""
    ids = [row.moment_id for row in rows if not row.is_own and row.moment_id != keep]
    Moment.objects.filter(id__in=ids).delete()
