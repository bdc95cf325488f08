# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a page shows what a text is about: the topics that hold, those that may, and the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from plein.moments.queries.recognised import TOPIC, Heard
from plein.moments.recognised_words import NO, YES, certainty


@dataclass(frozen=True, slots=True)
class TopicLine:
    """One topic beside a text: how sure Plein is of it, who said so if anybody, and what one may say of it instead.

    `is_first` is the one that a key is for; `is_near` whether it holds or may hold.
    """

    key: str
    about: str
    name: str
    sure: str
    said_by: str
    other: str
    holds: bool
    is_near: bool
    is_first: bool


def topic_lines(heard: Heard | None, names: Mapping[str, str], reader: UUID) -> list[TopicLine]:
    """All topics beside a text, those that hold first, then those that may, then by name."""
    if heard is None:
        return []
    holding = set(heard.topics)
    order = sorted(names, key=lambda one: (one not in holding, -heard.topic_chance(one), names[one].casefold()))
    return [_line(heard, one, names[one], one in holding, place == 0, reader) for place, one in enumerate(order)]


def _line(heard: Heard, key: str, name: str, holds: bool, is_first: bool, reader: UUID) -> TopicLine:
    said = heard.said.get(TOPIC + key)
    by = "" if said is None else _("you said") if said.seat_id == reader else _("a colleague said")
    chance = heard.topic_chance(key)
    is_near = chance > 0 or said is not None
    return TopicLine(
        key=key,
        about=TOPIC + key,
        name=name,
        sure="" if said is not None or not is_near else str(certainty(chance)),
        said_by=by,
        other=NO if holds else YES,
        holds=holds,
        is_near=is_near,
        is_first=is_first and is_near,
    )
