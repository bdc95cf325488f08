# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two relations side by side, before they become one: what each has, what is proposed, and what will move."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from plein.core.audit import audit_look
from plein.core.isolation import default_circle_id
from plein.core.models import Change
from plein.lists.models import SavedView
from plein.metadata.queries import values_found
from plein.relations.models import ContactPointLink, Former, Membership, Relation, Tie
from plein.relations.places import country_choices, language_choices, words_of
from plein.relations.queries.record import whole_relations
from plein.relations.slots import Moved, moved
from plein.relations.vocabulary import DateKind
from plein.trust.circles import describe
from plein.trust.models import Circle

NAME = "name"
#: The details of which one of the two is kept, and what each is called.
MERGED_DETAILS: dict[str, str | Promise] = {
    "headline": _("In one line"),
    "place": _("Place"),
    "country": _("Country"),
    "language": _("Language"),
    "owner_id": _("Owner"),
    "about": pgettext_lazy("of a relation", "About"),
    "is_ours": _("Our own side"),
    "photo": _("Photo"),
}
#: The details of which both can be kept, one under the other.
BOTH_TEXT = frozenset({"about"})
#: The groups of parts of which many can live together.
GROUPS: dict[str, str | Promise] = {
    "points": _("How to reach"),
    "roles": _("Roles"),
    "ties": _("Ties"),
    "tags": _("Tags"),
    "interests": _("What moves them"),
    "dates": _("Days that matter"),
}

#: So many roles, and so many ties, are read of the two; all of them move.
MOST = 400


@dataclass(frozen=True, slots=True)
class Compared:
    """One detail or one group of both: what each has, what is proposed, and whether both can be kept."""

    key: str
    label: str
    left: list[str]
    right: list[str]
    proposed: str
    may_be_both: bool = False

    @property
    def is_same(self) -> bool:
        """Whether there is nothing to choose."""
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class Meeting:
    """Who will see the one: who sees both, in words; it is asked when neither circle lies within the other."""

    is_asked: bool
    words: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that one looks at before two become one."""

    left: Relation
    right: Relation
    details: list[Compared]
    custom: list[Compared]
    groups: list[Compared]
    moved: list[Moved]
    meeting: Meeting
    values_mark: str


def prefers(left: Relation, right: Relation, name: str) -> str:
    """The side that is proposed for a detail: the one that stays, unless it has nothing to say."""
    return "right" if not getattr(left, name) and getattr(right, name) else "left"


def meeting(left: Relation, right: Relation) -> Meeting:
    """Who will see the one; makes nothing, so that looking never writes."""
    everyone = default_circle_id()
    if left.circle_id == right.circle_id or right.circle_id == everyone:
        return Meeting(is_asked=False, words=_who_sees(left.circle_id))
    if left.circle_id == everyone:
        return Meeting(is_asked=False, words=_who_sees(right.circle_id))
    parts = dict(Circle.objects.filter(id__in={left.circle_id, right.circle_id}).values_list("id", "parts"))
    ours, theirs = set(parts.get(left.circle_id, ())), set(parts.get(right.circle_id, ()))
    if ours >= theirs:
        return Meeting(is_asked=False, words=_who_sees(left.circle_id))
    return Meeting(is_asked=not ours <= theirs, words=_who_sees(right.circle_id))


def _who_sees(circle_id: int) -> str:
    return "" if circle_id == default_circle_id() else describe(circle_id)


def comparison(left_id: UUID, right_id: UUID) -> Comparison | None:
    """Both side by side, or None when the reader does not see both."""
    found = whole_relations([left_id, right_id])
    if left_id == right_id or len(found) < 2:
        return None
    left, right = found[left_id], found[right_id]
    parts = _Parts(found)
    audit_look("relation", [left, right])
    audit_look("relation", parts.others(), how="list")
    return Comparison(
        left=left,
        right=right,
        details=[_detail(left, right, name, label) for name, label in {NAME: _("Name"), **MERGED_DETAILS}.items()],
        custom=_custom(left, right),
        groups=[
            Compared(key, str(label), parts.of(key, left), parts.of(key, right), "both", may_be_both=True)
            for key, label in GROUPS.items()
        ],
        moved=[line for line in (*_views(right), *(one for count in moved for one in count(right))) if line.count],
        meeting=meeting(left, right),
        values_mark=_values_mark(left, right),
    )


def values_mark(left_id: UUID, right_id: UUID) -> str:
    """What tells whether somebody changed an own field of one of the two since both were looked at, and of which."""
    found = whole_relations([left_id, right_id])
    return _values_mark(found[left_id], found[right_id])


def _values_mark(*both: Any) -> str:
    versions = [values_found(one.own_fields)[1].versions for one in both]
    told = [",".join(sorted(f"{group}:{version}" for group, version in one.items())) for one in versions]
    return "-".join(sha256(one.encode()).hexdigest()[:24] for one in told)


def _detail(left: Relation, right: Relation, name: str, label: Any) -> Compared:
    sides = [[words] if (words := _words(one, name)) else [] for one in (left, right)]
    return Compared(name, str(label), sides[0], sides[1], prefers(left, right, name), may_be_both=name in BOTH_TEXT)


def _words(relation: Relation, name: str) -> str:
    value = getattr(relation, name)
    if not value:
        return ""
    match name:
        case "owner_id":
            return str(relation.owner)
        case "country":
            return words_of(country_choices(), str(value))
        case "language":
            return words_of(language_choices(), str(value))
        case "is_ours":
            return str(_("yes"))
    return str(value)


def _custom(left: Any, right: Any) -> list[Compared]:
    known, ours = values_found(left.own_fields)
    _known, theirs = values_found(right.own_fields)
    lines = []
    for one in known.of(left.kind, with_retired=True):
        sides = [[words] if (words := cells.words(one)) else [] for cells in (ours, theirs)]
        if sides[0] or sides[1]:
            lines.append(Compared(f"c.{one.id}", one.label, sides[0], sides[1], "left" if sides[0] else "right"))
    return lines


class _Parts:
    """The parts of both in words: three queries for the two of them."""

    def __init__(self, relations: dict[UUID, Relation]) -> None:
        ids = list(relations)
        self.points = list(
            ContactPointLink.objects.filter(relation_id__in=ids, revoked_at__isnull=True).select_related(
                "contact_point"
            )
        )
        far = Q(person_id__in=ids) | Q(organization_id__in=ids)
        self.roles = list(Membership.objects.filter(far).select_related("person", "organization").order_by("id")[:MOST])
        sides = Q(one_id__in=ids) | Q(other_id__in=ids)
        self.ties = list(Tie.objects.filter(sides).select_related("one", "other", "type").order_by("id")[:MOST])

    def others(self) -> list[Relation]:
        """Whom their roles and ties name."""
        roles = [far for one in self.roles for far in (one.person, one.organization)]
        return [*roles, *(far for one in self.ties for far in (one.one, one.other))]

    def of(self, key: str, relation: Any) -> list[str]:
        """The parts of one of them in one group."""
        match key:
            case "points":
                return sorted(str(one.contact_point) for one in self.points if one.relation_id == relation.id)
            case "roles":
                return [words for one in self.roles if (words := self._role(one, relation.id))]
            case "ties":
                return [words for one in self.ties if (words := self._tie(one, relation.id))]
            case "tags":
                return [tag["name"] for tag in relation.tag_list]
            case "interests":
                return sorted(one["text"] for one in relation.interest_list)
        return [f"{DateKind(day['kind']).label} {day['on']}" for day in relation.date_list]

    @staticmethod
    def _role(one: Membership, relation_id: UUID) -> str:
        if relation_id not in (one.person_id, one.organization_id):
            return ""
        far = one.organization if one.person_id == relation_id else one.person
        return ", ".join(part for part in (one.role, far.name) if part)

    @staticmethod
    def _tie(tie: Tie, relation_id: UUID) -> str:
        if relation_id not in (tie.one_id, tie.other_id):
            return ""
        is_outgoing = tie.one_id == relation_id
        return f"{tie.words(is_outgoing=is_outgoing)} {(tie.other if is_outgoing else tie.one).name}"


def _views(relation: Relation) -> Iterable[Moved]:
    """Saved views that name it: no line above shows them."""
    views = SavedView.objects.filter(query__contains=str(relation.id)).count()
    yield Moved(views, ngettext("saved view that names it", "saved views that name it", views))
    kept = int(relation.favourite) + int(relation.following)  # type: ignore[attr-defined]  # annotated
    yield Moved(kept, str(_("of your own marks: kept at hand, followed")))


def became(former_id: UUID) -> Relation | None:
    """The relation that another one, gone by merging, is now a part of, for who could see both."""
    found = Former.objects.filter(former_id=former_id).select_related("relation").order_by("-id").first()
    relation: Relation | None = found.relation if found else None
    return relation


def formers_of(relation_id: UUID) -> dict[UUID, str]:
    """The relations that became one with this one, by what they were called last, for who could see both."""
    ids = list(Former.objects.filter(relation_id=relation_id).values_list("former_id", flat=True))
    if not ids:
        return {}
    gone = Change.objects.filter(row_id__in=ids, kind="D", table_name=Relation._meta.db_table).order_by("id")
    names = {one.row_id: str((one.before or {}).get("name", "")) for one in gone}
    return {one: names.get(one, "") for one in ids}


def with_formers(record_id: UUID | None) -> tuple[UUID, ...]:
    """A record, and with it the relations that became one with it; nothing for none."""
    return () if record_id is None else (record_id, *formers_of(record_id))
