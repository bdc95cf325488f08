# SPDX-License-Identifier: AGPL-3.0-or-later
"""Changing a whole series from one appointment on. Everything here runs inside the operation of whoever calls."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from plein.moments.actions.series import (
    Clock,
    clear_rows,
    copy_parts,
    days_to_make,
    end_series,
    first_slot,
    later_rows,
    make_copies,
    remaining,
)
from plein.moments.models import Guest, Moment, MomentSubject, MomentText, Participant, Planning, Series
from plein.moments.repeats import Rule, check_comes
from plein.trust.seats import Entrance

SHARED = ("kind", "is_all_day", "direction")
SUBJECT, TEXT = ("title", "location"), ("text", "purpose", "means_needed")


def replan(
    actor: Entrance,
    moment: Moment,
    planning: Planning,
    *,
    scope: str,
    changes: dict[str, Any],
    rule: Rule | None,
    with_participants: bool,
) -> None:
    """Carry a change that was made to one appointment over to those that follow it, or to all that are planned.

    A row keeps its place in the series, so what hangs on it stays; where the rule gives fewer days the last ones go,
    where it gives more they are made. What somebody changed by itself keeps that change.
    """
    series = planning.series
    if series is None or planning.slot is None:
        return
    since = first_slot(planning, scope)
    rows = later_rows(series, since)
    if rule is None:
        clear_rows(rows, keep=moment.id)
        end_series(series, since)
        Planning.objects.filter(id=planning.id).update(series=None, slot=None, is_own=False)
        if since <= series.starts_on:
            _keep_guests(moment, series)
        return
    zone = ZoneInfo(series.time_zone)
    shift = timezone.localtime(moment.occurred_at, zone).date() - planning.slot
    start = since + shift
    if str(rule) == series.rule:
        rule = rule.moved(planning.slot, planning.slot + shift)
    rule = remaining(series, rule, since)
    check_comes(rule, start)
    going_on = _series_from(actor, series, since, start, rule)
    days, made_until = days_to_make(rule, start, start)
    Series.objects.filter(id=going_on.id).update(made_until=made_until)
    wanted = [start, *days]
    _move(moment, planning, going_on, rows, wanted)
    siblings = [row for row in rows[: len(wanted)] if not row.is_own and row.moment_id != moment.id]
    _carry_over(moment, siblings, changes, with_participants=with_participants)
    clear_rows(rows[len(wanted) :], keep=moment.id)
    make_copies(moment, going_on, wanted[len(rows) :], planning.remind_before)


def _keep_guests(moment: Moment, series: Series) -> None:
    """Who was invited to the series is a guest of what is left of it: for their calendars it stays the same."""
    if Guest.objects.filter(series=series).update(series=None, moment=moment) and not moment.calendar_uid:
        Moment.objects.filter(id=moment.id).update(calendar_uid=str(series.id))


def _series_from(actor: Entrance, series: Series, since: date, start: date, rule: Rule) -> Series:
    """The series as it goes on: the same one when nothing lies before, else a new one beside the old."""
    if since <= series.starts_on:
        Series.objects.filter(id=series.id).update(rule=str(rule), starts_on=start)
        return series
    end_series(series, since)
    return Series.objects.create(
        circle_id=series.circle_id,
        rule=str(rule),
        starts_on=start,
        time_zone=series.time_zone,
        made_until=start,
        planned_by_id=actor.seat_id,
    )


def _move(moment: Moment, planning: Planning, series: Series, rows: Sequence[Planning], days: Sequence[date]) -> None:
    clock = Clock.of(moment, ZoneInfo(series.time_zone))
    moved, kept = [], []
    for row, day in zip(rows, days, strict=False):
        row.series, row.slot, row.remind_before = series, day, planning.remind_before
        if row.id == planning.id:
            row.is_own = False
        kept.append(row)
        if not row.is_own:
            row.moment.occurred_at, row.moment.ends_at = clock.on(day)
            for name in SHARED:
                setattr(row.moment, name, getattr(moment, name))
            moved.append(row.moment)
    Planning.objects.bulk_update(kept, ["series", "slot", "remind_before", "is_own"])
    Moment.objects.bulk_update(moved, ["occurred_at", "ends_at", *SHARED])


def _carry_over(moment: Moment, rows: Sequence[Planning], changes: dict[str, Any], *, with_participants: bool) -> None:
    ids = [row.moment_id for row in rows]
    for model, names in ((MomentSubject, SUBJECT), (MomentText, TEXT)):
        said = {name: value for name, value in changes.items() if name in names}
        if not said or not ids:
            continue
        lacking = set(ids) - set(model.objects.filter(moment_id__in=ids).values_list("moment_id", flat=True))
        model.objects.filter(moment_id__in=ids).update(**said)
        copy_parts(model, moment, [row.moment for row in rows if row.moment_id in lacking])
    if with_participants and ids:
        Participant.objects.filter(moment_id__in=ids).delete()
        copy_parts(Participant, moment, [row.moment for row in rows])
