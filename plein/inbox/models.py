# SPDX-License-Identifier: AGPL-3.0-or-later
"""What became of each message that came in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.records import Isolation, Record
from plein.inbox.vocabulary import Lane, State
from plein.moments.models import Moment
from plein.moments.vocabulary import Relevance
from plein.trust.models import Seat


class Message(Record):
    """A moment that came in, as something to be dealt with. It lives in the circle of the moment.

    `at` is its place in the list: when it came in, or until when somebody put it off. `worth`, `lane`, `filed_as` and
    `is_unsure` follow from what the text is worth (`sql/filing.sql`), and `trail` tells each move: when, from where,
    to where, and whether a colleague said so. `is_kept` says that a colleague took it into the inbox all the same.
    """

    isolation = Isolation(
        parents=("moment",),
        about="moment",
        once=("moment",),
        unrecorded=("worth", "lane", "filed_as", "is_unsure", "trail"),
    )

    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    lane = models.CharField(max_length=10, choices=Lane.choices, default=Lane.INBOX)
    worth = models.CharField(max_length=12, choices=Relevance.choices, blank=True)
    filed_as = models.CharField(max_length=12, blank=True)
    is_unsure = models.BooleanField(default=False)
    trail = models.JSONField(default=list)
    is_kept = models.BooleanField(default=False)
    came_at = models.DateTimeField()
    at = models.DateTimeField()
    assignee = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    done_by = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    done_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("message that came in")
        indexes = [
            models.Index(
                fields=["workspace_id", "-at", "-id"],
                condition=models.Q(state="open") & (models.Q(is_kept=True) | ~models.Q(lane="filed")),
                name="inbox_open",
            ),
            models.Index(fields=["workspace_id", "-at", "-id"], condition=models.Q(lane="filed"), name="inbox_filed"),
            models.Index(
                fields=["workspace_id", "-done_at", "-id"], condition=models.Q(state="done"), name="inbox_done"
            ),
            models.Index(fields=["workspace_id", "-came_at"], name="inbox_day"),
            models.Index(fields=["workspace_id", "moment"], name="inbox_moment"),
            *(
                models.Index(
                    fields=["workspace_id", name],
                    condition=models.Q(**{f"{name}__isnull": False}),
                    name=f"inbox_{name}",
                )
                for name in ("assignee", "done_by")
            ),
        ]

    def __str__(self) -> str:
        return self.state
