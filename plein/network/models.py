# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who knows whom, derived by the database from moments, memberships and declared ties (ADR 0032)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.records import Isolation, Record, RecordManager, WorkspaceRecord
from plein.relations.models import Relation, Tag
from plein.trust.models import Seat


class Contact(models.Model):
    """What passed between two relations, as far as one circle may know. Only triggers write here.

    The sums are exact and discounted to a fixed landmark, so that they grow by addition and never age. `out` is from
    the lower id to the higher one. Once something was taken away, `is_worn` says that the first and last day are to
    be looked up.
    """

    isolation = Isolation(is_recorded=False)

    id = models.BigAutoField(primary_key=True)
    workspace_id = models.IntegerField()
    circle_id = models.IntegerField()
    low_id = models.UUIDField()
    high_id = models.UUIDField()
    sum_out = models.DecimalField()
    sum_in = models.DecimalField()
    moments = models.IntegerField()
    written_out = models.IntegerField()
    written_in = models.IntegerField()
    called_out = models.IntegerField()
    called_in = models.IntegerField()
    chatted_out = models.IntegerField()
    chatted_in = models.IntegerField()
    posted_out = models.IntegerField()
    posted_in = models.IntegerField()
    together = models.IntegerField()
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    is_worn = models.BooleanField()

    objects = RecordManager["Contact"]()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("contact between two relations")
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "low_id", "high_id", "circle_id"], name="network_contact_pair"
            )
        ]

    def __str__(self) -> str:
        return f"{self.low_id} {self.high_id}"


class Half(models.Model):
    """One direction of a tie: what a search follows from one relation to the next. Only triggers write here.

    A lasting tie weighs its strength; one from contact the logarithm of its sum, which is in the same order for ever.
    `asked_until` is up to when the far side may be asked for an introduction. A tie of somebody whose data are not
    used is not used either.
    """

    isolation = Isolation(is_recorded=False)

    id = models.BigAutoField(primary_key=True)
    workspace_id = models.IntegerField()
    circle_id = models.IntegerField()
    near_id = models.UUIDField()
    far_id = models.UUIDField()
    ground = models.SmallIntegerField()
    is_lasting = models.BooleanField()
    weight = models.FloatField()
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    is_shared = models.BooleanField()
    to_person = models.BooleanField()
    asked_until = models.DateTimeField()
    is_used = models.BooleanField()
    origin_id = models.UUIDField(null=True)
    beside_id = models.UUIDField(null=True)

    objects = RecordManager["Half"]()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("tie")
        indexes = [
            models.Index(
                fields=["workspace_id", "near_id", "is_lasting", "-weight"],
                include=[
                    "far_id",
                    "circle_id",
                    "ground",
                    "starts_on",
                    "ends_on",
                    "is_shared",
                    "to_person",
                    "asked_until",
                ],
                condition=models.Q(is_used=True),
                name="network_half_hot",
            ),
            # All ties of some circles: what a reader sees beside that which everyone here does.
            models.Index(fields=["workspace_id", "circle_id"], name="network_half_circle"),
            models.Index(fields=["workspace_id", "near_id", "far_id"], name="network_half_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.near_id} {self.far_id}"


class Feed(models.Model):
    """That a tie of somebody came, changed or went, in which transaction: what a snapshot may not answer for.

    Only triggers write here, one line for each circle, so that a reader is told of what they see. An empty id means
    that too much changed to name it. What is older than the snapshot in use is forgotten.
    """

    isolation = Isolation(is_recorded=False, ends_with_circle=True)

    id = models.BigAutoField(primary_key=True)
    workspace_id = models.IntegerField()
    circle_id = models.IntegerField()
    near_id = models.UUIDField()
    transaction = models.BigIntegerField()

    objects = RecordManager["Feed"]()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("change of a tie")
        indexes = [models.Index(fields=["workspace_id", "transaction"], name="network_feed_since")]

    def __str__(self) -> str:
        return f"{self.near_id} {self.transaction}"


class Snapshot(WorkspaceRecord):
    """Which snapshot of the network is the one in use, and how large it is; its folder bears its id."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    at = models.DateTimeField()
    relations = models.IntegerField()
    halves = models.IntegerField()
    bytes = models.BigIntegerField()
    seconds = models.FloatField()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("snapshot of the network")
        indexes = [models.Index(fields=["workspace_id", "-at"], name="network_snapshot_latest")]

    def __str__(self) -> str:
        return str(self.at)


class Measuring(WorkspaceRecord):
    """How a company measures strength, where it does so otherwise than Plein; the database follows at once.

    half_life    days after which half of a contact is left
    reciprocity  what contact in one direction only keeps of its weight
    even         the sum of weights at which strength is one half
    crowd        with more people than this in one moment, nobody gets to know anybody
    weights      what a contact of a kind weighs, by its name
    floors       what a tie that was declared or shared is worth, by the number of its ground
    """

    isolation = Isolation(has_circle=False)

    half_life = models.PositiveIntegerField()
    reciprocity = models.FloatField()
    even = models.FloatField()
    crowd = models.PositiveIntegerField()
    weights = models.JSONField()
    floors = models.JSONField()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("measure of strength")
        constraints = [models.UniqueConstraint(fields=["workspace_id"], name="network_measuring_once")]

    def __str__(self) -> str:
        return str(self.half_life)


class Refusal(WorkspaceRecord):
    """That somebody is not asked about one person: for good, or for one asker until a time (ADR 0033).

    It is nobody's to read, so it is no history and stands on no page but the refuser's own.
    """

    isolation = Isolation(has_circle=False, is_recorded=False, once=("person", "target", "seat", "until"))

    person = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    target = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    until = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("refusal to introduce somebody")
        indexes = [
            models.Index(fields=["workspace_id", "target"], name="network_refusal_target"),
            models.Index(fields=["workspace_id", "person"], name="network_refusal_person"),
            models.Index(fields=["workspace_id", "seat", "until"], name="network_refusal_seat"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.target_id}"


class Answer(WorkspaceRecord):
    """That somebody who was asked for an introduction helped, or did not: what willingness is counted from."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    person = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    is_yes = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("answer to a request for an introduction")
        indexes = [
            models.Index(fields=["workspace_id", "at"], name="network_answer_at"),
            models.Index(fields=["workspace_id", "person"], name="network_answer_person"),
            models.Index(fields=["workspace_id", "seat"], name="network_answer_seat"),
        ]

    def __str__(self) -> str:
        return str(self.person_id)


class Group(WorkspaceRecord):
    """People who know each other rather than others, as the nightly batch found them in what everyone here sees.

    What they share names them: where most of them work, live or are filed under; else who is best known among them.
    Only ids and a place are kept, so that a name is read with the reader's own eyes.

    x, y, radius  where it lies in the picture of the whole network, if it is drawn
    own_step      how far its people stand apart in a picture of it alone
    parts         the circles of that picture: x, y and radius of each
    """

    isolation = Isolation(has_circle=False, is_recorded=False)

    number = models.IntegerField()
    size = models.IntegerField()
    organization = models.ForeignKey(
        Relation, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    tag = models.ForeignKey(
        Tag, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    place = models.CharField(max_length=200, default="")
    best = models.ForeignKey(
        Relation, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    x = models.SmallIntegerField(null=True)
    y = models.SmallIntegerField(null=True)
    radius = models.SmallIntegerField(null=True)
    own_step = models.FloatField(null=True)
    parts = ArrayField(models.SmallIntegerField(), null=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("group in the network")
        indexes = [
            models.Index(fields=["workspace_id", "number"], name="network_group_number"),
            models.Index(fields=["workspace_id", "organization"], name="network_group_organization"),
            models.Index(fields=["workspace_id", "tag"], name="network_group_tag"),
            models.Index(fields=["workspace_id", "best"], name="network_group_best"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Influence(Record):
    """How somebody stands in the network that everyone here sees; made anew each night, and nobody's history.

    place          by PageRank, from 1
    core           everybody in their circle knows at least so many others of it
    between        the share of shortest ways on which they stand in between, and `between_place` the place by that
    only_way_to    how many people nobody else here leads to
    joins          groups beside their own in which they know several people, by number, most ties first
    x, y           where they stand in the picture of the whole network, if they are drawn there
    own_x, own_y   the same in the picture of their group alone, and `part` the circle in it
    """

    isolation = Isolation(parents=("person",), is_recorded=False, once=("person",))

    person = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    rank = models.FloatField()
    place = models.IntegerField()
    core = models.IntegerField()
    between = models.FloatField()
    between_place = models.IntegerField()
    only_way_to = models.IntegerField()
    group_number = models.IntegerField()
    joins = ArrayField(models.IntegerField(), default=list)
    x = models.SmallIntegerField(null=True)
    y = models.SmallIntegerField(null=True)
    own_x = models.SmallIntegerField(null=True)
    own_y = models.SmallIntegerField(null=True)
    part = models.SmallIntegerField(null=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("standing in the network")
        indexes = [
            models.Index(fields=["workspace_id", "person"], name="network_influence_person"),
            models.Index(fields=["workspace_id", "place"], name="network_influence_place"),
        ]

    def __str__(self) -> str:
        return str(self.person_id)


class Bridge(Record):
    """A tie without which some would be cut off from the others; of the last night, as `Influence` is.

    From `near` to `far`, behind whom so many are, themselves included: the smaller side.
    """

    isolation = Isolation(parents=("near", "far"), is_recorded=False, once=("near", "far"))

    near = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    far = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    beyond = models.IntegerField()
    place = models.IntegerField()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("only tie between two sides")
        indexes = [
            models.Index(fields=["workspace_id", "near"], name="network_bridge_near"),
            models.Index(fields=["workspace_id", "far"], name="network_bridge_far"),
            models.Index(fields=["workspace_id", "place"], name="network_bridge_place"),
        ]

    def __str__(self) -> str:
        return f"{self.near_id} {self.far_id}"


class Census(WorkspaceRecord):
    """The network that everyone here sees, in a few figures, as of the last night.

    step  how far people stand apart in the picture of the whole
    """

    isolation = Isolation(has_circle=False, is_recorded=False)

    at = models.DateTimeField()
    people = models.IntegerField()
    ties = models.IntegerField()
    parts = models.IntegerField()
    largest_part = models.IntegerField()
    groups = models.IntegerField()
    bridges = models.IntegerField()
    triangles = models.BigIntegerField()
    deepest_core = models.IntegerField()
    step = models.FloatField(null=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("figures of the network")
        indexes = [models.Index(fields=["workspace_id"], name="network_census_workspace")]

    def __str__(self) -> str:
        return str(self.at)
