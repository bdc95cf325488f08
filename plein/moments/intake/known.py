# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom planned people are of those that are here: who is surely somebody is that person, and of who may be somebody is
asked, on the page of who may be here twice. What was said not to be somebody never is, in whichever import.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from plein.identity.doubts import doubt
from plein.identity.models import Pair
from plein.identity.profiles import Profile
from plein.identity.queries import Candidate, Verdict, match, worth_a_look
from plein.moments.intake.plan import PlannedPerson
from plein.relations.models import Relation


@dataclass
class Known:
    """For planned people, by their first address: who they are, and whom they may be."""

    sure: dict[str, UUID] = field(default_factory=dict)
    doubt: dict[str, Candidate] = field(default_factory=dict)


def known_people(
    people: Sequence[PlannedPerson], circles: Sequence[int], organizations: Mapping[str, UUID | None]
) -> Known:
    """Who these people are, for those who are to see them; one query, and two or three for each who is alike.

    Only who has a name of their own is looked for: what stands in an address alone says too little.
    """
    asked = [one for one in people if not one.is_ours and (one.is_named or _has_name_on_network(one))]
    if not asked:
        return Known()
    names = _names_of({organizations.get(one.domain) for one in asked if one.domain})
    profiles = [_profile(one, names.get(organizations.get(one.domain)) or "") for one in asked]
    found = Known()
    for one, profile, is_near in zip(asked, profiles, worth_a_look(profiles, circles), strict=True):
        if not is_near:
            continue
        answer = match(profile, circles=circles)
        if answer.best is not None and answer.verdict == Verdict.AUTOMATIC:
            found.sure[one.addresses[0]] = answer.best.id
        elif answer.best is not None and answer.verdict == Verdict.REVIEW:
            found.doubt[one.addresses[0]] = answer.best
    return found


def write_doubts(doubts: Iterable[tuple[UUID, Candidate]], circle_id: int, brought_by: UUID) -> None:
    """Let each who was made wait beside whom they may be, for somebody who sees both to say."""
    Pair.objects.bulk_create(
        (
            doubt(
                brought_by=brought_by,
                newcomer=made,
                circle_id=circle_id,
                candidate=candidate,
                known_circle_id=candidate.circle_id,
            )
            for made, candidate in doubts
        ),
        ignore_conflicts=True,
    )


def _has_name_on_network(one: PlannedPerson) -> bool:
    kind, _network, value = _parts(one.addresses[0])
    return kind != "email" and " " in one.name.strip() and one.name != value


def _parts(address: str) -> tuple[str, str, str]:
    """The kind, network and value of an address as it stands in the book."""
    if "\t" not in address:
        return "email", "", address
    kind, network, value = address.split("\t", 2)
    return kind, network, value


def _profile(one: PlannedPerson, organization: str) -> Profile:
    parts = [_parts(address) for address in one.addresses]
    return Profile(
        names=(one.name,),
        emails=tuple(value for kind, _network, value in parts if kind == "email"),
        phones=tuple(value for kind, _network, value in parts if kind == "phone"),
        handles=tuple(f"{network}:{value}" for kind, network, value in parts if kind == "handle"),
        organization=organization,
    )


def _names_of(ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    wanted = [one for one in ids if one is not None]
    return dict(Relation.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}
