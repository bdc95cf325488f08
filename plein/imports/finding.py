# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom the entries of a batch are of those we know; a handful of queries for all of them."""

import json
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from plein.core.isolation import current, workspace_id
from plein.identity.profiles import Profile, name_core
from plein.identity.queries import Candidate, Verdict, match
from plein.imports.models import OWN_KEY, MatchKey
from plein.imports.wanted import Wanted
from plein.metadata.actions.values import read_values
from plein.metadata.queries import catalog
from plein.metadata.refusals import WrongValues
from plein.moments.intake.rows import fetch
from plein.relations.models import RelationValues
from plein.relations.vocabulary import ContactKind

#: Kinds of contact point that each key goes by.
KINDS = {
    MatchKey.EMAIL: (ContactKind.EMAIL,),
    MatchKey.PHONE: (ContactKind.PHONE,),
    MatchKey.SEEMS: (ContactKind.EMAIL, ContactKind.PHONE, ContactKind.HANDLE),
    MatchKey.NOTHING: (),
}
_HOLDERS = """
    SELECT p.kind, p.network, p.value, r.id, r.name FROM relations_contact_point p
      JOIN relations_contact_point_link l ON l.workspace_id = p.workspace_id AND l.contact_point_id = p.id
           AND l.revoked_at IS NULL AND l.circle_id = ANY(%(circles)s)
      JOIN relations_relation r ON r.workspace_id = l.workspace_id AND r.id = l.relation_id
           AND r.kind = %(kind)s AND r.circle_id = ANY(%(circles)s)
     WHERE p.workspace_id = %(workspace)s AND p.kind = ANY(%(kinds)s) AND p.value = ANY(%(values)s)
       AND p.circle_id = ANY(%(circles)s)
     ORDER BY r.id
"""
_NAMESAKES = """
    SELECT r.sort_name, r.id, r.name FROM relations_relation r
     WHERE r.workspace_id = %(workspace)s AND r.kind = %(kind)s AND r.sort_name = ANY(%(names)s)
       AND r.circle_id = ANY(%(circles)s)
     ORDER BY r.id
"""
_BEARERS = """
    SELECT v."values" ->> %(field)s, r.id, r.name FROM relations_values v
      JOIN relations_relation r ON r.workspace_id = v.workspace_id AND r.id = v.relation_id
           AND r.kind = %(kind)s AND r.circle_id = ANY(%(circles)s)
     WHERE v.workspace_id = %(workspace)s AND v.group_id = %(group)s AND v."values" ->> %(field)s = ANY(%(values)s)
       AND v.circle_id = ANY(%(circles)s)
     ORDER BY r.id
"""


@dataclass(slots=True)
class Found:
    """Whom an entry is: one of those we know, somebody new, or nobody knows which of several."""

    relation: UUID | None = None
    doubt: list[tuple[UUID, str]] = field(default_factory=list)
    weighed: tuple[Candidate, ...] = ()


def keys_that_count(wanted: Wanted, key: str) -> set[tuple[str, str, str]]:
    """By what two entries of one file are the same."""
    if own := own_key(wanted, key):
        return {own}
    if not wanted.is_person:
        return {("name", "", str(wanted.fields["sort_name"]))}
    return set(wanted.keys(kinds_of(key)))


def kinds_of(key: str) -> Sequence[ContactKind]:
    """By which contact points somebody is known: by none, when it is by a field of the company's own."""
    return () if key.startswith(OWN_KEY) else KINDS[MatchKey(key)]


def own_key(wanted: Wanted, key: str) -> tuple[str, str, str] | None:
    """What an entry says of the field by which it is known."""
    value = wanted.entry.values.get(key.removeprefix(OWN_KEY), "").strip() if key.startswith(OWN_KEY) else ""
    return (OWN_KEY, key, value) if value else None


def find(batch: Sequence[Wanted], key: str) -> list[Found]:
    """Whom each entry is, in their order."""
    people = _holders([one for one in batch if one.is_person], key)
    bearers = _bearers(batch, key) if key.startswith(OWN_KEY) else {}
    namesakes = _namesakes(batch, key)
    found = []
    for one in batch:
        own = own_key(one, key)
        if own is not None:
            held = bearers.get((one.kind, own[2]), {})
            found.append(Found(next(iter(held))) if len(held) == 1 else Found(doubt=list(held.items())))
        elif not one.is_person:
            known = namesakes["organization", one.fields["sort_name"]]
            found.append(Found(next(iter(known), None)))
        else:
            found.append(_person(one, key, people, namesakes))
    return found


type Holders = dict[tuple[str, str, str], dict[UUID, str]]


def _holders(batch: Sequence[Wanted], key: str) -> Holders:
    found: Holders = defaultdict(dict)
    kinds = [str(kind) for kind in kinds_of(key)]
    values = list({value for one in batch for _kind, _network, value in one.keys(kinds)})
    if values:
        asked = {"kinds": kinds, "values": values, "kind": "person", **_where()}
        for kind, network, value, relation, name in fetch(_HOLDERS, asked):
            found[kind, network, value][relation] = name
    return found


def _bearers(batch: Sequence[Wanted], key: str) -> dict[tuple[str, str], dict[UUID, str]]:
    """Who has which value in the field by which they are known, by kind and as it stands in the file."""
    found: dict[tuple[str, str], dict[UUID, str]] = defaultdict(dict)
    known, name = catalog(), key.removeprefix(OWN_KEY)
    for kind in {one.kind for one in batch}:
        field_ = known.by_key(name, kind)
        texts = {own[2] for one in batch if one.kind == kind and (own := own_key(one, key))}
        if field_ is None or not texts:
            continue
        kept: dict[str, list[str]] = defaultdict(list)
        for text in texts:
            with suppress(WrongValues):
                [value] = read_values({name: text}, kind=kind, known=known, values_model=RelationValues).values()
                kept[value if isinstance(value, str) else json.dumps(value)].append(text)
        asked = {"field": str(field_.id), "group": field_.group_id, "values": list(kept), "kind": kind, **_where()}
        for value, relation, called in fetch(_BEARERS, asked) if kept else ():
            for text in kept[value]:
                found[kind, text][relation] = called
    return found


def _where() -> dict[str, object]:
    return {"circles": list(current().circles), "workspace": workspace_id()}


def _namesakes(batch: Sequence[Wanted], key: str) -> dict[tuple[str, str], dict[UUID, str]]:
    found: dict[tuple[str, str], dict[UUID, str]] = defaultdict(dict)
    kinds = ["organization", "person"] if key == MatchKey.SEEMS else ["organization"]
    for kind in kinds:
        names = list({one.fields["sort_name"] for one in batch if one.kind == kind})
        for sorted_by, relation, name in fetch(_NAMESAKES, {"names": names, "kind": kind, **_where()}) if names else ():
            found[kind, sorted_by][relation] = name
    return found


def _person(one: Wanted, key: str, holders: Holders, namesakes: dict[tuple[str, str], dict[UUID, str]]) -> Found:
    held: dict[UUID, str] = {}
    for point in one.keys(kinds_of(key)):
        held |= holders.get(point, {})
    if key != MatchKey.SEEMS:
        return Found(next(iter(held))) if len(held) == 1 else Found(doubt=list(held.items()))
    alike = [relation for relation, name in held.items() if is_alike(one, name)]
    if len(alike) == 1:
        return Found(alike[0])
    # Only somebody whose address or name is here already is worth the longer look.
    if held or namesakes["person", one.fields["sort_name"]]:
        return _seems(one)
    return Found()


def is_alike(one: Wanted, name: str) -> bool:
    """Whether a name does not speak against it: the same surname, or an address for a name."""
    ours, theirs = name_core(str(one.fields["name"])), name_core(name)
    return "@" in str(one.fields["name"]) or ours.family == theirs.family


def profile_of(one: Wanted) -> Profile:
    """What an entry says of somebody, as it is compared."""
    texts: dict[str, list[str]] = defaultdict(list)
    for point in one.points:
        texts[point.contact.kind].append(point.contact.value)
    handles = [f"{p.contact.network}:{p.contact.value}" for p in one.points if p.contact.kind == ContactKind.HANDLE]
    return Profile(
        names=(str(one.fields["name"]),),
        emails=tuple(texts[ContactKind.EMAIL]),
        phones=tuple(texts[ContactKind.PHONE]),
        handles=tuple(handles),
        organization=next((work.organization for work in one.works if work.organization), ""),
        place=str(one.fields["place"]),
        birth_date=next((day.on for day in one.days if day.kind == "birthday"), None),
    )


def _seems(one: Wanted) -> Found:
    found = match(profile_of(one))
    if found.verdict == Verdict.AUTOMATIC and found.best is not None:
        return Found(found.best.id)
    if found.verdict == Verdict.REVIEW:
        some = found.candidates[:5]
        return Found(doubt=[(candidate.id, candidate.name) for candidate in some], weighed=some)
    return Found()
