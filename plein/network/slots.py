# SPDX-License-Identifier: AGPL-3.0-or-later
"""The place on the page "Who can introduce me to …" that another domain fills: how to ask for it.

The network knows none of them. `plein/web/panels.py` registers what there is, once, when Plein starts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from plein.network.queries import Path
from plein.relations.models import Relation


@dataclass(frozen=True, slots=True)
class ChosenWay:
    """The way that is chosen on the page.

    to        whom the question was about: a person, or an organization
    path      the way itself; its last person is the one to meet
    number    which one of the ways it is, from 1 on
    is_mine   whether it begins with the reader; otherwise its first person would be asked
    address   the address of the page with this way chosen
    """

    to: Relation
    path: Path
    number: int
    is_mine: bool
    address: str

    @property
    def asked(self) -> tuple[Relation, ...]:
        """Who would be asked, one after the other; nobody when the reader knows them."""
        return self.path.people[1 if self.is_mine else 0 : -1]


type AskOf = Callable[[HttpRequest, ChosenWay], str]

asks: list[AskOf] = []


def register_ask(ask: AskOf) -> None:
    """Add safe HTML below the picture of the chosen way: a bar from which one asks; empty when there is none."""
    if ask not in asks:
        asks.append(ask)
