# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where to go on, after an act, when guests of an appointment are to be invited or told."""

from uuid import UUID

from django.urls import NoReverseMatch, reverse

from plein.moments.queries import has_untold


def guests_page(moment_id: UUID) -> str:
    """Where guests are invited, and told what changed."""
    try:
        return reverse("outbox:guests", args=[moment_id])
    except NoReverseMatch:
        return ""


def guests_to_tell(moment_id: UUID) -> str:
    """Where to go to tell those who were invited, when they do not know how it is by now: that is asked at once."""
    return guests_page(moment_id) if has_untold(moment_id) else ""
