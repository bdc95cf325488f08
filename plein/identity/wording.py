# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is alike, in words: the lines of a waterfall that adds up to what speaks for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.identity.comparing import Found
from plein.identity.queries import Candidate, Verdict

WORDS = {
    "name": {
        "full": gettext_lazy("The same name"),
        "swapped": gettext_lazy("The same name, turned round"),
        "nickname": gettext_lazy("The same surname, and a short form of the first name"),
        "initial": gettext_lazy("The same surname and initial"),
        "given_alike": gettext_lazy("The same surname, and nearly the same first name"),
        "family_alike": gettext_lazy("The same first name, and nearly the same surname"),
        "both_alike": gettext_lazy("Nearly the same name"),
        "family": gettext_lazy("The same surname, another first name"),
        "given": gettext_lazy("The same first name, another surname"),
        "other": gettext_lazy("Another name"),
    },
    "email": {
        "same": gettext_lazy("The same e-mail address"),
        "local": gettext_lazy("The same e-mail address, at another company"),
        "slip": gettext_lazy("The same e-mail address but for one letter"),
        "company": gettext_lazy("Another e-mail address at the same company"),
        "other": gettext_lazy("Another e-mail address"),
    },
    "phone": {"same": gettext_lazy("The same phone number"), "other": gettext_lazy("Another phone number")},
    "handle": {
        "same": gettext_lazy("The same name on a network"),
        "elsewhere": gettext_lazy("The same name on another network"),
        "other": gettext_lazy("Another name on a network"),
    },
    "organization": {
        "same": gettext_lazy("The same organization"),
        "alike": gettext_lazy("Nearly the same organization"),
        "other": gettext_lazy("Another organization"),
    },
    "place": {
        "postcode": gettext_lazy("The same postcode"),
        "same": gettext_lazy("The same place"),
        "other": gettext_lazy("Another place"),
    },
    "birth": {
        "day": gettext_lazy("The same date of birth"),
        "year": gettext_lazy("The same year of birth"),
        "other": gettext_lazy("Another date of birth"),
    },
}
VERDICTS = {
    Verdict.AUTOMATIC: gettext_lazy("This is somebody you have"),
    Verdict.REVIEW: gettext_lazy("This may be somebody you have"),
    Verdict.SUGGESTION: gettext_lazy("Somebody of a name like this"),
    Verdict.NONE: gettext_lazy("Nobody you have"),
}
#: From so many bits on a name is called rare, or common.
RARE, COMMON = 1.0, -1.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a waterfall: what it is about, in words, what it weighs, and how much that makes up to here."""

    field: str
    level: str
    words: str
    bits: float
    sum: float


def words_of(found: Found) -> str:
    """One thing that is alike, or not."""
    words = str(WORDS[found.field][found.level])
    if found.rarity >= RARE:
        return _("%(what)s, which is rare here") % {"what": words}
    if found.rarity <= COMMON:
        return _("%(what)s, which many have here") % {"what": words}
    return words


def waterfall(candidate: Candidate) -> list[Line]:
    """From what was known before anything was compared to what it all amounts to."""
    return lines_of(candidate.prior, candidate.reasons)


def lines_of(prior: float, reasons: Sequence[Found]) -> list[Line]:
    """The lines of a waterfall, the heaviest first."""
    first = _("One of all the people here, before anything is compared")
    lines = [Line("prior", "", first, prior, prior)]
    for found in sorted(reasons, key=lambda one: -abs(one.bits)):
        lines.append(Line(found.field, found.level, words_of(found), found.bits, lines[-1].sum + found.bits))
    return lines


def in_brief(candidate: Candidate) -> str:
    """What speaks for somebody, in one line, the strongest first."""
    return in_brief_of(candidate.reasons)


def in_brief_of(reasons: Sequence[Found]) -> str:
    """The three reasons that speak most for it, in one line."""
    told = sorted((one for one in reasons if one.bits > 0), key=lambda one: -one.bits)
    return ", ".join(words_of(one) if not place else _lowered(words_of(one)) for place, one in enumerate(told[:3]))


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def verdict_words(verdict: Verdict, candidates: Sequence[Candidate]) -> str:
    """What was found, in a few words."""
    return str(VERDICTS[verdict if candidates else Verdict.NONE])
