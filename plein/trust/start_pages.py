# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page somebody begins on: the pages that can be chosen, offered by whoever has them, and the choice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import Resolver404, resolve

from plein.trust.addresses import HOME, safe_next
from plein.trust.models import User


@dataclass(frozen=True, slots=True)
class StartPage:
    """A page that can be begun on: its address and its words."""

    href: str
    label: str


type Offer = Callable[[User], Iterable[StartPage]]

_offers: list[Offer] = []


def offer_start_pages(offer: Offer) -> None:
    """Let users choose these pages too; asked when somebody looks at their settings."""
    if offer not in _offers:
        _offers.append(offer)


def start_pages(user: User) -> list[StartPage]:
    """Every page this user may begin on."""
    return [page for offer in _offers for page in offer(user)]


def start_of(user: User) -> str:
    """The address this user begins on; the first page when they chose none, or one that no longer exists."""
    chosen = safe_next(user.start_page)
    try:
        resolve(chosen.partition("?")[0])
    except Resolver404:
        return HOME
    return chosen
