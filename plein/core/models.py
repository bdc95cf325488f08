# SPDX-License-Identifier: AGPL-3.0-or-later
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import new_id, now
from plein.core.isolation import current
from plein.core.records import Isolation, Record, RecordManager, WorkspaceRecord


class Operation(WorkspaceRecord):
    """One undoable action of a user: an edit, an import, a merge, a delete.

    Its facts are plain counts and ids, never a name or a text: who may not see a record learns nothing here.
    """

    isolation = Isolation(has_circle=False, is_recorded=False)

    seat_id = models.UUIDField(null=True)
    door = models.CharField(max_length=20)
    verb = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    started_at = models.DateTimeField(default=now)
    undoes = models.UUIDField(null=True)
    undone_by = models.UUIDField(null=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("operation")
        indexes = [models.Index(fields=["workspace_id", "-started_at", "id"], name="core_operation_recent")]


class Change(models.Model):
    """One row, before and after, under one operation. Only triggers write here."""

    isolation = Isolation(is_recorded=False, is_circle_optional=True)

    id = models.BigAutoField(primary_key=True)
    workspace_id = models.IntegerField()
    circle_id = models.IntegerField(null=True)
    operation_id = models.UUIDField()
    seat_id = models.UUIDField(null=True)
    table_name = models.TextField()
    kind = models.CharField(max_length=1)
    row_id = models.UUIDField()
    about_id = models.UUIDField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    at = models.DateTimeField()

    objects = RecordManager["Change"]()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("change")
        indexes = [
            models.Index(fields=["workspace_id", "operation_id", "id"], name="core_change_operation"),
            models.Index(fields=["workspace_id", "row_id", "id"], name="core_change_row"),
            models.Index(fields=["workspace_id", "about_id", "-id"], name="core_change_about"),
            models.Index(
                fields=["workspace_id", "table_name"], condition=models.Q(kind="D"), name="core_change_removed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.table_name} {self.row_id}"


class SearchDocument(Record):
    """What can be found of one row of a record: a name, a contact point, a subject, a text.

    The id is that of the row it was made from, so that a document lives in that row's circle; `record_id` is the
    record it leads to. Triggers keep it; it holds no text beyond a name or a subject.
    """

    isolation = Isolation(is_recorded=False, is_found=True)

    record_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    title = models.TextField(default="")
    digits = models.TextField(default="")
    words = SearchVectorField(null=True)
    occurred_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "core_search_document"
        verbose_name = _("search document")
        indexes = [
            models.Index(fields=["workspace_id", "record_id"], name="core_search_record"),
            models.Index(
                fields=["workspace_id", "-occurred_at", "circle_id"],
                condition=models.Q(kind__in=("subject", "text")),
                name="core_search_newest",
            ),
            # One index for each kind of thing: what is never asked together only lengthens the other.
            GinIndex(
                fields=["workspace_id", "words"],
                condition=models.Q(kind__in=("subject", "text")),
                name="core_search_texts",
            ),
            GinIndex(fields=["workspace_id", "words"], condition=models.Q(kind="contact"), name="core_search_contacts"),
            GinIndex(fields=["words"], condition=models.Q(kind="todo"), name="core_search_todos"),
            GinIndex(fields=["workspace_id", "words"], condition=models.Q(kind="values"), name="core_search_values"),
            GinIndex(
                fields=["workspace_id", "words"], condition=models.Q(kind="question"), name="core_search_questions"
            ),
            GinIndex(
                fields=["title"],
                opclasses=["gin_trgm_ops"],
                condition=models.Q(kind__in=("person", "organization")),
                name="core_search_title",
            ),
            GinIndex(
                fields=["digits"],
                opclasses=["gin_trgm_ops"],
                condition=~models.Q(digits=""),
                name="core_search_digits",
            ),
        ]


class SearchToken(Record):
    """One word of a name, folded, for finding people while one types: a prefix in an ordinary index."""

    isolation = Isolation(is_recorded=False, is_found=True)

    document_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    token = models.TextField(db_collation="C")
    title = models.TextField(db_collation="C")

    class Meta:
        base_manager_name = "objects"
        db_table = "core_search_token"
        verbose_name = _("search word")
        indexes = [
            # The circle at the end: what is hidden is passed over in the index, which takes no time that tells of it.
            models.Index(fields=["workspace_id", "token", "title", "circle_id"], name="core_token_reader"),
            models.Index(fields=["workspace_id", "document_id"], name="core_token_document"),
        ]


class SearchWord(Record):
    """Every word that occurs in a name, once in each circle: a mistyped word is compared with those of the reader.

    It says nothing about who bears the name: what is found by a word is looked up in the circles of the reader.
    """

    isolation = Isolation(is_recorded=False, is_found=True, ends_with_circle=True)

    word = models.TextField(db_collation="C")

    class Meta:
        base_manager_name = "objects"
        db_table = "core_search_word"
        verbose_name = _("word of a name")
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "word", "circle_id"], name="core_search_word_once"),
        ]
        # The circle first: words of other circles are not compared, which would take time that tells of them.
        indexes = [
            GinIndex(fields=["circle_id", "word"], opclasses=["int4_ops", "gin_trgm_ops"], name="core_search_word_like")
        ]

    def __str__(self) -> str:
        return self.word


class LogManager[M: models.Model](models.Manager[M]):
    """The log of the workspace in force; outside any workspace, the log of what belongs to none."""

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().filter(workspace_id=current().workspace_id or 0)


class AuditEntry(models.Model):
    """One line of the audit log: ids and keyed hashes only. Only functions of the database write here.

    `hash` seals the line to the one before it; `facts` is text, because it is sealed as it stands here. What is done
    in steps, such as an export, has a line for each step; they share a `run_id`.
    """

    isolation = Isolation(has_circle=False, is_recorded=False, is_log=True)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace_id = models.IntegerField(editable=False)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    event = models.CharField(max_length=40)
    seat_id = models.UUIDField(null=True)
    user_id = models.UUIDField(null=True)
    door = models.CharField(max_length=20)
    origin = models.CharField(max_length=32)
    session = models.CharField(max_length=32)
    token_id = models.UUIDField(null=True)
    run_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=30)
    records = ArrayField(models.UUIDField())
    facts = models.TextField()
    key = models.CharField(max_length=8)
    hash = models.BinaryField()

    objects = LogManager["AuditEntry"]()

    class Meta:
        base_manager_name = "objects"
        db_table = "core_audit_entry"
        verbose_name = _("line of the audit log")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "seq"], name="core_audit_place")]
        indexes = [
            models.Index(fields=["workspace_id", "-at", "-id"], name="core_audit_recent"),
            models.Index(fields=["workspace_id", "seat_id", "-at"], name="core_audit_seat"),
            models.Index(
                fields=["workspace_id", "run_id"], condition=models.Q(run_id__isnull=False), name="core_audit_run"
            ),
            GinIndex(fields=["workspace_id", "records"], name="core_audit_records"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.seq}"


class AuditHead(models.Model):
    """An end of a chain, sealed: its last one, the one of each day, and the one from which it starts when shortened."""

    isolation = Isolation(has_circle=False, is_recorded=False, is_log=True)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace_id = models.IntegerField(editable=False)
    kind = models.CharField(max_length=5)
    seq = models.BigIntegerField()
    hash = models.BinaryField()
    key = models.CharField(max_length=8)
    seal = models.BinaryField()
    at = models.DateTimeField()

    objects = LogManager["AuditHead"]()

    class Meta:
        base_manager_name = "objects"
        db_table = "core_audit_head"
        verbose_name = _("end of the audit log")
        indexes = [models.Index(fields=["workspace_id", "kind", "seq"], name="core_audit_head_place")]

    def __str__(self) -> str:
        return f"{self.kind} {self.seq}"


class Protection(models.Model):
    """The fingerprint of the protection in force: the server starts only when it is the one this code generates."""

    fingerprint = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("protection")

    def __str__(self) -> str:
        return self.fingerprint
