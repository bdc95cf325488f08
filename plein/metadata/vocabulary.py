# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fixed words of this domain."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FieldType(models.TextChoices):
    """What a field holds."""

    TEXT = "text", pgettext_lazy("type of a field", "text")
    NUMBER = "number", _("number")
    MONEY = "money", _("amount of money")
    DATE = "date", _("date")
    CHOICE = "choice", _("one choice")
    CHOICES = "choices", _("several choices")
    YES_NO = "yes_no", _("yes or no")
    LINK = "link", _("web link")
    RELATION = "relation", _("relation")


class FieldKind(models.TextChoices):
    """What a field can be a detail of."""

    PERSON = "person", _("people")
    ORGANIZATION = "organization", _("organizations")
    MOMENT = "moment", _("contact moments")


RELATION_KINDS = frozenset({FieldKind.PERSON, FieldKind.ORGANIZATION})

_TEXTS = ("is", "not", "starts", "has", "empty", "filled")
_NUMBERS = ("is", "not", "min", "max", "between", "empty", "filled")
#: What can be asked of each type, by the keys that lists use in their addresses.
OPERATORS: dict[str, tuple[str, ...]] = {
    FieldType.TEXT: _TEXTS,
    FieldType.LINK: _TEXTS,
    FieldType.NUMBER: _NUMBERS,
    FieldType.MONEY: _NUMBERS,
    FieldType.DATE: ("on", "before", "after", "between", "empty", "filled"),
    FieldType.CHOICE: ("is", "not", "empty", "filled"),
    FieldType.CHOICES: ("is", "all", "not", "empty", "filled"),
    FieldType.YES_NO: ("yes", "no", "empty", "filled"),
    FieldType.RELATION: ("is", "not", "empty", "filled"),
}
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "JPY", "CAD", "AUD")
#: Currencies without a smaller unit; all others here have hundredths.
WHOLE_CURRENCIES = frozenset({"JPY"})
