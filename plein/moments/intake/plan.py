# SPDX-License-Identifier: AGPL-3.0-or-later
"""Decides, from a scan and the user's choices, which addresses become people and which wait."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from plein.channels.connectors.mail.roles import JobRole
from plein.moments.intake.names import clean_name, join_key, name_from_address
from plein.moments.intake.scan import Heard, Scan
from plein.relations.domains import company_domain, is_desk, is_nobody, is_ours

POLICIES = ("answered", "everyone", "nobody")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose before an import starts."""

    policy: str = "answered"
    ours: tuple[str, ...] = ()
    roles: Mapping[str, JobRole] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """Somebody to be: one or several addresses, with the exact rule by which they were joined.

    Whoever was never named is called after their address, which is no ground to take them for a namesake.
    """

    addresses: tuple[str, ...]
    name: str
    title: str
    domain: str
    is_ours: bool
    rule: str
    is_named: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """An address that stays without a person: who wrote so often, and was written to so often."""

    address: str
    name: str
    wrote: int
    got: int


@dataclass(frozen=True)
class Plan:
    """Who an import makes."""

    people: tuple[PlannedPerson, ...]
    desks: tuple[str, ...]
    waiting: tuple[Waiting, ...]

    def domains(self) -> list[str]:
        """The domains of the organizations of these people, our own side's left out."""
        found = {person.domain: None for person in self.people if person.domain and not person.is_ours}
        found |= {company_domain(desk): None for desk in self.desks}
        return [domain for domain in found if domain]


def make_plan(scan: Scan, choices: Choices) -> Plan:
    """Decide who becomes a person, in an order that is always the same."""
    written_to = _written_to_by_us(scan, choices.ours)
    members: list[str] = []
    desks: list[str] = []
    waiting: list[Waiting] = []
    for address, heard in scan.heard.items():
        if not (heard.wrote or heard.got) or address in scan.lists or is_nobody(address):
            continue
        ours = is_ours(address, choices.ours)
        if not _becomes(choices.policy, heard, ours=ours, written_to=address in written_to):
            if not ours:
                waiting.append(Waiting(address, _name(address, heard, choices), heard.wrote, heard.got))
        elif is_desk(address) and company_domain(address) and address not in choices.roles:
            if not ours:
                desks.append(address)
        else:
            members.append(address)
    people = _join(members, scan, choices)
    waiting.sort(key=lambda one: (-one.wrote, -one.got, one.address))
    return Plan(tuple(people), tuple(desks), tuple(waiting))


def _written_to_by_us(scan: Scan, ours: tuple[str, ...]) -> set[str]:
    return {recipient for writer, recipient in scan.letters if is_ours(writer, ours)}


def _becomes(policy: str, heard: Heard, *, ours: bool, written_to: bool) -> bool:
    if policy == "nobody":
        return False
    if policy == "everyone":
        return True
    return written_to or (ours and heard.wrote > 0)


def _name(address: str, heard: Heard, choices: Choices) -> str:
    role = choices.roles.get(address)
    return (role.name if role and role.name else "") or heard.name or name_from_address(address)


def _join(addresses: list[str], scan: Scan, choices: Choices) -> list[PlannedPerson]:
    """Join addresses by exact rules only: the same full name at the same organization."""
    leader: dict[str, str] = {address: address for address in addresses}
    rules: dict[str, str] = {}

    def find(address: str) -> str:
        while leader[address] != address:
            leader[address] = leader[leader[address]]
            address = leader[address]
        return address

    first: dict[tuple[str, str], str] = {}
    for address in addresses:
        for rule, key in _keys(address, scan.heard[address], choices):
            other = first.setdefault(key, address)
            one, two = find(other), find(address)
            if one != two:
                leader[two] = one
                rules.setdefault(one, rule)
    groups: dict[str, list[str]] = {}
    for address in addresses:
        groups.setdefault(find(address), []).append(address)
    return [_person(group, rules.get(head, ""), scan, choices) for head, group in groups.items()]


def _keys(address: str, heard: Heard, choices: Choices) -> Iterable[tuple[str, tuple[str, str]]]:
    domain = company_domain(address)
    if not domain:
        return
    organization = "ours" if is_ours(address, choices.ours) else domain
    role = choices.roles.get(address)
    if role and join_key(role.name):
        yield "same full name in the list of roles", (join_key(role.name), organization)
    # A name in the list is better evidence than what mail programs wrote.
    elif join_key(heard.name):
        yield "same display name at the same domain", (join_key(heard.name), organization)


def _person(group: list[str], rule: str, scan: Scan, choices: Choices) -> PlannedPerson:
    roles = [choices.roles[address] for address in group if address in choices.roles]
    names: Counter[str] = Counter()
    for address in group:
        names.update(scan.heard[address].names)
    busiest = max(group, key=lambda address: (scan.heard[address].wrote, scan.heard[address].got, address))
    name = next((role.name for role in roles if role.name), "")
    name = clean_name(name) or (names.most_common(1)[0][0] if names else name_from_address(busiest))
    return PlannedPerson(
        addresses=(busiest, *(address for address in group if address != busiest)),
        name=name,
        title=next((role.title for role in roles if role.title), "")[:160],
        domain=company_domain(busiest),
        is_ours=is_ours(busiest, choices.ours),
        rule=rule,
        is_named=bool(names or any(role.name for role in roles)),
    )


def preview_of(scan: Scan, choices: Choices) -> dict[str, Any]:
    """The counts for the user to choose by, for each policy."""
    counts: dict[str, Any] = {}
    for policy in POLICIES:
        plan = make_plan(scan, Choices(policy, choices.ours, choices.roles))
        counts[policy] = {
            "people": len(plan.people),
            "colleagues": sum(person.is_ours for person in plan.people),
            "organizations": len(plan.domains()) + any(person.is_ours for person in plan.people),
            "proposals": len(plan.waiting),
        }
    return counts


def facts_of(scan: Scan) -> dict[str, Any]:
    """What is in the store, whatever the user chooses."""
    return {
        "messages": scan.messages,
        "unreadable": scan.unreadable,
        "copies": scan.copies,
        "natures": dict(scan.natures),
        "first": scan.first.isoformat() if scan.first else "",
        "last": scan.last.isoformat() if scan.last else "",
        "addresses": len(scan.heard),
    }
