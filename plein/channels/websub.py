# SPDX-License-Identifier: AGPL-3.0-or-later
"""WebSub: a feed with a hub tells us that there is news, at an address that only the hub knows.

The address itself says whose feed it is, signed with our key, so that nobody can make one up. What a hub sends is not
read: it only makes us look at the feed at once. When it is silent, the feed is looked at once an hour all the same.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import salted_hmac

from plein.channels.connectors.feed.connector import hub_in
from plein.channels.live import Net, Trouble
from plein.channels.models import Connection
from plein.core.ids import now

#: So long we want to be told, and so long before the end we ask again; and after so long when nothing was answered.
LEASE, RENEW, AGAIN = timedelta(days=10), timedelta(days=1), timedelta(hours=6)
LONGEST_LEASE = timedelta(days=30)
#: How often a feed is looked at of which we are told.
TOLD_EVERY = timedelta(hours=1)
#: What stays noted of a hub when it agrees.
KEPT = ("hub", "topic", "asked_at", "told_at")
_SIGNER = Signer(salt="plein.channels.websub")
_ALGORITHMS = {"sha1", "sha256", "sha384", "sha512"}


@dataclass(frozen=True, slots=True)
class Told:
    """Whose feed an address is about."""

    workspace: int
    user: UUID
    connection: UUID


def token_for(told: Told) -> str:
    """What stands in the address at which a hub tells us."""
    return _SIGNER.sign(f"{told.workspace}-{told.user.hex}-{told.connection.hex}")


def told_by(token: str) -> Told | None:
    """Whose feed an address is about; None for one that we did not make."""
    try:
        workspace, user, connection = _SIGNER.unsign(token).split("-")
        return Told(int(workspace), UUID(user), UUID(connection))
    except (BadSignature, ValueError):
        return None


def secret_for(token: str) -> str:
    """What a hub signs with."""
    return salted_hmac("plein.channels.websub.secret", token, algorithm="sha256").hexdigest()


def is_signed(token: str, header: str, body: bytes) -> bool:
    """Whether a hub that knows the secret sent this."""
    name, _sign, digest = header.partition("=")
    if name not in _ALGORITHMS:
        return False
    right = hmac.new(secret_for(token).encode(), body, getattr(hashlib, name)).hexdigest()
    return hmac.compare_digest(right, digest.strip().lower())


def can_be_told() -> bool:
    """Whether hubs on the internet can reach us: over https, under a name that is not of this machine alone."""
    host = urlsplit(settings.PLEIN_URL).hostname or ""
    return settings.PLEIN_URL.startswith("https://") and "." in host


def wants_telling(connection: Connection) -> bool:
    """Whether it is time to ask the hub of a feed to tell us, for the first time or again."""
    hub, topic = hub_in(connection.cursor) if connection.connector == "feed" else ("", "")
    if not hub or not topic or not can_be_told():
        return False
    noted = connection.preview.get("hub") or {}
    is_other = (noted.get("hub"), noted.get("topic")) != (hub, topic)
    until, asked = _moment(noted.get("until")), _moment(noted.get("asked_at"))
    is_over = until is None or until - RENEW < now()
    return is_other or (is_over and (asked is None or asked + AGAIN < now()))


def is_told(connection: Connection) -> bool:
    """Whether the hub of a feed said that it tells us."""
    until = _moment((connection.preview.get("hub") or {}).get("until"))
    return until is not None and until > now()


class HubState(StrEnum):
    """What came of asking the hub of a feed to tell us; who cannot be reached asks none."""

    NONE = "none"
    OUT_OF_REACH = "out of reach"
    FAILED = "failed"
    REFUSED = "refused"
    ASKED = "asked"
    TELLS = "tells"


@dataclass(frozen=True, slots=True)
class Telling:
    """How it stands with the hub of a feed: until when it tells us, or when it is asked anew and why it does not."""

    state: HubState
    hub: str = ""
    until: datetime | None = None
    again_at: datetime | None = None
    told_at: datetime | None = None
    problem: str = ""


def telling_of(connection: Connection) -> Telling | None:
    """How it stands with the hub; None for what is no feed, or was not heard yet."""
    if connection.connector != "feed" or not connection.cursor:
        return None
    hub, topic = hub_in(connection.cursor)
    noted = connection.preview.get("hub") or {}
    if not hub:
        return Telling(HubState.NONE)
    if not can_be_told():
        return Telling(HubState.OUT_OF_REACH, hub)
    if (noted.get("hub"), noted.get("topic")) != (hub, topic):
        return Telling(HubState.ASKED, hub)
    until, asked = _moment(noted.get("until")), _moment(noted.get("asked_at"))
    again, problem = asked + AGAIN if asked else None, str(noted.get("problem", ""))
    if until is not None and until > now():
        return Telling(HubState.TELLS, hub, until, told_at=_moment(noted.get("told_at")))
    if problem:
        return Telling(HubState.FAILED, hub, again_at=again, problem=problem)
    return Telling(HubState.REFUSED if noted.get("is_denied") else HubState.ASKED, hub, again_at=again)


def asking(connection: Connection) -> dict[str, Any]:
    """What is noted before a hub is asked, for it may answer while it is."""
    hub, topic = hub_in(connection.cursor)
    noted = connection.preview.get("hub") or {}
    is_same = (noted.get("hub"), noted.get("topic")) == (hub, topic)
    # Until it answers it tells us for as long as it said.
    before = {name: noted[name] for name in ("until", "told_at") if is_same and name in noted}
    return {"hub": hub, "topic": topic, "asked_at": now().isoformat()} | before


def ask_hub(noted: dict[str, Any], told: Told, net: Net) -> None:
    """Ask the hub of a feed to tell us. Raises Trouble."""
    hub, topic, token = noted["hub"], noted["topic"], token_for(told)
    form = {
        "hub.mode": "subscribe",
        "hub.topic": topic,
        "hub.callback": f"{settings.PLEIN_URL.rstrip('/')}{reverse('moments:feed_told', args=[token])}",
        "hub.lease_seconds": str(int(LEASE.total_seconds())),
        "hub.secret": secret_for(token),
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    reply = net.ask("POST", hub, headers=headers, body=urlencode(form).encode())
    if not 200 <= reply.status < 300:
        raise Trouble(f"The hub of this feed answered {reply.status}.")


def not_asked(connection: Connection, problem: str) -> dict[str, Any]:
    """What is noted when a hub could not be asked."""
    return {**(connection.preview.get("hub") or {}), "problem": problem}


def agreed(connection: Connection, mode: str, topic: str, lease: str) -> dict[str, Any] | None:
    """What is to be noted when a hub asks whether we want to be told; None when we do not, or not of this."""
    noted: dict[str, Any] = dict(connection.preview.get("hub") or {})
    if not noted or topic != noted.get("topic"):
        return None
    if mode == "denied":
        return {**noted, "until": None, "is_denied": True}
    if mode != "subscribe":
        return None
    seconds = int(lease) if lease.isascii() and lease.isdigit() and len(lease) < 12 else int(LEASE.total_seconds())
    until = now() + min(timedelta(seconds=seconds), LONGEST_LEASE)
    return {name: noted[name] for name in KEPT if name in noted} | {"until": until.isoformat()}


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
