# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may be there twice: the pairs that comparing the whole book found, what was said of them, and the runs."""

from uuid import UUID, uuid5

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Isolation, Record, WorkspaceRecord
from plein.relations.models import Relation
from plein.trust.models import Seat


def id_of_pair(one: UUID, other: UUID, circle: int | None) -> UUID:
    """Under which address two stand, the lower id first: whoever finds them again finds it too."""
    return uuid5(one, f"{other} {circle or ''}")


class Pair(Record):
    """Two people who may be one. Derived: each comparing of the book writes them anew, but not those of an import.

    `brought_by` is the import of addresses or mail that left open who this is: the other one, who came in by it.

    `own_circle_id` is who saw both when they were compared: whoever comes to see both later learns nothing of what was
    hidden then. `levels` has for each field that both have the level and its bits. `group_id` is the lowest id of
    those who are put together.
    """

    isolation = Isolation(parents=("one", "other"), own_circle="own_circle_id", is_recorded=False)

    one = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    other = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    own_circle_id = models.IntegerField(null=True)
    bits = models.FloatField()
    prior = models.FloatField()
    levels = models.JSONField(default=list)
    group_id = models.UUIDField(null=True)
    run_id = models.UUIDField()
    brought_by = models.UUIDField(null=True)
    found_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("two who may be one")
        indexes = [
            models.Index(fields=["workspace_id", "-bits", "id"], name="identity_pair_bits"),
            models.Index(fields=["workspace_id", "one"], name="identity_pair_one"),
            models.Index(fields=["workspace_id", "other"], name="identity_pair_other"),
            models.Index(
                fields=["workspace_id", "brought_by"],
                condition=models.Q(brought_by__isnull=False),
                name="identity_pair_brought",
            ),
        ]


class Said(models.TextChoices):
    """What somebody said of two people."""

    SAME = "same", _("the same person")
    APART = "apart", _("two people")
    LATER = "later", _("later")


class Review(Record):
    """What somebody said of two people who may be one, and how many bits spoke for it then.

    Of two who became one both ends are the one that is left.
    """

    isolation = Isolation(parents=("one", "other"), about="one")

    one = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    other = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    said = models.CharField(max_length=10, choices=Said.choices)
    bits = models.FloatField()
    until = models.DateField(null=True)
    decided_by = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    decided_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("what was said of two who may be one")
        indexes = [
            models.Index(fields=["workspace_id", "one"], name="identity_review_one"),
            models.Index(fields=["workspace_id", "other"], name="identity_review_other"),
        ]


class Sureness(WorkspaceRecord):
    """From how many bits on this company merges several pairs at once, where otherwise than Plein proposes."""

    isolation = Isolation(has_circle=False)

    bits = models.FloatField()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("from when two are surely one")
        constraints = [models.UniqueConstraint(fields=["workspace_id"], name="identity_sureness_once")]


class RunState(models.TextChoices):
    """Where comparing the book stands."""

    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("stopped")


class BookRun(Record):
    """One comparing of the whole book, as whoever began it sees it; only they see it.

    `step` is what is being done, `done` of `total` how far that is. `fence`, `holder` and `lease_until` are those of
    plein/core/leases.py.
    """

    isolation = Isolation(is_recorded=False)

    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.RUNNING)
    step = models.CharField(max_length=10, default="read")
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    people = models.IntegerField(default=0)
    pairs = models.IntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    fence = models.IntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "identity_book_run"
        verbose_name = _("comparing of the whole book")
        indexes = [models.Index(fields=["workspace_id", "seat", "-created_at"], name="identity_book_recent")]
