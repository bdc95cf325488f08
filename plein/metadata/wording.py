# SPDX-License-Identifier: AGPL-3.0-or-later
"""A value as people read it, and as it stands in the control in which they change it."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel.numbers import format_currency
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plein.metadata.models import Field
from plein.metadata.vocabulary import WHOLE_CURRENCIES, FieldType

type Names = Mapping[UUID, str]


def amount_of(value: Mapping[str, Any]) -> Decimal:
    """An amount in the whole unit of its currency."""
    places = 0 if value["currency"] in WHOLE_CURRENCIES else 2
    return Decimal(int(value["amount"])).scaleb(-places)


def words(field: Field, value: Any, names: Names | None = None) -> str:
    """A value in words; nothing for nothing, and nothing for a relation the reader may not see."""
    return _WORDS[FieldType(field.type)](field, value, names or {}) if value is not None else ""


def written(field: Field, value: Any) -> Any:
    """A value as it stands in its control."""
    if value is None:
        return [] if field.type == FieldType.CHOICES else ""
    match field.type:
        case FieldType.NUMBER:
            return _plain(Decimal(str(value)))
        case FieldType.MONEY:
            amount = _plain(amount_of(value))
            return amount if value["currency"] == field.currency else f"{value['currency']} {amount}"
        case FieldType.YES_NO:
            return "yes" if value else "no"
    return value


def _plain(number: Decimal) -> str:
    """A number without parted thousands, with the decimal sign of the reader."""
    return number_format(number, use_l10n=True, force_grouping=False).replace("\u00a0", "")


def _text(field: Field, value: Any, names: Names) -> str:
    del field, names
    return str(value)


def _number(field: Field, value: Any, names: Names) -> str:
    del field, names
    return str(number_format(Decimal(str(value)), force_grouping=True))


def _money(field: Field, value: Any, names: Names) -> str:
    del field, names
    language = (get_language() or "en").replace("-", "_")
    return str(format_currency(amount_of(value), value["currency"], locale=language))


def _date(field: Field, value: Any, names: Names) -> str:
    del field, names
    return date_format(date.fromisoformat(value), "j F Y")


def _choice(field: Field, value: Any, names: Names) -> str:
    del names
    return field.choice_words().get(value, str(value))


def _choices(field: Field, value: Any, names: Names) -> str:
    del names
    known = field.choice_words()
    return ", ".join(known.get(one, str(one)) for one in value)


def _yes_no(field: Field, value: Any, names: Names) -> str:
    del field, names
    return _("yes") if value else _("no")


def _relation(field: Field, value: Any, names: Names) -> str:
    del field
    return names.get(UUID(value), "")


_WORDS: dict[FieldType, Callable[[Field, Any, Names], str]] = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.MONEY: _money,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.YES_NO: _yes_no,
    FieldType.LINK: _text,
    FieldType.RELATION: _relation,
}
