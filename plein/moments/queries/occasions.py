# SPDX-License-Identifier: AGPL-3.0-or-later
"""An appointment as our guests hear of it: when, what, where, and how it repeats; nothing of what we noted."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from plein.core.ids import now
from plein.moments.models import Moment, MomentSubject, Planning, Series
from plein.moments.reminding import at_clock
from plein.moments.repeats import read_rule
from plein.moments.vocabulary import State
from plein.trust.zones import zone_of

#: So long a rule is followed to see which of its days do not take place; more is made later.
MOST_DAYS = 800


@dataclass(frozen=True, slots=True)
class Taking:
    """When, as what and where an appointment takes place, or one of a series."""

    starts: datetime
    ends: datetime
    is_all_day: bool
    title: str
    location: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """An appointment of ours, or a whole series: `gone` are its days on which nothing takes place, `moved` others."""

    moment: Moment
    series: Series | None
    uid: str
    zone: ZoneInfo
    takes: Taking
    is_cancelled: bool = False
    rule: str = ""
    gone: tuple[date, ...] = ()
    moved: tuple[tuple[date, Taking], ...] = ()

    @property
    def fingerprint(self) -> str:
        """Whether guests know how it is: of when, and of what and where."""
        takings = [self.takes, *(one for _day, one in self.moved)]
        days = [str(day) for day in (*self.gone, *(day for day, _one in self.moved))]
        when = [
            self.rule,
            *days,
            *(f"{one.starts.timestamp():.0f}-{one.ends.timestamp():.0f}-{one.is_all_day}" for one in takings),
        ]
        what = [part for one in takings for part in (one.title, one.location)]
        return f"{_digest(when)}:{_digest(what)}"

    def without(self, days: Iterable[date]) -> "Occasion":
        """The series for somebody who need not come on some of its days."""
        away = set(days)
        moved = tuple(one for one in self.moved if one[0] not in away)
        return replace(self, gone=tuple(sorted(away.union(self.gone))), moved=moved) if away else self

    def taking_on(self, day: date) -> Taking:
        """When, as what and where the one of a day takes place."""
        return dict(self.moved).get(day) or _on(day, self.takes, self.zone)

    @property
    def is_over(self) -> bool:
        """Whether there is nothing of it still to come."""
        last = self.takes.ends
        if self.series is not None and self.rule:
            rule = read_rule(self.rule)
            if rule.until is None and rule.count is None:
                return False
            days = list(rule.dates(self.series.starts_on, self.series.starts_on))
            last = at_clock(days[-1], self.takes.ends.timetz(), self.zone)
        return max([last, *(one.ends for _day, one in self.moved)]).astimezone(self.zone).date() < _today(self.zone)


def _today(zone: ZoneInfo) -> date:
    return timezone.localtime(now(), zone).date()


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]


def occasion_of(moment: Moment) -> Occasion:
    """The appointment as its guests hear of it; one of a series stands for the series."""
    planning = Planning.objects.filter(moment=moment, series__isnull=False).select_related("series").first()
    if planning is None or planning.series is None:
        [takes] = _takings([moment])
        uid = moment.calendar_uid or str(moment.id)
        zone = zone_of(moment.recorded_by.user) if moment.recorded_by else ZoneInfo(settings.TIME_ZONE)
        return Occasion(moment, None, uid, zone, takes, is_cancelled=moment.state == State.CANCELLED)
    return _of_series(moment, planning.series)


def _of_series(moment: Moment, series: Series) -> Occasion:
    zone = ZoneInfo(series.time_zone)
    rows = list(Planning.objects.filter(series=series).select_related("moment").order_by("slot", "id"))
    usual = next((row for row in reversed(rows) if not row.is_own), rows[-1])
    own = [row for row in rows if row.is_own and row.slot and row.moment.state != State.CANCELLED]
    taking, *others = _takings([usual.moment, *(row.moment for row in own)])
    there = {row.slot for row in rows if row.moment.state != State.CANCELLED}
    last = min(series.made_until, max((row.slot for row in rows if row.slot), default=series.starts_on))
    rule = read_rule(series.rule)
    days = [day for day in _days(series, last) if rule.until is None or day <= rule.until]
    moved = []
    for row, one in zip(own, others, strict=True):
        if row.slot and one != _on(row.slot, taking, zone):
            moved.append((row.slot, one))
    return Occasion(
        moment=usual.moment,
        series=series,
        uid=str(series.id),
        zone=zone,
        takes=_on(series.starts_on, taking, zone),
        is_cancelled=not there & set(days),
        rule=series.rule,
        gone=tuple(day for day in days if day not in there),
        moved=tuple(moved),
    )


def _days(series: Series, last: date) -> list[date]:
    found: list[date] = []
    for day in read_rule(series.rule).dates(series.starts_on, last):
        if day > last or len(found) >= MOST_DAYS:
            break
        found.append(day)
    return found


def _on(day: date, taking: Taking, zone: ZoneInfo) -> Taking:
    """The same at the same hour of another day."""
    starts, ends = (timezone.localtime(one, zone) for one in (taking.starts, taking.ends))
    last = day + (ends.date() - starts.date())
    return Taking(
        at_clock(day, starts.timetz(), zone),
        at_clock(last, ends.timetz(), zone),
        taking.is_all_day,
        taking.title,
        taking.location,
    )


def _takings(moments: list[Moment]) -> list[Taking]:
    subjects = {
        one.moment_id: one
        for one in MomentSubject.objects.filter(moment__in=[one.id for one in moments]).order_by("-id")
    }
    found = []
    for one in moments:
        subject = subjects.get(one.id)
        found.append(
            Taking(
                one.occurred_at,
                one.ends_at or one.occurred_at,
                one.is_all_day,
                subject.title if subject else "",
                subject.location if subject else "",
            )
        )
    return found
