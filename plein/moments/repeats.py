# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rules by which something repeats (RFC 5545), in days: read, written, counted out, and said in words."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Literal, Self

from dateutil import rrule
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKING_DAYS = "MO,TU,WE,TH,FR"
FREQUENCIES: dict[str, Literal[0, 1, 2, 3]] = {
    "DAILY": rrule.DAILY,
    "WEEKLY": rrule.WEEKLY,
    "MONTHLY": rrule.MONTHLY,
    "YEARLY": rrule.YEARLY,
}
#: The numbers a part may hold; zero never counts. Those of whole years only mean something in a yearly rule.
NUMBERS = {"BYMONTHDAY": 31, "BYMONTH": 12, "BYSETPOS": 366, "BYYEARDAY": 366, "BYWEEKNO": 53}
OF_YEARS = frozenset({"BYYEARDAY", "BYWEEKNO"})
ORDER = ("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST")
LONGEST, MOST_TIMES = 300, 999
#: So many years ahead a rule is followed to find its next day, besides its own interval of so many days.
YEARS_AHEAD = {"DAILY": (9, 1), "WEEKLY": (9, 7), "MONTHLY": (30, 31), "YEARLY": (60, 366)}
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)\Z")
_UNTIL = re.compile(r"(\d{4})(\d{2})(\d{2})(T\d{6}Z?)?\Z")
#: The last day of a month that is no later than this one: what people mean by "on the 31st".
SHORT_MONTHS = {29: "28,29", 30: "28,29,30", 31: "28,29,30,31"}


class BadRule(ValueError):
    """A rule that cannot be followed; the message says what to do about it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How something repeats. `parts` are the BY… parts of the rule, in the order of the standard."""

    frequency: str
    interval: int = 1
    parts: tuple[tuple[str, str], ...] = ()
    count: int | None = None
    until: date | None = None

    def __str__(self) -> str:
        found = [("FREQ", self.frequency)]
        if self.interval > 1:
            found.append(("INTERVAL", str(self.interval)))
        found += self.parts
        if self.count:
            found.append(("COUNT", str(self.count)))
        if self.until:
            found.append(("UNTIL", f"{self.until:%Y%m%d}"))
        return ";".join(f"{name}={value}" for name, value in found)

    def part(self, name: str) -> str:
        """What one of the BY… parts says."""
        return dict(self.parts).get(name, "")

    def dates(self, start: date, near: date | None = None) -> Iterator[date]:
        """The days from `start` on, which counts as the first whether or not the rule would give it.

        A rule without an end is followed until some years after `near`.
        """
        yield start
        made = 1
        for moment in self._counted_from(start, max(start, near or start)):
            day = moment.date()
            if day <= start:
                continue
            if (self.count is not None and made >= self.count) or (self.until is not None and day > self.until):
                return
            yield day
            made += 1

    def after(self, start: date, day: date) -> date | None:
        """The first day after `day`, counted from `start`; how many there were before is not looked at."""
        endless = replace(self, count=None)
        return next((one for one in endless.dates(start, day) if one > day), None)

    def _counted_from(self, start: date, near: date) -> "rrule.rrule":
        begin = datetime.combine(start, time.min)
        chosen: dict[str, Any] = {}
        for name, value in self.parts:
            if name == "BYDAY":
                chosen["byweekday"] = [_weekday(text) for text in value.split(",")]
            elif name == "WKST":
                chosen["wkst"] = DAYS.index(value)
            else:
                chosen[name.lower()] = [int(text) for text in value.split(",")]
        years, unit = YEARS_AHEAD[self.frequency]
        end = datetime.combine(near, time.max) + timedelta(days=366 * years + unit * self.interval)
        return rrule.rrule(FREQUENCIES[self.frequency], dtstart=begin, interval=self.interval, until=end, **chosen)

    def ending(self, *, until: date | None = None, count: int | None = None) -> Self:
        """The same rule with another end, or without one."""
        return replace(self, until=until, count=count)

    def moved(self, old: date, new: date) -> Self:
        """The rule for when its day becomes another one: weekly on Tuesday becomes weekly on Thursday."""
        if old == new or not self.parts:
            return self
        parts = dict(self.parts)
        if self.frequency == "WEEKLY" and set(parts) <= {"BYDAY", "WKST"}:
            days = [(DAYS.index(text) + (new - old).days) % 7 for text in parts["BYDAY"].split(",")]
            parts["BYDAY"] = ",".join(DAYS[day] for day in sorted(days))
        elif self.frequency == "MONTHLY" and set(parts) <= {"BYMONTHDAY", "BYSETPOS"}:
            parts = {**dict(on_month_day(new.day))}
        elif self.frequency == "MONTHLY" and set(parts) == {"BYDAY"}:
            parts = {"BYDAY": nth_weekday(new)}
        elif self.frequency == "YEARLY" and set(parts) <= {"BYMONTH", "BYMONTHDAY", "BYSETPOS"}:
            parts = {"BYMONTH": str(new.month), **dict(on_month_day(new.day))}
        else:
            raise BadRule(
                _("This cannot be moved as a whole by its rule. Move only this one, or change how it repeats.")
            )
        return replace(self, parts=_in_order(parts))


def _weekday(text: str) -> "rrule.weekday":
    found = _DAY.match(text)
    if found is None:
        raise BadRule(text)
    return rrule.weekday(DAYS.index(found[2]), int(found[1]) if found[1] else None)


def _in_order(parts: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, parts[name]) for name in ORDER if name in parts)


def on_month_day(day: int) -> tuple[tuple[str, str], ...]:
    """The parts for the nth of a month; a month that is too short has its last day."""
    if day in SHORT_MONTHS:
        return (("BYMONTHDAY", SHORT_MONTHS[day]), ("BYSETPOS", "-1"))
    return (("BYMONTHDAY", str(day)),)


def nth_weekday(day: date) -> str:
    """Which weekday of its month a day is: 2TU; a fifth one is the last one."""
    number = (day.day - 1) // 7 + 1
    return f"{number if number < 5 else -1}{DAYS[day.weekday()]}"


def common_rule(kind: str, start: date, *, interval: int = 1, days: str = "", monthly: str = "day") -> Rule:
    """The rule behind a sentence: every so many days, weeks on these days, months on this day, years."""
    if kind == "weekdays":
        return Rule("WEEKLY", 1, (("BYDAY", WORKING_DAYS),))
    if kind == "daily":
        return Rule("DAILY", interval)
    if kind == "weekly":
        return Rule("WEEKLY", interval, (("BYDAY", days or DAYS[start.weekday()]),))
    if kind == "monthly":
        parts = {"weekday": (("BYDAY", nth_weekday(start)),), "last": (("BYMONTHDAY", "-1"),)}
        return Rule("MONTHLY", interval, parts.get(monthly, on_month_day(start.day)))
    return Rule("YEARLY", interval, (("BYMONTH", str(start.month)), *on_month_day(start.day)))


def read_rule(text: str) -> Rule:
    """The rule that a line of RFC 5545 says; raises BadRule with a sentence when it cannot be followed."""
    line = re.sub(r"\s+", "", text).upper().removeprefix("RRULE:").strip(";")
    if len(line) > LONGEST:
        raise BadRule(_("This rule is too long to be one."))
    said: dict[str, str] = {}
    for piece in line.split(";"):
        name, sign, value = piece.partition("=")
        if not sign or not value or name in said:
            raise BadRule(
                _("“%(piece)s” is no part of a rule. Write FREQ=WEEKLY;BYDAY=MO, for example.") % {"piece": piece[:40]}
            )
        said[name] = value
    frequency = said.pop("FREQ", "")
    if frequency not in FREQUENCIES:
        raise BadRule(_("Say how often with FREQ=DAILY, FREQ=WEEKLY, FREQ=MONTHLY or FREQ=YEARLY."))
    interval = _number("INTERVAL", said.pop("INTERVAL", "1"), 1, MOST_TIMES)
    count = _number("COUNT", said.pop("COUNT"), 1, MOST_TIMES) if "COUNT" in said else None
    until = _until(said.pop("UNTIL")) if "UNTIL" in said else None
    if count and until:
        raise BadRule(_("A rule ends on a day (UNTIL) or after so many times (COUNT), not both."))
    for name, value in said.items():
        _check_part(frequency, name, value)
    return Rule(frequency, interval, _in_order(said), count, until)


def _number(name: str, text: str, least: int, most: int) -> int:
    if re.fullmatch(r"[+-]?\d{1,4}", text) and least <= int(text) <= most:
        return int(text)
    raise BadRule(
        _("Write a number from %(least)s to %(most)s after %(name)s.") % {"name": name, "least": least, "most": most}
    )


def _until(text: str) -> date:
    found = _UNTIL.match(text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise BadRule(_("Write the last day as UNTIL=20261231."))


def _check_part(frequency: str, name: str, value: str) -> None:
    pieces = value.split(",")
    if name == "BYDAY":
        for piece in pieces:
            found = _DAY.match(piece)
            if found is None or (found[1] and (int(found[1]) == 0 or frequency not in ("MONTHLY", "YEARLY"))):
                raise BadRule(
                    _("Write the days after BYDAY as MO,TU,WE,TH,FR,SA,SU; only a rule by month or year knows 2TU.")
                )
    elif name == "WKST" and value in DAYS:
        return
    elif name in NUMBERS and (name not in OF_YEARS or frequency == "YEARLY"):
        most = NUMBERS[name]
        least = 1 if name == "BYMONTH" else -most
        if 0 in [_number(name, piece, least, most) for piece in pieces]:
            raise BadRule(_("Zero is no day in %(name)s.") % {"name": name})
    else:
        raise BadRule(
            _("Plein does not follow “%(name)s” in this rule. It knows %(known)s.")
            % {"name": name[:20], "known": ", ".join(("FREQ", "INTERVAL", "COUNT", "UNTIL", *ORDER))}
        )


def check_comes(rule: Rule, start: date) -> None:
    """Raise BadRule when a rule never comes to a second day."""
    if rule.count == 1:
        return
    if len(list(islice(rule.dates(start), 2))) < 2:
        raise BadRule(_("By this rule it happens once. Change the end or the days, or let it not repeat."))


def in_words(rule: Rule) -> str:
    """The rule as a sentence says it: every week on Monday and Thursday, until 3 March."""
    text = _how_often(rule)
    if rule.until:
        return _("%(rule)s, until %(day)s") % {"rule": text, "day": date_format(rule.until, "j F Y")}
    if rule.count:
        times = ngettext("%(count)s time", "%(count)s times", rule.count) % {"count": rule.count}
        return _("%(rule)s, %(times)s") % {"rule": text, "times": times}
    return text


def _how_often(rule: Rule) -> str:
    parts, count = dict(rule.parts), {"count": rule.interval}
    parts.pop("WKST", None)
    if rule.frequency == "DAILY" and not parts:
        return ngettext("every day", "every %(count)s days", rule.interval) % count
    if rule.frequency == "WEEKLY" and set(parts) <= {"BYDAY"}:
        if parts.get("BYDAY") == WORKING_DAYS and rule.interval == 1:
            return _("every weekday")
        every = ngettext("every week", "every %(count)s weeks", rule.interval) % count
        return _on(every, _list([_weekday_name(day) for day in parts["BYDAY"].split(",")])) if parts else every
    if rule.frequency == "MONTHLY" and (day := _month_day(parts)):
        return _on(ngettext("every month", "every %(count)s months", rule.interval) % count, day)
    if rule.frequency == "YEARLY" and set(parts) in ({"BYMONTH", "BYMONTHDAY"}, {"BYMONTH", "BYMONTHDAY", "BYSETPOS"}):
        every = ngettext("every year", "every %(count)s years", rule.interval) % count
        if parts["BYMONTH"].isdecimal() and (last := int(parts["BYMONTHDAY"].split(",")[-1])) > 0:
            month = int(parts["BYMONTH"])
            return _on(every, date_format(date(2024, month, min(last, monthrange(2024, month)[1])), "j F"))
        return _("by the rule %(rule)s") % {"rule": rule.ending()}
    return _("by the rule %(rule)s") % {"rule": rule.ending()}


def _on(every: str, day: str) -> str:
    return _("%(every)s on %(day)s") % {"every": every, "day": day}


def _month_day(parts: dict[str, str]) -> str:
    if set(parts) == {"BYDAY"} and (found := _DAY.match(parts["BYDAY"])) and found[1]:
        name = {"weekday": _weekday_name(found[2])}
        if int(found[1]) == -1:
            return _("the last %(weekday)s") % name
        return _("the %(nth)s %(weekday)s") % {**name, "nth": ordinal(int(found[1]))}
    if parts.get("BYMONTHDAY") == "-1" and len(parts) == 1:
        return _("the last day")
    for day, text in SHORT_MONTHS.items():
        if parts == {"BYMONTHDAY": text, "BYSETPOS": "-1"}:
            return _("the %(nth)s or the last day") % {"nth": ordinal(day)}
    if set(parts) == {"BYMONTHDAY"} and parts["BYMONTHDAY"].isdecimal():
        return _("the %(nth)s") % {"nth": ordinal(int(parts["BYMONTHDAY"]))}
    return ""


def ordinal(number: int) -> str:
    """A number in a row, as the reader's language writes it: 3rd, 3e."""
    if not (get_language() or "en").startswith("en"):
        return f"{number}e"
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _weekday_name(text: str) -> str:
    return str(WEEKDAYS[DAYS.index(text[-2:])])


def _list(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
