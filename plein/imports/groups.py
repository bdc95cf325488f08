# SPDX-License-Identifier: AGPL-3.0-or-later
"""The groups of an address book of cards: who is in one is filed under its name."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from plein.channels.cards import Card, NotACard
from plein.channels.connectors.contacts.vcard import read_cards

#: So much is looked at to see whether there is a group at all, and so many members are followed.
PIECE, MOST_MEMBERS = 1 << 20, 200_000
_GROUP = re.compile(rb"KIND[^:\r\n]{0,40}:\s*group", re.IGNORECASE)
type Groups = Mapping[str, tuple[str, ...]]


def groups_in(path: Path) -> Groups:
    """The names of the groups in which each card is, by the id or the address that the group names it by."""
    if not _has_groups(path):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    with path.open("rb") as file:
        for card in read_cards(file):
            if isinstance(card, Card) and card.kind == "group" and card.name:
                for member in card.members:
                    if member and (member in found or len(found) < MOST_MEMBERS):
                        found[member] = (*found.get(member, ()), card.name[:60])
    return found


def in_groups(card: Card | NotACard, groups: Groups) -> Card | NotACard:
    """The card with the names of its groups among its tags."""
    if not groups or isinstance(card, NotACard) or card.kind == "group":
        return card
    keys = [card.uid, *(one.text.strip().lower() for one in card.reaches if one.kind == "email")]
    names = [name for key in keys if key for name in groups.get(key, ())]
    return replace(card, tags=tuple(dict.fromkeys((*card.tags, *names)))) if names else card


def _has_groups(path: Path) -> bool:
    before = b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            if _GROUP.search(before + piece):
                return True
            before = piece[-100:]
    return False
