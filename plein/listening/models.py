# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues listen for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.records import Isolation, VersionedRecord
from plein.listening.vocabulary import LONGEST_NAME, About
from plein.trust.models import Seat


class Search(VersionedRecord):
    """Words to listen for in what is said in public, under a name, for oneself, a team or everyone.

    Each line of `words` is heard by itself, all words of a line together; what holds a line of `never` is left out.
    """

    isolation = Isolation()

    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    about = models.CharField(_("what it listens for"), max_length=12, choices=About.choices, default=About.SUBJECT)
    words = models.TextField(_("words"))
    never = models.TextField(_("never with"), blank=True)
    owner = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("search that listens")
        indexes = [models.Index(fields=["workspace_id", "name", "id"], name="listening_search_name")]

    def __str__(self) -> str:
        return self.name
