# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings a series that began long ago near: of what took place years ago no appointments are made."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from plein.dav.ics import Sent
from plein.moments.repeats import BadRule, read_rule

#: Of a series that is new here, what took place longer ago stays where it is.
BACK = timedelta(days=31)


def brought_near(sent: Sent, day: date, zone: ZoneInfo) -> Sent | None:
    """The same series as it goes on from a day; None when nothing of it takes place from then on."""
    try:
        rule = read_rule(sent.rule) if sent.rule and sent.times else None
    except BadRule:
        rule = None
    if rule is None or sent.times is None:
        return sent
    starts, ends, is_day = sent.times
    there = starts.astimezone(zone)
    if there.date() >= day:
        return sent
    passed = 0
    for one in rule.dates(there.date(), day):
        if one >= day:
            break
        passed += 1
    else:
        return None
    begins = datetime.combine(one, there.time(), zone)
    left = rule.ending(until=rule.until, count=rule.count - passed if rule.count else None)
    return replace(
        sent,
        times=(begins, begins + (ends - starts), is_day),
        rule=str(left),
        gone=tuple(gone for gone in sent.gone if gone >= one),
        others={moved: other for moved, other in sent.others.items() if moved >= one},
    )
