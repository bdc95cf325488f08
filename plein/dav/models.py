# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.channels.models import Connection
from plein.core.ids import new_id, now
from plein.core.records import Isolation, Record, WorkspaceRecord
from plein.moments.models import Moment, ToDo
from plein.relations.models import Relation
from plein.trust.models import Seat, User


class DeviceKey(models.Model):
    """A password of one device, or the secret in the address of an agenda that is followed; only its hash is kept.

    It opens contacts and agenda of one user in one workspace, and no other door.
    """

    KINDS: ClassVar = [("device", _("a device")), ("agenda", _("an address to follow"))]
    REACHES: ClassVar = [
        ("mine", _("those I own or keep at hand")),
        ("all", _("everybody I may see")),
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=8, choices=KINDS, default="device")
    name = models.CharField(_("which device"), max_length=80, default="", blank=True)
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE, related_name="+")
    into_workspace = models.IntegerField()
    reach = models.CharField(_("which people"), max_length=4, choices=REACHES, default="mine")
    may_write = models.BooleanField(_("changes come back into Plein"), default=True)
    created_at = models.DateTimeField(default=now, editable=False)
    last_used_at = models.DateTimeField(null=True)
    #: A keyed hash of the address it was used from last: one can tell whether it is one's own, and nothing else.
    last_used_from = models.CharField(max_length=32, default="", blank=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "dav_device_key"
        verbose_name = _("app password")

    def __str__(self) -> str:
        return self.name


class Kept(Record):
    """What a colleague's devices made of a record: the text as they sent it, what of it was ours then, and its address.

    The text goes back to them with what changed here since, so that nothing they know and we do not gets lost. It is
    for that colleague alone: it may name what others may not see. `is_left_out` says that it stays off their devices.
    """

    isolation = Isolation(
        parents=("relation", "moment", "todo"),
        own_circle="own_circle_id",
    )

    own_circle_id = models.IntegerField(null=True)
    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+")
    relation = models.ForeignKey(
        Relation, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    moment = models.ForeignKey(
        Moment, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    todo = models.ForeignKey(
        ToDo, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    collection = models.CharField(max_length=20)
    name = models.CharField(max_length=300, db_collation="C")
    uid = models.CharField(max_length=500, db_collation="C")
    text = models.TextField(blank=True)
    ours = models.JSONField(default=dict)
    is_left_out = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "dav_kept"
        verbose_name = _("what a device knows")
        indexes = [
            models.Index(
                fields=["workspace_id", "relation"],
                condition=models.Q(relation__isnull=False),
                name="dav_kept_relation",
            ),
            models.Index(
                fields=["workspace_id", "moment"], condition=models.Q(moment__isnull=False), name="dav_kept_moment"
            ),
            models.Index(fields=["workspace_id", "todo"], condition=models.Q(todo__isnull=False), name="dav_kept_todo"),
            models.Index(fields=["workspace_id", "seat", "collection", "name"], name="dav_kept_name"),
        ]


class Mirrored(Record):
    """An appointment, a to-do or a card in the account of a connection elsewhere, and which record it is here.

    `name` is how the connection knows it. `text` is what both sides had in common last, `ours` what of it was ours
    then: who changed what since is seen by comparing with them. `theirs` is what the other side says where both changed
    the same, until it is decided; `is_gone` that it is not there any more, `is_waiting` that it was added here and is
    to stand there, until it surely does. For the owner of the connection alone.
    """

    isolation = Isolation(parents=("connection", "relation", "moment", "todo"), own_circle="own_circle_id")

    own_circle_id = models.IntegerField(null=True)
    connection = models.ForeignKey(
        Connection, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    relation = models.ForeignKey(
        Relation, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    moment = models.ForeignKey(
        Moment, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    todo = models.ForeignKey(
        ToDo, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    name = models.CharField(max_length=500, db_collation="C")
    collection = models.CharField(max_length=300, blank=True)
    href = models.CharField(max_length=1000, blank=True, db_collation="C")
    etag = models.CharField(max_length=300, blank=True, db_collation="C")
    uid = models.CharField(max_length=500, db_collation="C")
    text = models.TextField(blank=True)
    ours = models.JSONField(default=dict)
    theirs = models.TextField(blank=True)
    is_gone = models.BooleanField(default=False)
    is_waiting = models.BooleanField(default=False, db_default=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "dav_mirrored"
        verbose_name = _("what stands elsewhere")
        indexes = [
            models.Index(fields=["workspace_id", "connection", "name"], name="dav_mirrored_name"),
            models.Index(
                fields=["workspace_id", "relation"],
                condition=models.Q(relation__isnull=False),
                name="dav_mirrored_relation",
            ),
            models.Index(
                fields=["workspace_id", "moment"], condition=models.Q(moment__isnull=False), name="dav_mirrored_moment"
            ),
            models.Index(
                fields=["workspace_id", "todo"], condition=models.Q(todo__isnull=False), name="dav_mirrored_todo"
            ),
        ]


class Told(WorkspaceRecord):
    """What one device was told last of one collection: names and hashes, to tell it next time what changed since."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    key_id = models.UUIDField()
    collection = models.CharField(max_length=20)
    state = models.BinaryField()
    at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        db_table = "dav_told"
        verbose_name = _("what a device was told")
        indexes = [models.Index(fields=["workspace_id", "key_id", "collection", "-at"], name="dav_told_latest")]
