# SPDX-License-Identifier: AGPL-3.0-or-later
"""The codes of countries and languages, by the names that programs write them with."""

from functools import cache

import phonenumbers
from django.utils import translation

from plein.relations.names import fold_name
from plein.relations.places import country_choices, language_choices

#: The languages in which names are known.
READ_IN = ("fr", "de", "en", "nl")
#: Names that stand in no list of ours.
_USUAL = {
    "the netherlands": "NL", "holland": "NL", "usa": "US", "u s a": "US", "united states of america": "US", "uk": "GB",
    "england": "GB", "great britain": "GB",
}  # fmt: skip


def country_code(text: str) -> str:
    """The code of a country by its name, or nothing."""
    bare = text.strip()
    if len(bare) == 2 and bare.upper() in phonenumbers.SUPPORTED_REGIONS:
        return bare.upper()
    return _countries().get(_folded(bare), "")


def language_code(text: str) -> str:
    """The code of a language by its name, else what was written, as a code is."""
    return _languages().get(_folded(text), text.strip().lower()[:10])


def _folded(text: str) -> str:
    return " ".join(fold_name(text).replace(".", " ").split())


@cache
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in READ_IN:
        with translation.override(language):
            found |= {_folded(name): code for code, name in country_choices() if code}
    return found | _USUAL


@cache
def _languages() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in READ_IN:
        with translation.override(language):
            found |= {_folded(name): code for code, name in language_choices() if code}
    return found
