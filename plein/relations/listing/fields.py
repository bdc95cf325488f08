# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the lists of people and organizations show, what one can ask of them, and how a cell is changed."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.core.finding import suggest
from plein.core.ids import now
from plein.core.isolation import seat_id
from plein.lists.columns import (
    choice_where,
    chosen_from,
    heading_of_choice,
    seat_field,
    text_field,
    time_field,
    yes_no_where,
)
from plein.lists.fields import Choice, Edit, ListField, Question, Ref, Value
from plein.lists.keyset import Segment, by_column
from plein.lists.operators import ME, FieldType
from plein.relations import actions
from plein.relations.actions import bulk
from plein.relations.models import ContactPointLink, Favourite, Membership, Relation, Tag, Tagging
from plein.relations.places import country_choices, language_choices
from plein.relations.queries.choices import tag_choices
from plein.relations.vocabulary import ContactKind, RelationKind, Source
from plein.trust.seats import Entrance

NOBODY = UUID(int=0)


@cache
def _page_of_nobody() -> str:
    return reverse("relations:relation", args=[NOBODY])


def page_of(relation_id: UUID) -> str:
    """The address of a relation's page: asked for once a row, which makes a hundred thousand times for a file."""
    return _page_of_nobody().replace(str(NOBODY), str(relation_id))


def ref_of(relation: Any) -> Ref:
    """A relation as it stands in a cell."""
    photo = reverse("relations:photo", args=[relation.id]) if relation.photo else ""
    note = _("our own side") if relation.is_ours else ""
    return Ref(relation.id, relation.name, relation.kind, page_of(relation.id), photo, note)


def _edit(attribute: str, longest: int = 200, *, is_required: bool = False) -> Edit:
    def save(actor: Entrance, relation: Any, value: Any, based_on: int) -> Any:
        return actions.edit_relation(actor=actor, relation=relation, changes={attribute: value}, based_on=based_on)

    def initial(relation: Any) -> Any:
        return getattr(relation, attribute)

    many = bulk.for_many(attribute)
    return Edit(attribute, initial, save, "edit_relation", longest, is_required, many=many)


# Values that take a statement within the statement


def _current_role() -> dict[str, Any]:
    """The role of today with its organization, the newest first; else the last one there was."""
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=now().date())
    roles = Membership.objects.filter(begun, person_id=OuterRef("id")).order_by(
        F("ends_on").desc(nulls_first=True), F("starts_on").desc(nulls_last=True), "id"
    )
    found = JSONObject(role="role", organization_id="organization_id", organization="organization__name")
    return {"current_role": Subquery(roles.values(found=found)[:1])}


def _role_words(relation: Any) -> str:
    role = relation.current_role or {}
    words, organization = role.get("role", ""), role.get("organization") or ""
    if words and organization:
        return _("%(role)s at %(organization)s") % {"role": words, "organization": organization}
    return words or organization or relation.headline


def _organization_ref(relation: Any) -> Ref | None:
    role = relation.current_role or {}
    name, id = role.get("organization"), role.get("organization_id")
    return Ref(UUID(id), name, "organization", reverse("relations:relation", args=[id])) if id and name else None


def _first_point(kind: str) -> Subquery:
    links = ContactPointLink.objects.filter(
        relation_id=OuterRef("id"), revoked_at__isnull=True, contact_point__kind=kind
    ).order_by("-is_primary", "id")
    return Subquery(links.values("contact_point__display")[:1])


def _points(kind: str) -> QuerySet[Any, Any]:
    return ContactPointLink.objects.filter(
        relation_id=OuterRef("id"), revoked_at__isnull=True, contact_point__kind=kind
    )


def _point_field(kind: str, label: Any, classes: str) -> ListField:
    def where(question: Question) -> Q:
        links = _points(kind)
        match question.operator:
            case "is":
                return Q(Exists(links.filter(contact_point__value__in=[one.strip() for one in question.values])))
            case "empty":
                return ~Q(Exists(links))
            case _:
                return Q(Exists(links))

    return ListField(
        key=kind,
        label=label,
        value=lambda relation: getattr(relation, kind) or "",
        annotations=lambda: {kind: _first_point(kind)},
        where=where,
        operators=("is", "empty", "filled"),
        classes=classes,
    )


def _tags_of(relations: Sequence[Any]) -> Mapping[UUID, Value]:
    filed = Tagging.objects.filter(relation_id__in=[one.id for one in relations]).select_related("tag")
    found: dict[UUID, tuple[Ref, ...]] = {}
    for one in filed.order_by("tag__name"):
        found[one.relation_id] = (*found.get(one.relation_id, ()), Ref(one.tag_id, one.tag.name, one.tag.colour))
    return dict(found)


def _tag_where(question: Question) -> Q:
    mine = Tagging.objects.filter(relation_id=OuterRef("id"))
    match question.operator:
        case "is":
            return Q(Exists(mine.filter(tag_id__in=question.values)))
        case "all":
            condition = Q()
            for tag in question.values:
                condition &= Q(Exists(mine.filter(tag_id=tag)))
            return condition
        case "not":
            return ~Q(Exists(mine.filter(tag_id__in=question.values)))
        case "empty":
            return ~Q(Exists(mine))
        case _:
            return Q(Exists(mine))


def _tag_reach(question: Question) -> QuerySet[Any, Any] | None:
    if question.operator != "is":
        return None
    return Tagging.objects.filter(tag_id__in=question.values).values("relation_id")


def _place_reach(kind: RelationKind) -> Any:
    def reach(question: Question) -> QuerySet[Any, Any] | None:
        if question.operator != "is":
            return None
        return Relation.objects.filter(kind=kind, place__in=question.values).values("id")

    return reach


def _tag_names(values: Sequence[str]) -> QuerySet[Any, Any]:
    return Tag.objects.filter(id__in=list(values)).values_list("id", "name")


def relation_names(values: Sequence[str]) -> QuerySet[Any, Any]:
    """The names of relations, as pairs of id and name."""
    known = [value for value in values if value != ME]
    return Relation.objects.filter(id__in=known).values_list("id", "name")


def relation_where(column: str) -> Any:
    """How a relation is asked, of a foreign key; `me` is the reader as a person."""

    def where(question: Question) -> Q:
        if question.operator in ("empty", "filled"):
            return Q(**{f"{column}__isnull": question.operator == "empty"})
        known = [value for value in question.values if value != ME]
        condition = Q(**{f"{column}__in": known})
        if ME in question.values:
            me = Relation.objects.filter(seat_id=seat_id()).values("id")
            condition |= Q(**{f"{column}__in": me})
        return condition if question.operator == "is" else ~condition

    return where


def _favourite_where(question: Question) -> Q:
    kept = Q(Exists(Favourite.objects.filter(relation_id=OuterRef("id"), seat_id=seat_id())))
    return kept if question.operator == "yes" else ~kept


# The fields


def choices_of(pairs: Sequence[tuple[Any, Any]]) -> list[Choice]:
    return [Choice(str(key), str(words)) for key, words in pairs if key]


def _name(kind: RelationKind) -> ListField:
    def where(question: Question) -> Q:
        if question.operator == "has":
            return Q(id__in=suggest(question.values[0], kinds=[kind], limit=2000))
        if question.operator == "starts":
            start = question.values[0].lower()
            return Q(sort_name__gte=start, sort_name__lt=start + "\U0010ffff")
        return Q(name__in=list(question.values)) if question.operator == "is" else ~Q(name__in=list(question.values))

    return ListField(
        key="name",
        label=gettext_lazy("Name"),
        type=FieldType.TEXT,
        value=ref_of,
        where=where,
        operators=("is", "not", "starts", "has"),
        sort=by_column("sort_name"),
        heading=lambda value: ((str(value)[:1].upper()), str(value)[:1].upper()) if value else ("", ""),
        edit=_edit("name", 300, is_required=True),
        classes="name",
    )


#: Names are in order of the list; what has no value comes last, by name.
_BY_NAME = ("sort_name",)


def _details(kind: RelationKind) -> list[ListField]:
    """What stands in the details of a relation."""
    return [
        _name(kind),
        text_field("headline", gettext_lazy("In one line"), edit=_edit("headline"), classes="soft text-cell"),
        text_field(
            "place",
            gettext_lazy("Place"),
            sort=by_column("place", *_BY_NAME, empty=""),
            edit=_edit("place", 120),
            reach=_place_reach(kind),
            classes="soft place-cell",
        ),
        ListField(
            key="country",
            label=gettext_lazy("Country"),
            type=FieldType.CHOICE,
            value=lambda relation: chosen_from(country_choices()[1:])(relation.country),
            where=choice_where("country"),
            choices=lambda: choices_of(country_choices()),
            edit=_edit("country"),
            classes="soft",
        ),
        ListField(
            key="language",
            label=gettext_lazy("Language"),
            type=FieldType.CHOICE,
            value=lambda relation: chosen_from(language_choices()[1:])(relation.language),
            where=choice_where("language"),
            choices=lambda: choices_of(language_choices()),
            edit=_edit("language"),
            classes="soft",
        ),
    ]


def _filing() -> list[ListField]:
    """How one reaches it, whose it is and what it is filed under."""
    return [
        _point_field(ContactKind.EMAIL, gettext_lazy("E-mail"), "extra mail-cell soft text-cell"),
        _point_field(ContactKind.PHONE, gettext_lazy("Phone"), "extra soft"),
        seat_field(
            "owner",
            gettext_lazy("Owner"),
            sort=by_column("owner_id", *_BY_NAME, empty=True),
            edit=_edit("owner_id"),
        ),
        ListField(
            key="tag",
            label=gettext_lazy("Tag"),
            type=FieldType.TAG,
            load=_tags_of,
            where=_tag_where,
            reach=_tag_reach,
            choices=lambda: choices_of(tag_choices()),
            names=_tag_names,
        ),
        ListField(
            key="favourite",
            label=gettext_lazy("My favourite"),
            type=FieldType.YES_NO,
            where=_favourite_where,
        ),
        ListField(
            key="ours",
            label=gettext_lazy("Our own side"),
            type=FieldType.YES_NO,
            value=lambda relation: relation.is_ours,
            where=yes_no_where("is_ours"),
            edit=_edit("is_ours"),
        ),
    ]


def _history() -> list[ListField]:
    """Where it came from, and when."""
    past = ("on", "before", "after", "between", "last", "older", "this")
    return [
        ListField(
            key="source",
            label=gettext_lazy("Where from"),
            type=FieldType.CHOICE,
            value=lambda relation: chosen_from(Source.choices)(relation.source),
            where=choice_where("source"),
            operators=("is", "not"),
            choices=lambda: choices_of(Source.choices),
            heading=heading_of_choice,
            classes="soft",
        ),
        time_field(
            "updated_at", gettext_lazy("Changed"), key="changed", sort=_by_time("updated_at"), classes="soft",
            operators=past,
        ),
        time_field(
            "created_at", gettext_lazy("Added"), key="created", sort=_by_time("created_at"), classes="soft",
            operators=past,
        ),
    ]  # fmt: skip


def _by_time(column: str) -> tuple[Segment, ...]:
    """As the index stands: among equals the order of the ids is the other way round."""
    return (Segment(Q(), ((column, False), ("id", True))),)


def itself(kind: RelationKind) -> ListField:
    """Exactly these: what a link from elsewhere names."""
    return ListField(
        key="id",
        label=gettext_lazy("The relation itself"),
        type=FieldType.RELATION,
        where=relation_where("id"),
        operators=("is", "not"),
        names=relation_names,
        target=(kind,),
    )


def person_fields() -> tuple[ListField, ...]:
    """What a list of people can show."""
    return (
        *_details(RelationKind.PERSON),
        *_filing(),
        *_history(),
        ListField(
            key="role",
            label=gettext_lazy("Role"),
            value=_role_words,
            annotations=_current_role,
            classes="soft text-cell",
        ),
        ListField(
            key="organization",
            label=gettext_lazy("Organization"),
            type=FieldType.RELATION,
            value=_organization_ref,
            annotations=_current_role,
            target=(RelationKind.ORGANIZATION,),
            classes="soft text-cell",
        ),
        itself(RelationKind.PERSON),
    )


def organization_fields() -> tuple[ListField, ...]:
    """What a list of organizations can show."""
    return (*_details(RelationKind.ORGANIZATION), *_filing(), *_history(), itself(RelationKind.ORGANIZATION))
