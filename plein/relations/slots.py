# SPDX-License-Identifier: AGPL-3.0-or-later
"""The places on the pages of relations that other domains fill: facts, notices, the panel in the middle, and
what goes along when two become one.

Relations knows none of them. `plein/web/panels.py` registers what there is, once, when Plein starts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from plein.relations.models import Relation


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact on a relation's page: its label, its value, and a line beneath; an empty value is left out."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """A part of a relation's pane that another domain fetches when the page is there: its id, its words, where from."""

    id: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What was filled in so far of somebody who is being added."""

    name: str = ""
    email: str = ""
    phone: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """So many of something go along when a relation is merged with another one: "3", "contact moments"."""

    count: int
    words: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What has to be known before anything is done with a relation: in a few words, and why. None may be contacted."""

    icon: str
    words: str
    reason: str = ""


type ColumnOf = Callable[[], Any]
type FactOf = Callable[[Relation], Fact | None]
type NoticeOf = Callable[[Relation], Notice | None]
type PanelOf = Callable[[HttpRequest, Relation], str]
type MomentsOf = Callable[[Relation], Sequence[tuple[str, str]]]
type IsMoment = Callable[[UUID], bool]
type AsideOf = Callable[[Relation], Aside | None]
type KnownOf = Callable[[Heard], Mapping[UUID, str]]
type MovedOf = Callable[[Relation], Iterable[Moved]]

columns: dict[str, ColumnOf] = {}
facts: list[FactOf] = []
notices: list[NoticeOf] = []
panels: list[PanelOf] = []
asides: list[AsideOf] = []
moved: list[MovedOf] = []
known: list[KnownOf] = []
evidence: list[tuple[MomentsOf, IsMoment]] = []


def register_fact(fact: FactOf) -> None:
    """Add a fact to the strip of every relation."""
    if fact not in facts:
        facts.append(fact)


def register_column(name: str, column: ColumnOf) -> None:
    """Let the query for the page of a relation also fetch this: an expression of its id, made anew for each reader."""
    columns[name] = column


def register_notice(notice: NoticeOf) -> None:
    """Add what stands in the way of contact with somebody: it stands below the name, and there is no button to call."""
    if notice not in notices:
        notices.append(notice)


def register_panel(panel: PanelOf) -> None:
    """Add safe HTML to the middle of every relation's page, such as the composer and the timeline."""
    if panel not in panels:
        panels.append(panel)


def register_aside(aside: AsideOf) -> None:
    """Add a part to the pane of every relation, after the one about contact."""
    if aside not in asides:
        asides.append(aside)


def register_moved(count: MovedOf) -> None:
    """Add what of another domain goes along when a relation is merged with another one."""
    if count not in moved:
        moved.append(count)


def register_known(who: KnownOf) -> None:
    """Say who somebody that is being added may be already, the likeliest first, each with why."""
    if who not in known:
        known.append(who)


def who_may_be(heard: Heard) -> dict[UUID, str]:
    """Whom they may be, the likeliest first, and what speaks for each."""
    return {id: why for who in known for id, why in who(heard).items()}


def offer_evidence(find: MomentsOf, is_there: IsMoment) -> None:
    """Say how contact moments are found in which one may have heard something, and recognised."""
    if (find, is_there) not in evidence:
        evidence.append((find, is_there))


def moments_of(relation: Relation) -> list[tuple[str, str]]:
    """Ids and names of the latest contact moments with somebody."""
    return [pair for find, _is_there in evidence for pair in find(relation)]


def is_moment(moment_id: UUID) -> bool:
    """Whether this is a contact moment that the reader may see."""
    return any(is_there(moment_id) for _find, is_there in evidence)
