# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody wrote, from whatever door, read as the value of a field: the one place that judges it."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plein.metadata.models import Field
from plein.metadata.refusals import Unreadable
from plein.metadata.vocabulary import CURRENCIES, WHOLE_CURRENCIES, FieldType

LONGEST_TEXT, LONGEST_LINK = 2_000, 500
LARGEST = Decimal(10) ** 15
MOST_DECIMALS = 6
#: A day is written as in ISO 8601 or as the Dutch and the British do: day first.
DAYS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")
YES = frozenset({"yes", "y", "true", "1", "on", "ja", "j", "waar", "x"})
NO = frozenset({"no", "n", "false", "0", "off", "nee", "onwaar"})
SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
IN_ADDRESS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_is_link = URLValidator(schemes=["http", "https"])


def read(field: Field, raw: Any) -> Any:
    """The value as it is kept, None for nothing; raises Unreadable with a sentence that says how to write it."""
    if isinstance(raw, str):
        raw = _writable(raw)
    if raw is None or raw in ("", [], {}):
        return None
    return _READERS[FieldType(field.type)](field, raw)


def _writable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as trouble:
        raise Unreadable(_("This holds a sign that cannot be kept. Take it out.")) from trouble
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\r\t" for sign in text):
        raise Unreadable(_("This holds a sign that cannot be kept. Take it out."))
    return text.strip()


def _one(raw: Any) -> str:
    """What should be one text."""
    if isinstance(raw, list) and len(raw) == 1:
        raw = raw[0]
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal | date | UUID):
        raise Unreadable(_("Write one value here."))
    return _writable(str(raw))


def _text(field: Field, raw: Any) -> str:
    text = _one(raw).replace("\r\n", "\n").replace("\r", "\n")
    if not field.settings.get("lines"):
        text = " ".join(text.split())
    most = int(field.settings.get("longest") or LONGEST_TEXT)
    if len(text) > most:
        words = _("At most %(most)s characters; this is %(count)s. Make it shorter.")
        raise Unreadable(words % {"most": most, "count": len(text)})
    return text


def decimal(text: str) -> Decimal:
    """A number as the Dutch and the English write it; raises Unreadable."""
    bare = re.sub(r"[\s\u00a0\u202f'’]", "", text).replace("−", "-")
    point, comma = bare.rfind("."), bare.rfind(",")
    if point >= 0 and comma >= 0:
        thousands = "." if comma > point else ","
    else:
        # Alone, a sign before three digits parts thousands where the reader's language does so.
        is_dutch = (get_language() or "").startswith("nl")
        thousands = "." if is_dutch and point >= 0 else "," if not is_dutch and comma >= 0 else ""
        if thousands and not re.fullmatch(rf"[+-]?\d{{1,3}}(\{thousands}\d{{3}})+", bare):
            thousands = ""
    if thousands:
        bare = bare.replace(thousands, "")
    bare = bare.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", bare, re.ASCII):
        raise Unreadable(_("Write a number, such as 12 or 12.5."))
    try:
        number = Decimal(bare)
    except InvalidOperation as trouble:
        raise Unreadable(_("Write a number, such as 12 or 12.5.")) from trouble
    if not number.is_finite() or abs(number) >= LARGEST:
        raise Unreadable(_("That number is larger than Plein can keep. Write a smaller one."))
    return number


def _within(field: Field, number: Decimal) -> None:
    least, most = field.settings.get("min"), field.settings.get("max")
    if least is not None and number < Decimal(str(least)):
        raise Unreadable(_("At least %(least)s is meant here.") % {"least": least})
    if most is not None and number > Decimal(str(most)):
        raise Unreadable(_("At most %(most)s is meant here.") % {"most": most})


def _decimals(number: Decimal, most: int) -> None:
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > most:
        if most == 0:
            raise Unreadable(_("Write a whole number."))
        raise Unreadable(_("Write at most %(most)s decimals.") % {"most": most})


def _number(field: Field, raw: Any) -> int | float:
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        number = Decimal(str(raw))
    else:
        number = decimal(_one(raw))
    if not number.is_finite() or abs(number) >= LARGEST:
        raise Unreadable(_("That number is larger than Plein can keep. Write a smaller one."))
    _decimals(number, int(field.settings.get("decimals", MOST_DECIMALS)))
    _within(field, number)
    return int(number) if number == number.to_integral_value() else float(number)


def _currency_in(text: str) -> tuple[str, str]:
    """The currency that a text names, if any, and what is left of it."""
    for sign, currency in SIGNS.items():
        if sign in text:
            return currency, text.replace(sign, "", 1)
    found = re.search(r"[A-Za-z]{3}", text)
    if found:
        return found.group().upper(), text[: found.start()] + text[found.end() :]
    return "", text


def minor_units(number: Decimal, currency: str) -> int:
    """An amount in the smallest unit of its currency; raises Unreadable when it does not come out."""
    places = 0 if currency in WHOLE_CURRENCIES else 2
    _decimals(number, places)
    return int(number.scaleb(places))


def _known(currency: str) -> str:
    if currency not in CURRENCIES:
        raise Unreadable(_("Plein does not know this currency. Use one of %(all)s.") % {"all": ", ".join(CURRENCIES)})
    return currency


def _money(field: Field, raw: Any) -> dict[str, int | str]:
    if isinstance(raw, dict):
        amount, currency = raw.get("amount"), _known(str(raw.get("currency") or field.currency))
        if isinstance(amount, bool) or not isinstance(amount, int) or abs(amount) >= LARGEST * 100:
            raise Unreadable(_("Give the amount as a whole number of cents, and the currency."))
    else:
        named, rest = _currency_in(_one(raw))
        currency = _known(named or field.currency)
        amount = minor_units(raw if isinstance(raw, Decimal) else decimal(rest), currency)
    _within(field, Decimal(amount).scaleb(0 if currency in WHOLE_CURRENCIES else -2))
    return {"amount": amount, "currency": currency}


def _date(field: Field, raw: Any) -> str:
    del field
    if isinstance(raw, date):
        return raw.isoformat()[:10]
    text = _one(raw)
    for shape in DAYS:
        try:
            return datetime.strptime(text, shape).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    raise Unreadable(_("Write a date, such as 2026-11-24 or 24-11-2026."))


def _choice_key(field: Field, raw: Any) -> str:
    """The key of a choice that somebody named by its key or its words, in either language."""
    text = _one(raw)
    folded = text.casefold()
    for one in field.choices:
        if not one.get("retired") and (text == one["key"] or folded in (one.get("nl", "").casefold(),
                                                                       one.get("en", "").casefold())):  # fmt: skip
            return str(one["key"])
    known = list(field.choice_words(with_retired=False).values())
    if not known:
        raise Unreadable(_("There is nothing to choose here yet. An administrator can add choices."))
    shown = ", ".join(known[:8]) + ("…" if len(known) > 8 else "")
    raise Unreadable(_("Choose one of these: %(all)s.") % {"all": shown})


def _choice(field: Field, raw: Any) -> str:
    return _choice_key(field, raw)


def _choices(field: Field, raw: Any) -> list[str] | None:
    parts: Iterable[Any] = re.split(r"[,;\n]", _writable(raw)) if isinstance(raw, str) else raw
    if not isinstance(parts, list | tuple):
        raise Unreadable(_("Give a list of choices."))
    chosen = {_choice_key(field, part) for part in parts if not isinstance(part, str) or part.strip()}
    return [one["key"] for one in field.choices if one["key"] in chosen] or None


def _yes_no(field: Field, raw: Any) -> bool:
    del field
    if isinstance(raw, bool):
        return raw
    text = _one(raw).casefold()
    if text in YES:
        return True
    if text in NO:
        return False
    raise Unreadable(_("Say yes or no."))


def _link(field: Field, raw: Any) -> str:
    del field
    text = _one(raw)
    if "://" not in text and not re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE):
        text = f"https://{text}"
    try:
        _is_link(text)
    except ValidationError as trouble:
        raise Unreadable(_("Write a web address, such as https://example.com/page.")) from trouble
    if len(text) > LONGEST_LINK:
        raise Unreadable(_("A web address has at most %(most)s characters here.") % {"most": LONGEST_LINK})
    return text


def _relation(field: Field, raw: Any) -> str:
    """The id of a relation, also out of the address of its page; or its name, which an action looks up."""
    del field
    text = _one(raw)
    found = IN_ADDRESS.search(text)
    return found.group().lower() if found else " ".join(text.split())[:300]


def relation_id(value: str) -> UUID | None:
    """The id that a value of type relation is, None while it is still a name."""
    return UUID(value) if IN_ADDRESS.fullmatch(value) else None


_READERS: dict[FieldType, Callable[[Field, Any], Any]] = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.MONEY: _money,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.YES_NO: _yes_no,
    FieldType.LINK: _link,
    FieldType.RELATION: _relation,
}
