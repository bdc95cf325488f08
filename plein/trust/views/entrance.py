# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from plein.trust import sessions
from plein.trust.actions import has_second_factor
from plein.trust.attempts import Attempted
from plein.trust.models import User

UNPROCESSABLE, TOO_MANY, GONE = 422, 429, 410


def let_in(request: HttpRequest, user: User, target: str, marks: dict[str, Any] | None = None) -> HttpResponse:
    """After a first proof that was right: in, or on to the second proof when the user has one and nobody vouches."""
    with transaction.atomic():
        if has_second_factor(user) and not (marks or {}).get(sessions.VOUCHED):
            sessions.hold(request, user, target, marks)
            return redirect("trust:second_step")
        sessions.begin(request, user, marks)
    return redirect(target)


def too_often(response: HttpResponse, attempt: Attempted) -> HttpResponse:
    """Tell programs, too, how long to wait."""
    response["Retry-After"] = str(attempt.wait)
    return response


def counted(response: HttpResponse) -> HttpResponse:
    """A refusal that leaves its mark: what an error wrote is undone otherwise, and a guess is not to be forgotten."""
    response.keeps_what_was_counted = True  # type: ignore[attr-defined]
    return response
