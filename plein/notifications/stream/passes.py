# SPDX-License-Identifier: AGPL-3.0-or-later
"""By what right a stream is open, asked again and again for as long as it is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db.models import Q
from django.utils.crypto import constant_time_compare

from plein.core.ids import now
from plein.core.isolation import Context, no_workspace, workspace_context
from plein.trust.models import ApiToken, Seat, StoredSession, User
from plein.trust.session_store import SessionStore
from plein.trust.sessions import is_over


@dataclass(frozen=True, slots=True)
class Pass:
    """A seat, and the session or the token through which its user came in."""

    user_id: UUID
    workspace_id: int
    seat_id: UUID
    session: str = ""
    token_id: UUID | None = None


def good(passes: Sequence[Pass]) -> set[Pass]:
    """Those that would be let in now, in three questions and one for each workspace."""
    with no_workspace("streams look whether they may stay"):
        users = User.objects.filter(is_active=True).in_bulk({one.user_id for one in passes})
        sessions = _sessions([one.session for one in passes if one.session])
        tokens = _tokens([one.token_id for one in passes if one.token_id])
    let_in = {one for one in passes if _has_right(one, users.get(one.user_id), sessions, tokens)}
    seats = _active_seats(let_in)
    return {one for one in let_in if one.seat_id in seats[one.workspace_id]}


def _sessions(digests: Iterable[str]) -> dict[str, dict[str, Any]]:
    reader = SessionStore()
    rows = StoredSession.objects.filter(session_key__in=set(digests), expire_date__gt=now())
    return {digest: reader.decode(data) for digest, data in rows.values_list("session_key", "session_data")}


def _tokens(ids: Iterable[UUID]) -> set[UUID]:
    alive = Q(expires_at__isnull=True) | Q(expires_at__gt=now())
    return set(ApiToken.objects.filter(alive, id__in=set(ids), revoked_at__isnull=True).values_list("id", flat=True))


def _has_right(one: Pass, user: User | None, sessions: dict[str, dict[str, Any]], tokens: set[UUID]) -> bool:
    if user is None:
        return False
    if one.token_id is not None:
        return one.token_id in tokens
    session = sessions.get(one.session, {})
    is_theirs = session.get(SESSION_KEY) == str(user.pk) and not is_over(session)
    return is_theirs and constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


def _active_seats(passes: Iterable[Pass]) -> dict[int, set[UUID]]:
    by_workspace: dict[int, set[UUID]] = defaultdict(set)
    for one in passes:
        by_workspace[one.workspace_id].add(one.seat_id)
    found: dict[int, set[UUID]] = {}
    for workspace, seats in by_workspace.items():
        with workspace_context(Context(workspace_id=workspace, door="stream")):
            active = Seat.objects.filter(id__in=seats, is_active=True)
            found[workspace] = set(active.values_list("id", flat=True))
    return found
