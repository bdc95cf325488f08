# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from plein.consent.defaults import default_purposes
from plein.consent.models import InForce, Purpose, PurposeText


def purposes(*, with_retired: bool = False) -> list[Purpose]:
    """The purposes of this company in order, each with the words in force; those of Plein while there are no others."""
    found = list(Purpose.objects.order_by("position", "id"))
    if not found:
        return default_purposes()
    texts = _latest_texts([one.id for one in found])
    for one in found:
        one.wording = texts.get(one.id) or PurposeText(purpose=one, number=0, name_en=one.key)
    return [one for one in found if with_retired or not one.is_retired]


def _latest_texts(ids: Sequence[UUID]) -> dict[UUID, PurposeText]:
    texts = PurposeText.objects.filter(purpose_id__in=ids).order_by("purpose_id", "-number")
    return {one.purpose_id: one for one in texts.distinct("purpose_id")}


def promised_months() -> int | None:
    """How long people read at most that we keep them after we last needed them; None when a purpose says nothing."""
    kept = [one.keep_months for one in purposes()]
    return max((one for one in kept if one), default=None) if kept and all(kept) else None


def purpose_of(purpose_id: UUID | None) -> Purpose | None:
    """The purpose with this id, with its words."""
    return next((one for one in purposes(with_retired=True) if one.id == purpose_id), None)


def purpose_called(key: str) -> Purpose | None:
    """The purpose with this key, with its words; retired ones are gone."""
    return next((one for one in purposes() if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the words of a purpose, and whether a decision in force was made on it."""

    text: PurposeText
    is_used: bool


def versions_of(purpose: Purpose) -> list[Version]:
    """All the words a purpose ever had, the newest first."""
    texts = list(PurposeText.objects.filter(purpose_id=purpose.id).select_related("seat__user").order_by("-number"))
    used = set(InForce.objects.filter(text__in=texts).values_list("text_id", flat=True).distinct())
    if not texts and purpose.version == 1:
        return [Version(purpose.wording, False)]
    return [Version(one, one.id in used) for one in texts]
