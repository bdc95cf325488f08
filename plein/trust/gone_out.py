# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who went out to a provider from this browser, and what they took along: compared once, when they come back."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from plein.core.ids import now
from plein.trust.addresses import safe_next
from plein.trust.models import SignInProvider
from plein.trust.providers import Question, Refused
from plein.trust.sessions import ANONYMOUS_SECONDS

#: What a session keeps of those who went out, by the state they took along; and of whom wants to connect.
OUT, CONNECTING = "gone_to_providers", "connecting"
PATIENCE = timedelta(minutes=10)
MOST_OUT = 5


def remember(request: HttpRequest, provider: SignInProvider, question: Question) -> None:
    """Keep what we compare with, of the last few who went out."""
    if request.session.is_empty():
        request.session.set_expiry(ANONYMOUS_SECONDS)
    out: dict[str, Any] = dict(list(request.session.get(OUT, {}).items())[-MOST_OUT + 1 :])
    out[question.state] = {
        "provider": str(provider.id),
        "nonce": question.nonce,
        "verifier": question.verifier,
        "at": now().isoformat(),
        "target": safe_next(request.GET.get("next")),
        "invitation": request.GET.get("invitation", "")[:100],
        "connect": request.session.get(CONNECTING) == str(provider.id),
    }
    request.session[OUT] = out


def recall(request: HttpRequest, provider: SignInProvider) -> tuple[Question, dict[str, Any]]:
    """What this browser took along, once; raises Refused when it is not ours, too old, or meant for another."""
    out = dict(request.session.get(OUT, {}))
    state = request.GET.get("state", "")
    kept = out.pop(state, None)
    request.session[OUT] = out
    if kept is None or kept["provider"] != str(provider.id):
        raise Refused("unknown state")
    if now() - datetime.fromisoformat(kept["at"]) > PATIENCE:
        raise Refused("too late")
    return Question(state, kept["nonce"], kept["verifier"]), kept
