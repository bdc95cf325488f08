# SPDX-License-Identifier: AGPL-3.0-or-later
"""The places on the pages of relations that other domains fill: columns of lists, facts, and the panel in the middle.

Relations knows none of them. `plein/web/panels.py` registers what there is, once, when Plein starts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from plein.relations.models import Relation


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the lists: `load` answers for all rows of a page at once, with text or safe HTML per relation."""

    key: str
    label: str
    load: Callable[[Sequence[UUID]], Mapping[UUID, str]]
    classes: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact on a relation's page: its label, its value, and a line beneath; an empty value is left out."""

    label: str
    value: str
    note: str = ""


type FactOf = Callable[[Relation], Fact | None]
type PanelOf = Callable[[HttpRequest, Relation], str]

columns: list[Column] = []
facts: list[FactOf] = []
panels: list[PanelOf] = []


def register_column(column: Column) -> None:
    """Add a column to the lists of people and organizations."""
    if all(known.key != column.key for known in columns):
        columns.append(column)


def register_fact(fact: FactOf) -> None:
    """Add a fact to the strip of every relation."""
    if fact not in facts:
        facts.append(fact)


def register_panel(panel: PanelOf) -> None:
    """Add safe HTML to the middle of every relation's page, such as the composer and the timeline."""
    if panel not in panels:
        panels.append(panel)
