# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the company uses data for: adding, changing, retiring."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from plein.consent.defaults import default_purposes
from plein.consent.models import Purpose, PurposeText
from plein.consent.queries.purposes import purpose_of
from plein.consent.refusals import Refused
from plein.consent.vocabulary import Basis
from plein.core.finding.search import fold
from plein.core.ids import now
from plein.core.operations import operation, save_edit
from plein.relations.vocabulary import ContactKind
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

MOST = 60
WORDS = ("name_nl", "name_en", "what_nl", "what_en", "benefit_nl", "benefit_en")
RULES = ("basis", "kinds", "holds_months", "keep_months")


@dataclass(frozen=True, slots=True)
class PurposeFacts:
    """A purpose as somebody wrote it down."""

    basis: str
    kinds: tuple[str, ...]
    name_nl: str = ""
    name_en: str = ""
    what_nl: str = ""
    what_en: str = ""
    benefit_nl: str = ""
    benefit_en: str = ""
    holds_months: int | None = None
    keep_months: int | None = None

    def words(self) -> dict[str, str]:
        return {name: str(getattr(self, name)).strip() for name in WORDS}

    def rules(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value := getattr(self, name), tuple) else value for name in RULES}


def begin_purposes() -> None:
    """Make rows of the purposes that every company begins with, if there are none yet; inside an operation."""
    if Purpose.objects.exists():
        return
    fresh = default_purposes()
    Purpose.objects.bulk_create(fresh, ignore_conflicts=True)
    PurposeText.objects.bulk_create([one.wording for one in fresh], ignore_conflicts=True)


def _check(facts: PurposeFacts) -> None:
    words = facts.words()
    if not words["name_nl"] and not words["name_en"]:
        raise Refused(_("Give it a name, in Dutch, in English or in both."), "name_nl")
    if facts.basis not in Basis.values:
        raise Refused(_("Choose one of these."), "basis")
    if not words["what_nl"] and not words["what_en"]:
        raise Refused(_("Say what it is for, in a sentence that the person it is about understands."), "what_nl")
    if facts.basis == Basis.CONSENT and not words["benefit_nl"] and not words["benefit_en"]:
        raise Refused(_("Say what they get for it: nobody says yes for nothing."), "benefit_nl")
    if not facts.kinds or not set(facts.kinds) <= set(ContactKind.values):
        raise Refused(_("Choose by which means this happens."), "kinds")


def add_purpose(*, actor: Entrance, facts: PurposeFacts) -> Purpose:
    """Begin to use data for something; raises Refused."""
    permit(actor, "manage")
    _check(facts)
    with operation("add_purpose"):
        begin_purposes()
        known = list(Purpose.objects.values_list("key", "position"))
        if len(known) >= MOST:
            raise Refused(_("There are %(most)s purposes already. Nobody reads more; retire some.") % {"most": MOST})
        saved: Purpose = Purpose.objects.create(
            key=_free_key(facts, {key for key, _place in known}),
            position=max((place for _key, place in known), default=-1) + 1,
            **facts.rules(),
        )
        saved.wording = _write(actor, saved, facts.words(), 1)
    return saved


def _free_key(facts: PurposeFacts, taken: set[str]) -> str:
    key = re.sub(r"[^a-z0-9]+", "_", fold(facts.name_en or facts.name_nl)).strip("_")[:34] or "purpose"
    return next(one for one in (key, *(f"{key}_{number}" for number in range(2, MOST + 3))) if one not in taken)


def _write(actor: Entrance, purpose: Purpose, words: Mapping[str, str], number: int) -> PurposeText:
    text: PurposeText = PurposeText.objects.create(purpose=purpose, number=number, seat_id=actor.seat_id, **words)
    return text


def change_purpose(*, actor: Entrance, purpose: Purpose, facts: PurposeFacts, based_on: int) -> Purpose:
    """Change a purpose. Other words are a new version; what people decided on the old one stays theirs.

    Raises Refused, and EditConflict when somebody changed it meanwhile.
    """
    permit(actor, "manage")
    _check(facts)
    with operation("change_purpose"):
        begin_purposes()
        rules = facts.rules()
        saved = save_edit(purpose, rules, based_on=based_on)
        present = purpose_of(purpose.id)
        wording = present.wording if present else purpose.wording
        words = facts.words()
        if any(getattr(wording, name) != value for name, value in words.items()):
            wording = _write(actor, saved, words, wording.number + 1)
        saved.wording = wording
    return saved


def retire_purpose(*, actor: Entrance, purpose: Purpose) -> None:
    """Use data for this no longer; what was decided about it stays."""
    permit(actor, "manage")
    with operation("retire_purpose"):
        begin_purposes()
        Purpose.objects.filter(id=purpose.id, retired_at__isnull=True).update(retired_at=now())


def bring_purpose_back(*, actor: Entrance, purpose: Purpose) -> None:
    """Use data for this again."""
    permit(actor, "manage")
    with operation("bring_purpose_back"):
        Purpose.objects.filter(id=purpose.id).update(retired_at=None)
