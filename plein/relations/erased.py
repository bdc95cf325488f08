# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses of people who were erased: nobody is made of them again by itself."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Isolation, WorkspaceRecord
from plein.relations.vocabulary import ContactKind


class ErasedAddress(WorkspaceRecord):
    """An address or number of somebody who was erased: its keyed hash, by which it is known when it comes in again."""

    #: Others are found by name, and a hash of them would help nobody.
    KINDS: ClassVar = (ContactKind.EMAIL, ContactKind.PHONE, ContactKind.HANDLE)

    isolation = Isolation(has_circle=False)

    digest = models.CharField(max_length=64, db_collation="C")
    erased_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        db_table = "relations_erased_address"
        verbose_name = _("erased address")
        indexes = [models.Index(fields=["workspace_id", "digest"], name="relations_erased_digest")]

    def __str__(self) -> str:
        return self.digest
