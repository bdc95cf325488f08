# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sessions: how long they last, what we remember of them, and how their owner ends them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from plein.core.ids import now
from plein.trust.models import StoredSession, User
from plein.trust.session_store import SessionStore, digest_of_key

IDLE = timedelta(hours=12)
LONGEST = timedelta(seconds=settings.SESSION_COOKIE_AGE)
SEEN_EVERY = timedelta(minutes=10)
SEEN, SINCE, AGENT = "seen_at", "signed_in_at", "agent"
BACKEND = "django.contrib.auth.backends.ModelBackend"
#: What browsers call themselves, the most telling name first.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class SignedInDevice:
    """One session as its owner sees it; `handle` names it without giving it away."""

    handle: str
    agent: str
    since: datetime | None
    seen_at: datetime | None
    is_this_one: bool


def begin(request: HttpRequest, user: User) -> None:
    """Sign a user in: a fresh session key, so that one known before is worth nothing."""
    request.session.flush()
    login(request, user, backend=BACKEND)
    request.session[SINCE] = now().isoformat()
    note(request)


def keep(request: HttpRequest, user: User) -> None:
    """Let this session live on after the password changed, under a fresh key; the others are over."""
    update_session_auth_hash(request, user)


def _moment(session: SessionBase | dict[str, Any], key: str) -> datetime | None:
    text = session.get(key)
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def is_over(session: SessionBase | dict[str, Any]) -> bool:
    """Whether nobody used the session for too long, or it began too long ago."""
    seen, since, moment = _moment(session, SEEN), _moment(session, SINCE), now()
    return (seen is not None and moment - seen > IDLE) or (since is not None and moment - since > LONGEST)


def note(request: HttpRequest) -> None:
    """Remember when the session was used last, at most every ten minutes, and on what."""
    session, moment = request.session, now()
    seen = _moment(session, SEEN)
    if seen is not None and moment - seen <= SEEN_EVERY:
        return
    session.setdefault(SINCE, moment.isoformat())
    session[SEEN] = moment.isoformat()
    session[AGENT] = family_of(request.headers.get("User-Agent", ""))


def family_of(agent: str) -> str:
    """Name the browser and the system, no more: "Firefox, Linux"."""
    known = (next((name for sign, name in names if sign in agent), "") for names in (BROWSERS, SYSTEMS))
    return ", ".join(filter(None, known))


def _handle(digest: str) -> str:
    return salted_hmac("plein.session", digest, algorithm="sha256").hexdigest()[:32]


def _sessions_of(user: User) -> list[tuple[str, dict[str, Any]]]:
    reader = SessionStore()
    rows = StoredSession.objects.filter(user=user, expire_date__gt=now()).values_list("session_key", "session_data")
    return [(digest, reader.decode(data)) for digest, data in rows]


def devices_of(user: User, current_key: str | None) -> list[SignedInDevice]:
    """Where a user is signed in, the most recently used first."""
    current = digest_of_key(current_key or "")
    devices = [
        SignedInDevice(
            handle=_handle(digest),
            agent=str(session.get(AGENT, "")),
            since=_moment(session, SINCE),
            seen_at=_moment(session, SEEN),
            is_this_one=digest == current,
        )
        for digest, session in _sessions_of(user)
        if not is_over(session)
    ]
    return sorted(devices, key=lambda one: (one.is_this_one, one.seen_at or one.since or now()), reverse=True)


def end(user: User, *, handle: str = "", but: str | None = None) -> int:
    """End the session of that handle, or without one every session of the user but this one."""
    kept = digest_of_key(but or "")
    digests = StoredSession.objects.filter(user=user).exclude(session_key=kept).values_list("session_key", flat=True)
    doomed = [digest for digest in digests if handle in ("", _handle(digest))]
    StoredSession.objects.filter(session_key__in=doomed).delete()
    return len(doomed)
