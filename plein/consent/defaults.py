# SPDX-License-Identifier: AGPL-3.0-or-later
"""The purposes a new company begins with. They are there from the start, and become rows when somebody first uses them.

Their ids follow from the workspace and the key, so that they are the same before and after.
"""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from plein.consent.models import Purpose, PurposeText
from plein.consent.vocabulary import INTRODUCTIONS, PERSONAL, Basis
from plein.core.isolation import default_circle_id, workspace_id
from plein.relations.vocabulary import ContactKind

ALL = (ContactKind.EMAIL, ContactKind.PHONE, ContactKind.HANDLE, ContactKind.POSTAL)


@dataclass(frozen=True, slots=True)
class Default:
    """A purpose as Plein words it."""

    key: str
    basis: Basis
    kinds: tuple[ContactKind, ...]
    holds_months: int | None
    keep_months: int | None
    name: tuple[str, str]
    what: tuple[str, str]
    benefit: tuple[str, str]


DEFAULTS = (
    Default(
        PERSONAL,
        Basis.INTEREST,
        ALL,
        None,
        60,
        ("Persoonlijk contact", "Personal contact"),
        (
            "We antwoorden als u ons schrijft of belt, en houden af en toe contact, van mens tot mens.",
            "We answer when you write or call, and keep in touch now and then, person to person.",
        ),
        (
            "U hoeft uw verhaal maar één keer te vertellen: wie u spreekt, weet waar het over gaat.",
            "You tell your story once: whoever you speak to knows what it is about.",
        ),
    ),
    Default(
        "service",
        Basis.CONTRACT,
        ALL,
        None,
        84,
        ("Service aan klanten", "Service to customers"),
        (
            "We gebruiken uw gegevens om te doen wat we hebben afgesproken: leveren, helpen, factureren.",
            "We use your details to do what we agreed: deliver, help, invoice.",
        ),
        (
            "U krijgt wat u bestelde, en hulp van iemand die uw situatie kent.",
            "You get what you ordered, and help from somebody who knows your situation.",
        ),
    ),
    Default(
        "newsletter",
        Basis.CONSENT,
        (ContactKind.EMAIL,),
        24,
        24,
        ("Nieuwsbrief", "Newsletter"),
        (
            "We sturen u een paar keer per jaar nieuws over wat we maken en leren.",
            "A few times a year we send you news of what we make and learn.",
        ),
        (
            "U hoort als eerste wat nieuw is en wat u ermee kunt. Afmelden kan in elke brief.",
            "You are the first to hear what is new and what you can do with it. Every letter has a way to stop.",
        ),
    ),
    Default(
        "invitations",
        Basis.INTEREST,
        ALL,
        None,
        36,
        ("Persoonlijke uitnodigingen", "Personal invitations"),
        (
            "We nodigen u uit voor een bijeenkomst of bezoek waarvan we denken dat het u aanspreekt.",
            "We invite you to a gathering or a visit that we think is for you.",
        ),
        (
            "U ontmoet mensen die met hetzelfde bezig zijn. Zegt u dat u dit niet wilt, dan stopt het.",
            "You meet people who are busy with the same things. Say that you do not want this, and it stops.",
        ),
    ),
    Default(
        INTRODUCTIONS,
        Basis.INTEREST,
        ALL,
        None,
        36,
        ("Gevraagd worden om te introduceren", "Being asked for introductions"),
        (
            "We vragen u een enkele keer of u ons wilt voorstellen aan iemand die u kent.",
            "Once in a while we ask whether you would introduce us to somebody you know.",
        ),
        (
            "U helpt twee mensen die iets aan elkaar hebben, en wij doen hetzelfde graag voor u.",
            "You help two people who can be of use to each other, and we gladly do the same for you.",
        ),
    ),
)


def _id(what: str, key: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"plein:{workspace_id()}:{what}:{key}")


def default_purposes() -> list[Purpose]:
    """The purposes every company begins with, not saved, each with its words."""
    return [_purpose(one, place) for place, one in enumerate(DEFAULTS)]


def _purpose(one: Default, place: int) -> Purpose:
    circle = default_circle_id()
    purpose = Purpose(
        id=_id("purpose", one.key),
        circle_id=circle,
        key=one.key,
        basis=one.basis,
        kinds=[str(kind) for kind in one.kinds],
        holds_months=one.holds_months,
        keep_months=one.keep_months,
        position=place,
    )
    purpose.wording = PurposeText(
        id=_id("text", one.key),
        circle_id=circle,
        purpose=purpose,
        number=1,
        name_nl=one.name[0],
        name_en=one.name[1],
        what_nl=one.what[0],
        what_en=one.what[1],
        benefit_nl=one.benefit[0],
        benefit_en=one.benefit[1],
    )
    return purpose
