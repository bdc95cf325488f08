# SPDX-License-Identifier: AGPL-3.0-or-later
"""The names of countries and languages, in the language of the reader."""

from functools import cache

from babel import Locale
from django.utils.translation import get_language
from phonenumbers import SUPPORTED_REGIONS

LANGUAGES = ("nl", "en", "de", "fr", "fy", "es", "it", "pl", "pt", "tr", "ar", "uk", "ro", "da", "sv", "zh", "ja")
type Choices = list[tuple[str, str]]


@cache
def _names_in(language: str) -> tuple[Choices, Choices]:
    locale = Locale.parse(language, sep="-")
    countries = [(code, str(locale.territories[code])) for code in SUPPORTED_REGIONS if code in locale.territories]
    tongues = [(code, str(locale.languages.get(code, code))) for code in LANGUAGES]
    return sorted(countries, key=lambda pair: pair[1]), [(code, name[:1].upper() + name[1:]) for code, name in tongues]


def country_choices() -> Choices:
    """All countries by name, after "none"."""
    return [("", "—"), *_names_in(get_language() or "en")[0]]


def language_choices() -> Choices:
    """The languages people here write in, after "none"."""
    return [("", "—"), *_names_in(get_language() or "en")[1]]


def words_of(choices: Choices, value: str) -> str:
    """What a choice is called, or the value itself when it is none of them."""
    return dict(choices).get(value, value) if value else ""
