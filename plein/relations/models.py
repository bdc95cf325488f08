# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plein.core.ids import now
from plein.core.records import Found, Isolation, Record, RecordManager, RecordQuerySet, VersionedRecord
from plein.relations.vocabulary import ContactKind, DateKind, RelationKind, Source
from plein.trust.models import Seat


class Relation(VersionedRecord):
    """Somebody or some body we deal with: a person or an organization.

    `sort_name` is the folded name under which lists sort ("dijk henk van"), in code point order.
    """

    isolation = Isolation(
        is_found=True,
        is_merged=True,
        found=Found(
            record="n.id", kind="n.kind", title="n.name", words="to_tsvector('plein_simple', n.name)", by_name=True
        ),
    )

    kind = models.CharField(max_length=12, choices=RelationKind.choices)
    name = models.CharField(_("name"), max_length=300)
    sort_name = models.CharField(max_length=300, db_collation="C", editable=False)
    given_name = models.CharField(_("first name"), max_length=120, blank=True)
    infix = models.CharField(_("infix"), max_length=40, blank=True)
    family_name = models.CharField(_("surname"), max_length=160, blank=True)
    headline = models.CharField(_("in one line"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True, db_collation="C")
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    about = models.TextField(pgettext_lazy("of a relation", "about"), blank=True)
    photo = models.CharField(max_length=64, blank=True, editable=False)
    owner = models.ForeignKey(
        Seat, null=True, blank=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    seat = models.ForeignKey(
        Seat,
        null=True,
        editable=False,
        on_delete=models.DB_SET_NULL,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    is_ours = models.BooleanField(_("our own side"), default=False)
    do_not_contact = models.BooleanField(_("do not contact"), default=False, editable=False)
    do_not_contact_since = models.DateTimeField(_("since"), null=True, editable=False)
    do_not_contact_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.HAND, editable=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("relation")
        indexes = [
            models.Index(fields=["workspace_id", "kind", "sort_name", "id"], name="relations_by_name"),
            models.Index(fields=["workspace_id", "kind", "place", "sort_name", "id"], name="relations_by_place"),
            models.Index(fields=["workspace_id", "kind", "-updated_at", "id"], name="relations_by_change"),
            models.Index(fields=["workspace_id", "kind", "-created_at", "id"], name="relations_by_creation"),
            models.Index(fields=["workspace_id", "owner", "kind", "sort_name", "id"], name="relations_by_owner"),
            models.Index(
                fields=["workspace_id", "seat"], condition=models.Q(seat__isnull=False), name="relations_seat"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_person(self) -> bool:
        return self.kind == RelationKind.PERSON


class OfKind(RecordManager[Any]):
    """Relations of one kind only."""

    def __init__(self, kind: RelationKind) -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self) -> RecordQuerySet[Any]:
        return super().get_queryset().filter(kind=self.kind)


class Person(Relation):
    """A natural person we deal with, colleagues included."""

    objects: ClassVar[OfKind] = OfKind(RelationKind.PERSON)

    class Meta:
        proxy = True
        base_manager_name = "objects"
        verbose_name = _("person")


class Organization(Relation):
    """A company, institution or club we deal with, our own included."""

    objects: ClassVar[OfKind] = OfKind(RelationKind.ORGANIZATION)

    class Meta:
        proxy = True
        base_manager_name = "objects"
        verbose_name = _("organization")


class ContactPoint(Record):
    """An address on a channel. It stands free: whose it is, is an assertion that can be revoked.

    `value` is normalised for comparison (e-mail in lower case with an ASCII domain, phone as E.164, URL with scheme);
    `display` is how people write it; `detail` holds the parts of a postal address.
    """

    isolation = Isolation(is_found=True)

    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    network = models.CharField(max_length=40, blank=True)
    value = models.CharField(max_length=500, db_collation="C")
    display = models.CharField(max_length=500, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    do_not_contact = models.BooleanField(_("do not use"), default=False)
    do_not_contact_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "relations_contact_point"
        verbose_name = _("contact point")
        indexes = [models.Index(fields=["workspace_id", "kind", "value"], name="relations_point_value")]

    def __str__(self) -> str:
        return self.display or self.value


class ContactPointLink(Record):
    """The assertion that a contact point belongs to a relation: from where, why, decided by whom, revocable."""

    isolation = Isolation(
        parents=("contact_point", "relation"),
        about="relation",
        is_found=True,
        once=("contact_point", "relation"),
        found=Found(
            record="n.relation_id",
            kind="'contact'",
            title="p.value",
            words="to_tsvector('plein_simple', p.value || ' ' || translate(p.value, '@.-_+/', '      '))",
            digits="CASE WHEN p.kind = 'phone' THEN regexp_replace(p.value, '\\D', '', 'g') ELSE '' END",
            joins="JOIN relations_contact_point p ON p.workspace_id = n.workspace_id AND p.id = n.contact_point_id",
            only="n.revoked_at IS NULL",
        ),
    )

    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="links"
    )
    relation = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="links"
    )
    label = models.CharField(_("label"), max_length=40, blank=True)
    is_primary = models.BooleanField(default=False)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.HAND)
    reasons = models.JSONField(default=list, blank=True)
    decided_by = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    decided_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "relations_contact_point_link"
        verbose_name = _("assertion")
        indexes = [
            models.Index(fields=["workspace_id", "relation"], name="relations_link_relation"),
            models.Index(fields=["workspace_id", "contact_point"], name="relations_link_point"),
        ]


class Membership(Record):
    """A person works for, or belongs to, an organization: with a role, from, until; several at once, history kept.

    `moment_id` names the contact moment in which we heard of it, if there was one.
    """

    isolation = Isolation(
        parents=("person", "organization"),
        about="person",
        is_found=True,
        once=("person", "organization", "role", "department", "starts_on", "ends_on"),
    )

    person = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="memberships"
    )
    organization = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="members"
    )
    role = models.CharField(_("role"), max_length=160, blank=True)
    department = models.CharField(_("department"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.HAND)
    moment_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("membership")
        indexes = [
            models.Index(fields=["workspace_id", "person"], name="relations_member_person"),
            models.Index(fields=["workspace_id", "organization"], name="relations_member_org"),
        ]


class Tag(Record):
    """A word the company files things under: people, organizations and moments alike.

    It lives in the circle of what it was first used for: the word itself may be what nobody else should read.
    """

    isolation = Isolation(is_merged=True)

    name = models.CharField(_("name"), max_length=60)
    colour = models.CharField(max_length=10, default="grey")

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("tag")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "circle_id", "name"], name="relations_tag_name")]

    def __str__(self) -> str:
        return self.name


class Tagging(Record):
    """A relation filed under a tag."""

    isolation = Isolation(parents=("relation", "tag"), about="relation", is_found=True, once=("relation", "tag"))

    relation = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="taggings"
    )
    tag = models.ForeignKey(Tag, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("tagging")
        indexes = [
            models.Index(fields=["workspace_id", "relation"], name="relations_tagging_relation"),
            models.Index(fields=["workspace_id", "tag", "relation"], name="relations_tagging_tag"),
        ]


class Favourite(Record):
    """A relation that a colleague keeps at hand."""

    isolation = Isolation(parents=("relation",), about="relation", is_recorded=False, once=("relation", "seat"))

    relation = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="favourites"
    )
    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("favourite")
        indexes = [
            models.Index(fields=["workspace_id", "seat", "relation"], name="relations_favourite_seat"),
            models.Index(fields=["workspace_id", "relation"], name="relations_favourite_relation"),
        ]


class Visit(Record):
    """A relation that a colleague looked at lately: theirs alone, and nobody else's business."""

    isolation = Isolation(parents=("relation",), about="relation", is_recorded=False, once=("relation", "seat"))

    relation = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("visit of a page")
        indexes = [
            models.Index(fields=["workspace_id", "seat", "-at"], name="relations_visit_seat"),
            models.Index(fields=["workspace_id", "relation"], name="relations_visit_relation"),
        ]


class Follow(Record):
    """A relation whose news a colleague wants to hear."""

    isolation = Isolation(parents=("relation",), about="relation", is_recorded=False, once=("relation", "seat"))

    relation = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="follows"
    )
    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("follow")
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "relation", "seat"], name="relations_follow_once")
        ]
        indexes = [models.Index(fields=["workspace_id", "seat"], name="relations_follow_seat")]


class ImportantDate(Record):
    """A day that matters to a relation."""

    isolation = Isolation(parents=("relation",), about="relation", once=("relation", "kind", "on", "note"))

    relation = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="dates"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=DateKind.choices)
    on = models.DateField(_("date"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "relations_important_date"
        verbose_name = _("important date")
        indexes = [models.Index(fields=["workspace_id", "relation"], name="relations_date_relation")]


class Interest(Record):
    """What moves this person."""

    isolation = Isolation(parents=("relation",), about="relation", once=("relation", "text"))

    relation = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="interests"
    )
    text = models.CharField(_("interest"), max_length=200)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.HAND)
    noted_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("interest")
        indexes = [models.Index(fields=["workspace_id", "relation"], name="relations_interest_relation")]


# They refer to what stands above; other domains import them from here.
from plein.relations.erased import ErasedAddress as ErasedAddress  # noqa: E402
from plein.relations.former import Former as Former  # noqa: E402
from plein.relations.tied import Tie as Tie  # noqa: E402
from plein.relations.tied import TieType as TieType  # noqa: E402
from plein.relations.values import RelationCell as RelationCell  # noqa: E402
from plein.relations.values import RelationValues as RelationValues  # noqa: E402
