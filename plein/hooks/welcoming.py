# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who becomes a person of those a program names: by what was chosen for its hook."""

from collections.abc import Sequence

from plein.channels.base import Address
from plein.channels.models import Policy
from plein.hooks.mapping import Reading
from plein.hooks.models import Hook
from plein.moments.intake.book import AddressBook, key_of_address
from plein.moments.intake.names import clean_name
from plein.moments.intake.newcomers import Newcomers
from plein.moments.intake.plan import PlannedPerson, Waiting


def welcome(readings: Sequence[Reading], book: AddressBook, hook: Hook) -> None:
    """Make the people of these calls, or propose them.

    An address that is somebody's stays theirs alone: nobody gets another one by a program that names both.
    """
    book.learn_all(address for one in readings for address in one.message.addresses)
    people: dict[str, PlannedPerson] = {}
    waiting: dict[str, Waiting] = {}
    for one in readings:
        keys, name = _theirs(one), ""
        known = [book.known[key] for key in keys if key in book.known]
        if not keys or len(known) < len(keys) or any(entry.relation or entry.is_ours for entry in known):
            continue
        first = next(address for address in one.message.addresses if key_of_address(address) == keys[0])
        name = clean_name(first.name) or first.address[:300]
        is_by_us = one.ours is not None and one.message.addresses[0].address == one.ours.address
        if hook.policy == Policy.EVERYONE or (hook.policy == Policy.ANSWERED and is_by_us):
            people.setdefault(keys[0], PlannedPerson(keys, name, "", "", False, "", is_named=False))
        else:
            before = waiting.get(keys[0], Waiting(keys[0], name, 0, 0))
            waiting[keys[0]] = Waiting(keys[0], name, before.wrote + (not is_by_us), before.got + is_by_us)
    Newcomers(book, hook.policy, hook.id).settle(_apart(people), list(waiting.values()))


def _theirs(reading: Reading) -> tuple[str, ...]:
    """The addresses of the other side, the surest first."""
    ours = key_of_address(reading.ours) if reading.ours is not None else ""
    found: list[Address] = [one for one in reading.message.addresses if one.address and key_of_address(one) != ours]
    return tuple(dict.fromkeys(key_of_address(one) for one in found))


def _apart(people: dict[str, PlannedPerson]) -> list[PlannedPerson]:
    """Each address for the first who has it, when several come with the same one."""
    taken: set[str] = set()
    kept = []
    for one in people.values():
        if not taken.intersection(one.addresses):
            kept.append(one)
        taken.update(one.addresses)
    return kept
