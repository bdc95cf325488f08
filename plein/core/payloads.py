# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the REST doors of the domains share: payloads made of the pages' forms, and acts that name their operation.

A payload is only the shape; whether it is right is decided by the form of the page, in the form's own words.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, create_model

from plein.core.models import Operation
from plein.core.operations import operation

EARLIEST, LATEST = datetime(1800, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
LONGEST_CHOICE = 200

#: A moment in time, with its zone; a calendar of four centuries is enough for everybody we meet.
Time = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]
#: An hour of the day, as a clock shows it.
Hour = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$", examples=["13:30"])]


def _in_calendar(day: date) -> date:
    if not EARLIEST.date() <= day <= LATEST.date():
        raise ValueError("out of the calendar")
    return day


Day = Annotated[date, AfterValidator(_in_calendar)]


class Payload(Schema):
    """What a program sends: a field that is not named here is refused by name."""

    model_config = ConfigDict(extra="forbid")


#: Values of the company's own fields by key, raw; null takes one away.
Own = Annotated[
    dict[Annotated[str, Field(max_length=60)], Any],
    Field(max_length=300, description="Values of the company's own fields, by their key; null takes one away."),
]


class Invalid(ValueError):
    """What was sent cannot be: `fields` says what is wrong with each, `detail` what is wrong with the whole."""

    def __init__(self, fields: dict[str, str], detail: str = "") -> None:
        super().__init__(detail)
        self.fields = fields
        self.detail = detail


class Impossible(ValueError):
    """What was asked cannot be done to a record in the state it is in; the message says why."""


def of_form[P: Payload](
    form: type[forms.BaseForm], *, without: str = "", partial: bool = False
) -> Callable[[type[P]], type[P]]:
    """Give a payload the fields of a form; with `partial` none is needed, and what is left out stays as it is."""
    left_out = set(without.split())

    def filled(payload: type[P]) -> type[P]:
        present = payload.model_fields
        fields: dict[str, Any] = {
            name: _described(field, partial=partial)
            for name, field in form.base_fields.items()  # type: ignore[attr-defined]  # every form class has them
            if name not in left_out and name not in present
        }
        made: type[P] = create_model(
            payload.__name__, __base__=payload, __doc__=payload.__doc__, __module__=payload.__module__, **fields
        )
        return made

    return filled


def _described(field: forms.Field, *, partial: bool) -> tuple[Any, Any]:
    kind, empty = _kind_of(field)
    if not field.required and empty is None:
        kind = kind | None
    about = str(field.help_text) or None
    if partial:
        return kind, Field(default_factory=lambda: None, description=about)
    if field.required:
        return kind, Field(description=about)
    return kind, Field(default=empty, description=about)


def _kind_of(field: forms.Field) -> tuple[Any, Any]:
    """The type of a field, and what it holds when it is left empty."""
    match field:
        case forms.BooleanField():
            return bool, False
        case forms.MultipleChoiceField():
            return Annotated[list[str], Field(max_length=1000)], []
        case forms.ChoiceField():
            return _choice(field)
        case forms.DateTimeField():
            return Time, None
        case forms.DateField():
            return Day, None
        case forms.TimeField():
            return Hour, None
        case forms.IntegerField():
            return _number(field), None
        case forms.CharField():
            return Annotated[str, Field(max_length=field.max_length)], ""
    raise TypeError(f"a payload knows no {type(field).__name__}")


def _number(field: forms.IntegerField) -> Any:
    match field:
        case forms.DecimalField():
            return Annotated[str, Field(max_length=40, pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
        case forms.FloatField():
            return Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
    return Annotated[int, Field(ge=-(2**31), lt=2**31)]


def _choice(field: forms.ChoiceField) -> tuple[Any, Any]:
    """One of the values that are known beforehand; else any text, which the form compares with what there is."""
    pairs = field.choices if isinstance(field.choices, list) else []
    known = (
        [] if any(isinstance(label, list | tuple) for _value, label in pairs) else [value for value, _label in pairs]
    )
    if not known:
        return Annotated[str, Field(max_length=getattr(field, "longest", LONGEST_CHOICE))], ""
    values = known if field.required or "" in known else ["", *known]
    return Literal[*(value.value if hasattr(value, "value") else value for value in values)], ""


def sent(payload: Payload, **more: Any) -> dict[str, Any]:
    """What a payload says, as a form reads it; nothing is what a form calls empty."""
    values = payload.model_dump(exclude_unset=True) | more
    return {name: str(value) if isinstance(value, UUID) else value for name, value in values.items()
            if value is not None}  # fmt: skip


def changed(payload: Payload, present: dict[str, Any], *, but: str = "") -> dict[str, Any]:
    """The values a form would show, with those that were sent in their place."""
    given = payload.model_fields_set
    kept = {name: value for name, value in present.items() if name not in given and value is not None}
    return kept | {name: value for name, value in sent(payload).items() if name not in but.split()}


def checked[F: forms.BaseForm](form: F) -> F:
    """The form when it is right; raises Invalid with its own words otherwise."""
    if form.is_valid():
        return form
    words = {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}
    whole = words.pop(NON_FIELD_ERRORS, "")
    raise Invalid(words, whole)


def refuse_missing(form: forms.BaseForm, payload: Payload, *, but: str = "") -> None:
    """Raise Invalid for what was sent and the form of this record does not have, such as the surname of a company."""
    strange = payload.model_fields_set - set(form.fields) - set(but.split())
    if strange:
        raise Invalid({name: str(_("There is no such field here.")) for name in sorted(strange)})


def needs[**P, R](*verbs: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Name the verbs an operation of the door performs, when it is not reading (GET) or writing (the rest)."""

    def marked(view: Callable[P, R]) -> Callable[P, R]:
        view.needs = verbs  # type: ignore[attr-defined]
        return view

    return marked


def at_most[**P, R](count: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Say how often in a minute one token may ask for an operation that costs more than others."""

    def marked(view: Callable[P, R]) -> Callable[P, R]:
        view.at_most = count  # type: ignore[attr-defined]
        return view

    return marked


@contextmanager
def act(request: HttpRequest, verb: str) -> Iterator[Operation]:
    """One operation for all that a request does; the door tells its id, by which it can be turned back."""
    with operation(verb) as done:
        request.operation_id = done.id  # type: ignore[attr-defined]
        yield done
