# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fields in a text: `{{person.given_name}}` becomes a name. Replacement from a list, never a language.

A field is a plain word, or two or three with dots between them, in double braces. Whatever else stands between braces
is text and stays text; a value that looks like a field is not looked at again.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIELD = re.compile(r"\{\{\s*([a-z][a-z0-9_]{0,40}(?:\.[a-z0-9_]{1,60}){0,2})\s*\}\}", re.IGNORECASE)

#: Every field there is beside custom fields: what it is, and what to do when it is empty.
KNOWN: dict[str, tuple[str | Promise, str | Promise]] = {
    "person.name": (gettext_lazy("the person's name"), gettext_lazy("Choose to whom it goes.")),
    "person.given_name": (
        gettext_lazy("the person's first name"),
        gettext_lazy("Note the first name with the person."),
    ),
    "person.family_name": (gettext_lazy("the person's surname"), gettext_lazy("Note the surname with the person.")),
    "person.role": (gettext_lazy("the person's role"), gettext_lazy("Note what they do where they work.")),
    "person.place": (gettext_lazy("the person's place"), gettext_lazy("Note the place with the person.")),
    "person.email": (gettext_lazy("the person's address"), gettext_lazy("Note an e-mail address with the person.")),
    "organization.name": (gettext_lazy("the organization's name"), gettext_lazy("Note where the person works.")),
    "organization.place": (
        gettext_lazy("the organization's place"),
        gettext_lazy("Note the place with the organization."),
    ),
    "me.name": (gettext_lazy("your name"), gettext_lazy("Write your name in your settings.")),
    "me.given_name": (gettext_lazy("your first name"), gettext_lazy("Write your name in your settings.")),
    "me.title": (gettext_lazy("your job title"), gettext_lazy("An administrator can note your job title.")),
    "me.email": (gettext_lazy("your address"), gettext_lazy("Choose a sender.")),
    "company.name": (gettext_lazy("our company's name"), gettext_lazy("An administrator can note it.")),
    "today.date": (gettext_lazy("today's date"), ""),
    "my_page": (gettext_lazy("a link to the person's own page"), gettext_lazy("Choose to whom it goes.")),
}
#: Custom fields stand under these, as `{{person.c.hobby}}`.
WITH_CUSTOM = ("person", "organization")


class UnknownField(ValueError):
    """A text names a field that there is not; the message says which, and what may be meant."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A field without a value, and what to do about it."""

    name: str
    words: str


@dataclass(slots=True)
class Filled:
    """A text with its fields filled, and the fields that had no value; those stand in it as they were."""

    text: str
    missing: list[Missing] = field(default_factory=list)


def names_in(text: str) -> list[str]:
    """The fields that a text names, each once."""
    return list(dict.fromkeys(found.lower() for found in FIELD.findall(text)))


def check_names(text: str, custom: Mapping[str, str]) -> None:
    """Raise UnknownField for the first field that does not exist. `custom` are the custom fields by name."""
    for name in names_in(text):
        if name in KNOWN or name in custom:
            continue
        near = get_close_matches(name, [*KNOWN, *custom], n=1, cutoff=0.0)
        facts = {"name": "{{" + name + "}}", "near": "{{" + near[0] + "}}"}
        raise UnknownField(
            _("There is no field %(name)s. Did you mean %(near)s? The list of fields stands beside the text.") % facts
        )


def what_to_do(name: str, custom: Mapping[str, str]) -> str:
    """A field without a value in words: what it is and what to do."""
    if name in KNOWN:
        what, advice = KNOWN[name]
        return _("%(what)s is not known. %(advice)s") % {"what": str(what).capitalize(), "advice": advice}
    if name in custom:
        return _("“%(what)s” is not filled in.") % {"what": custom[name]}
    return _("There is no such field any more, or you may not see it.")


def _was_custom(name: str) -> bool:
    return name.startswith(tuple(f"{kind}.c." for kind in WITH_CUSTOM))


def fill(text: str, value_of: Callable[[str], str], custom: Mapping[str, str]) -> Filled:
    """Replace every field that has a value, in one pass."""
    filled = Filled("")

    def value(found: re.Match[str]) -> str:
        name = found[1].lower()
        if name not in KNOWN and name not in custom and not _was_custom(name):
            return found[0]
        known = "" if _was_custom(name) and name not in custom else value_of(name)
        if known:
            return known
        if all(one.name != name for one in filled.missing):
            filled.missing.append(Missing(name, what_to_do(name, custom)))
        return found[0]

    filled.text = FIELD.sub(value, text)
    return filled


def without(text: str, names: list[str]) -> str:
    """The text with these fields left out, and no double space where they stood."""

    def gone(found: re.Match[str]) -> str:
        return "" if found[1].lower() in names else found[0]

    return re.sub(r"(?<=\S)[ \t]+(?=[ \t,.;:!?]|$)", "", FIELD.sub(gone, text), flags=re.MULTILINE)
