# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.records import Isolation, Record
from plein.moments.models.moments import Moment
from plein.relations.models import Tag


class MomentTagging(Record):
    """A moment filed under a tag."""

    isolation = Isolation(parents=("moment", "tag"), about="moment", is_found=True, once=("moment", "tag"))

    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="taggings"
    )
    tag = models.ForeignKey(
        Tag, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="moment_taggings"
    )

    class Meta:
        base_manager_name = "objects"
        db_table = "moments_tagging"
        verbose_name = _("tagging of a moment")
        indexes = [
            models.Index(fields=["workspace_id", "moment"], name="moments_tagging_moment"),
            models.Index(fields=["workspace_id", "tag", "moment"], name="moments_tagging_tag"),
        ]
