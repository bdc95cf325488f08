# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where to go on, after an act, when guests of an appointment are to be invited or told."""

from uuid import UUID

from django.urls import NoReverseMatch, reverse

from plein.moments.queries import has_untold, latest_of


def guests_page(moment_id: UUID) -> str:
    """Where guests are invited, and told what changed."""
    try:
        return reverse("outbox:guests", args=[moment_id])
    except NoReverseMatch:
        return ""


def guests_to_tell(moment_id: UUID, series_id: UUID | None = None) -> str:
    """Where to go to tell those who were invited, when they do not know how it is by now: that is asked at once.

    `series_id` is the series that an appointment was of: what follows may be another one by now.
    """
    if has_untold(moment_id):
        return guests_page(moment_id)
    before = latest_of(series_id) if series_id else None
    return guests_page(before) if before and has_untold(before) else ""
