# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fields that are a column of their record: how each type of column is asked, sorted and headed."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.core.isolation import seat_id
from plein.lists.fields import Choice as OneChoice
from plein.lists.fields import Chosen, ListField, Question, Ref, Value
from plein.lists.keyset import Segment, by_column
from plein.lists.operators import ME, TEAM, FieldType, Words, days_between, end_of, start_of
from plein.trust.models import Seat, TeamMember

type Where = Callable[[Question], Q]
#: Behind every text that starts with a given one, in code point order.
LAST_SIGN = "\U0010ffff"


def _one_of(column: str, values: Sequence[Any]) -> Q:
    return Q(**{column: values[0]}) if len(values) == 1 else Q(**{f"{column}__in": list(values)})


def text_where(column: str) -> Where:
    """How a text that is never NULL is asked. Its beginning is a range, which an index in code point order knows."""

    def where(question: Question) -> Q:
        values = question.values
        match question.operator:
            case "is":
                return _one_of(column, values)
            case "not":
                return ~_one_of(column, values)
            case "starts":
                return Q(**{f"{column}__istartswith": values[0]})
            case "has":
                return Q(**{f"{column}__icontains": values[0]})
            case "empty":
                return Q(**{column: ""})
            case _:
                return ~Q(**{column: ""})

    return where


def choice_where(column: str) -> Where:
    """How one of a fixed number of words is asked."""
    return text_where(column)


def number_where(column: str) -> Where:
    """How a number is asked, of a column that may be NULL."""

    def where(question: Question) -> Q:
        values = question.values
        match question.operator:
            case "is":
                return Q(**{column: values[0]})
            case "not":
                return ~Q(**{column: values[0]})
            case "min":
                return Q(**{f"{column}__gte": values[0]})
            case "max":
                return Q(**{f"{column}__lte": values[0]})
            case "between":
                return Q(**{f"{column}__gte": min(values), f"{column}__lte": max(values)})
            case "empty":
                return Q(**{f"{column}__isnull": True})
            case _:
                return Q(**{f"{column}__isnull": False})

    return where


def date_where(column: str) -> Where:
    """How a day is asked, of a column that may be NULL."""

    def where(question: Question) -> Q:
        if question.operator in ("empty", "filled"):
            return Q(**{f"{column}__isnull": question.operator == "empty"})
        first, last = days_between(question.operator, question.values)
        condition = Q()
        if first is not None:
            condition &= Q(**{f"{column}__gte": first})
        if last is not None:
            condition &= Q(**{f"{column}__lte": last})
        return condition

    return where


def time_where(column: str) -> Where:
    """How a moment in time is asked by days, as they are where the reader is."""

    def where(question: Question) -> Q:
        if question.operator in ("empty", "filled"):
            return Q(**{f"{column}__isnull": question.operator == "empty"})
        first, last = days_between(question.operator, question.values)
        condition = Q()
        if first is not None:
            condition &= Q(**{f"{column}__gte": start_of(first)})
        if last is not None:
            condition &= Q(**{f"{column}__lt": end_of(last)})
        return condition

    return where


def yes_no_where(column: str) -> Where:
    """How a yes or no is asked."""

    def where(question: Question) -> Q:
        return Q(**{column: question.operator == "yes"})

    return where


def presence_where(column: str) -> Where:
    """How it is asked whether something took place, of which a column holds the time."""

    def where(question: Question) -> Q:
        return Q(**{f"{column}__isnull": question.operator == "no"})

    return where


def seats_meant(values: Sequence[UUID | str]) -> list[UUID]:
    """The seats that are named: `me` is the reader, `team` everybody the reader shares a team with."""
    me = seat_id()
    found = [value for value in values if isinstance(value, UUID)]
    if ME in values or TEAM in values:
        found.append(me)
    if TEAM in values:
        teams = TeamMember.objects.filter(seat_id=me).values("team_id")
        found += TeamMember.objects.filter(team_id__in=teams).values_list("seat_id", flat=True)
    return list(dict.fromkeys(found))


def seat_where(column: str) -> Where:
    """How a colleague is asked, of a foreign key that may be NULL."""

    def where(question: Question) -> Q:
        match question.operator:
            case "is":
                return _one_of(column, seats_meant(question.values))
            case "not":
                return Q(**{f"{column}__isnull": True}) | ~Q(**{f"{column}__in": seats_meant(question.values)})
            case "empty":
                return Q(**{f"{column}__isnull": True})
            case _:
                return Q(**{f"{column}__isnull": False})

    return where


def seat_choices() -> list[OneChoice]:
    """The reader, the reader's team, and everybody with a seat, by name."""
    seats = Seat.objects.filter(is_active=True).select_related("user").order_by("user__name")
    special = [OneChoice(ME, _("me")), OneChoice(TEAM, _("me or my team"))]
    return [*special, *(OneChoice(str(seat.id), str(seat)) for seat in seats)]


def seat_names(values: Sequence[str]) -> QuerySet[Any, Any]:
    """The names of seats, as pairs of id and name."""
    return Seat.objects.filter(id__in=list(values)).values_list("id", "user__name")


def seat_ref(seat: Any) -> Ref | None:
    """A colleague, read with their user."""
    return Ref(seat.id, str(seat.user), "person") if seat is not None else None


#: How a time behind a link reads where that is all that is asked: “there was contact” + “in the last 90 days”.
WHEN_ALONE = {
    "on": gettext_lazy("on %(value)s"),
    "before": gettext_lazy("before %(value)s"),
    "after": gettext_lazy("after %(value)s"),
    "between": gettext_lazy("between %(value)s and %(other)s"),
    "last": gettext_lazy("in the last %(value)s"),
    "next": gettext_lazy("in the next %(value)s"),
    "older": gettext_lazy("longer than %(value)s ago"),
    "this": gettext_lazy("%(value)s"),
}

# Headings of groups


def heading_of_text(value: Value) -> tuple[str, str]:
    """A group of equal texts."""
    words = str(value or "")
    return words, words or _("Not filled in")


def heading_of_choice(value: Value) -> tuple[str, str]:
    """A group of one choice, colleague or relation."""
    if isinstance(value, Chosen):
        return value.key, value.words[:1].upper() + value.words[1:]
    if isinstance(value, Ref):
        return str(value.id or value.name), value.name
    return "", _("Nobody")


def heading_of_day(value: Value) -> tuple[str, str]:
    """A group of days: by the day when near, else by the month."""
    if not isinstance(value, date):
        return "", _("No date")
    day = timezone.localtime(value).date() if isinstance(value, datetime) and timezone.is_aware(value) else value
    today = timezone.localdate()
    distance = (day - today).days
    if distance in (-1, 0, 1):
        return str(distance), (_("Yesterday"), _("Today"), _("Tomorrow"))[distance + 1]
    words = date_format(day, "F Y")
    return words, words[:1].upper() + words[1:]


def chosen_from(choices: Sequence[tuple[Any, Any]]) -> Callable[[Any], Chosen | None]:
    """The choice behind a stored word."""
    known = dict(choices)
    return lambda key: Chosen(str(key), str(known[key])) if key in known else None


def text_field(column: str, label: Words, **more: Any) -> ListField:
    """A text that is never NULL."""
    return ListField(
        key=more.pop("key", column),
        label=label,
        value=lambda record: getattr(record, column),
        where=text_where(column),
        heading=heading_of_text,
        **more,
    )


def time_field(column: str, label: Words, *, sort: tuple[Segment, ...] | None = None, **more: Any) -> ListField:
    """A moment in time."""
    return ListField(
        key=more.pop("key", column),
        label=label,
        type=FieldType.TIME,
        value=lambda record: getattr(record, column),
        where=time_where(column),
        sort=sort or by_column(column),
        heading=heading_of_day,
        **more,
    )


def seat_field(name: str, label: Words, **more: Any) -> ListField:
    """A colleague."""
    return ListField(
        key=more.pop("key", name),
        label=label,
        type=FieldType.SEAT,
        value=lambda record: seat_ref(getattr(record, name)),
        related=(f"{name}__user",),
        where=seat_where(f"{name}_id"),
        choices=seat_choices,
        names=seat_names,
        heading=heading_of_choice,
        **more,
    )
