# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sessions: how long they last, what we remember of them, and how their owner ends them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, get_user, login, update_session_auth_hash
from django.contrib.auth import SESSION_KEY as OWNER
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from plein.core.ids import now
from plein.trust.models import StoredSession, User
from plein.trust.places import COUNT, count_places
from plein.trust.session_store import SessionStore, digest_of_key
from plein.trust.watching import audit_user

IDLE = timedelta(hours=12)
LONGEST = timedelta(seconds=settings.SESSION_COOKIE_AGE)
SEEN_EVERY = timedelta(minutes=10)
SEEN, SINCE, AGENT, PROVED = "seen_at", "signed_in_at", "agent", "proved_at"
#: Half signed in: the password was right, and the second proof is still to come.
HALF = "half"
#: That somebody else vouches for more than a password, and what the seat was allowed when the session was used last.
VOUCHED, RIGHTS = "vouched", "rights"
HALF_SECONDS = 600
#: How long we remember what we asked of somebody who has not signed in.
ANONYMOUS_SECONDS = 900
#: How long ago somebody may have proved who they are when they do what matters: rights, keys, large exports, erasure.
FRESH = timedelta(minutes=10)
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


def begin(request: HttpRequest, user: User, marks: dict[str, Any] | None = None) -> None:
    """Sign a user in: a fresh session key, so that one known before is worth nothing. `marks` are kept with it."""
    has_proved_twice = HALF in request.session or bool((marks or {}).get(VOUCHED))
    request.session.flush()
    login(request, user, backend=BACKEND)
    request.session.update(marks or {})
    request.session[SINCE] = request.session[PROVED] = now().isoformat()
    note(request, user)
    match = request.resolver_match
    audit_user("sign_in", user, by=match.url_name if match else None, twice=has_proved_twice)


@dataclass(frozen=True, slots=True)
class HalfSignedIn:
    """Somebody whose first proof was right, and where they want to go after the second."""

    user: User
    target: str
    marks: dict[str, Any]


def hold(request: HttpRequest, user: User, target: str, marks: dict[str, Any] | None = None) -> None:
    """Remember that the first proof was right, in a session that opens nothing yet."""
    request.session.flush()
    request.session.set_expiry(HALF_SECONDS)
    request.session[HALF] = {
        "user": str(user.id),
        "password": user.get_session_auth_hash(),
        "target": target,
        "at": now().isoformat(),
        "marks": marks or {},
    }


def held(request: HttpRequest) -> HalfSignedIn | None:
    """Who is half signed in, if that was not too long ago and their password is still the same."""
    half = request.session.get(HALF)
    if not isinstance(half, dict) or now() - datetime.fromisoformat(half["at"]) > timedelta(seconds=HALF_SECONDS):
        return None
    user = User.objects.filter(id=half["user"], is_active=True).first()
    if user is None or not constant_time_compare(half["password"], user.get_session_auth_hash()):
        return None
    return HalfSignedIn(user, half["target"], half["marks"])


def prove(request: HttpRequest) -> None:
    """Remember that the user proved just now, once more, who they are; `follow_rights` then gives a fresh key."""
    request.session[PROVED] = now().isoformat()
    if RIGHTS in request.session:
        request.session[RIGHTS] = PROVED


def is_fresh(request: HttpRequest) -> bool:
    """Whether the user proved a short while ago who they are."""
    proved = _moment(request.session, PROVED)
    return proved is not None and now() - proved <= FRESH


def follow_rights(request: HttpRequest, role: str) -> None:
    """Go on under a fresh key, and end the old one, when the user may do something else or proved who they are."""
    session = request.session
    known = session.get(RIGHTS)
    if known == role or OWNER not in session:
        return
    if known is not None:
        session.cycle_key()
    session[RIGHTS] = role


def keep(request: HttpRequest, user: User) -> None:
    """Let this session live on after the password changed, under a fresh key; the others are over."""
    update_session_auth_hash(request, user)


def signed_in_user(request: HttpRequest) -> Any:
    """Who is signed in: the owner of the session, read along with it; whatever is unusual, Django judges."""
    session: Any = request.session
    owner = session.get(OWNER) is not None and getattr(session, "owner", None)
    if not isinstance(owner, User) or str(owner.pk) != str(session.get(OWNER)):
        return get_user(request)
    is_theirs = constant_time_compare(str(session.get(HASH_SESSION_KEY, "")), owner.get_session_auth_hash())
    return owner if is_theirs and owner.is_active else get_user(request)


def _moment(session: SessionBase | dict[str, Any], key: str) -> datetime | None:
    text = session.get(key)
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def is_over(session: SessionBase | dict[str, Any]) -> bool:
    """Whether nobody used the session for too long, or it began too long ago."""
    seen, since, moment = _moment(session, SEEN), _moment(session, SINCE), now()
    return (seen is not None and moment - seen > IDLE) or (since is not None and moment - since > LONGEST)


def note(request: HttpRequest, user: User) -> None:
    """Remember when the session was used last, at most every ten minutes, and on what."""
    session, moment = request.session, now()
    seen = _moment(session, SEEN)
    if seen is not None and moment - seen <= SEEN_EVERY:
        return
    session.setdefault(SINCE, moment.isoformat())
    session[SEEN] = moment.isoformat()
    session[COUNT] = count_places(user)
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
    if doomed:
        audit_user("end_sessions", user, count=len(doomed))
    return len(doomed)
