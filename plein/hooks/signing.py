# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a call is signed by who shares a secret with us, and recent: Standard Webhooks, and the way of GitHub."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from plein.core.ids import now
from plein.hooks.vocabulary import Signing, Wrong

PREFIX = "whsec_"
#: How far the clock of the other side may be from ours.
TOLERANCE = 300
#: A call may carry a signature for each of several secrets; more than this is a game.
MOST_SIGNATURES = 10
LONGEST_ID = 190
#: Names under which programs number their calls where they do not sign them.
ID_HEADERS = ("webhook-id", "svix-id", "idempotency-key", "x-github-delivery", "x-request-id")


class NotSigned(Exception):
    """A call that is not to be believed, and why."""

    def __init__(self, why: Wrong) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Call:
    """What came: its headers by their names in small letters, and its body as it was sent."""

    headers: Mapping[str, str]
    body: bytes


def new_secret() -> str:
    """A secret to sign with."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """The key in a secret of Standard Webhooks; one that is no base64 is taken as it is."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return secret.encode()


def signature(secret: str, name: str, stamp: str, body: bytes) -> str:
    """The signature of a call by Standard Webhooks."""
    signed = name.encode() + b"." + stamp.encode() + b"." + body
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, "sha256")).decode()


def checked(call: Call, signing: str, secret: str) -> str:
    """What the call is known by, so that it counts once; raises NotSigned."""
    if signing == Signing.STANDARD:
        return _standard(call, secret)
    if signing == Signing.GITHUB:
        return _github(call, secret)
    named = next((call.headers[one] for one in ID_HEADERS if call.headers.get(one)), "")
    # Whoever signs nothing proves nothing: two equal calls may be two events.
    return named[:LONGEST_ID] or secrets.token_hex(16)


def _standard(call: Call, secret: str) -> str:
    name, stamp, given = (
        call.headers.get(f"webhook-{part}") or call.headers.get(f"svix-{part}") or ""
        for part in ("id", "timestamp", "signature")
    )
    if not (name and stamp and given):
        raise NotSigned(Wrong.MISSING)
    if len(name) > LONGEST_ID or not (stamp.isascii() and stamp.isdigit()) or len(stamp) > 12:
        raise NotSigned(Wrong.SIGNATURE)
    wanted = signature(secret, name, stamp, call.body)
    fitting = [hmac.compare_digest(wanted.encode(), one.encode()) for one in given.split(" ")[:MOST_SIGNATURES]]
    if not any(fitting):
        raise NotSigned(Wrong.SIGNATURE)
    if abs(now().timestamp() - int(stamp)) > TOLERANCE:
        raise NotSigned(Wrong.STALE)
    return name


def _github(call: Call, secret: str) -> str:
    given = call.headers.get("x-hub-signature-256", "")
    if not given:
        raise NotSigned(Wrong.MISSING)
    wanted = "sha256=" + hmac.digest(secret.encode(), call.body, "sha256").hex()
    if not hmac.compare_digest(wanted.encode(), given.lower().encode()):
        raise NotSigned(Wrong.SIGNATURE)
    # The number of the call is not signed, so whoever sends it again could give it another: its body tells it apart.
    return "body:" + hashlib.sha256(call.body).hexdigest()
