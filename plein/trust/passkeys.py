# SPDX-License-Identifier: AGPL-3.0-or-later
"""Passkeys (WebAuthn): a key pair on somebody's device signs what we ask it to; only this address may ask."""

import json
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from plein.core.ids import now
from plein.trust.models import Passkey, User

WAITING = "passkey"
PATIENCE = timedelta(minutes=5)
LONGEST_ANSWER = 50_000
#: What a broken or foreign answer makes the library raise.
UNREADABLE = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    AssertionError,
    NotImplementedError,
    struct.error,
)


class Refused(Exception):
    """The answer of a device does not prove what it should; the cause says why, for the log and not for people."""


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that a device made just now."""

    credential_id: bytes
    credential: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Proof:
    """A passkey that signed, and whether its device made sure who was holding it."""

    passkey: Passkey
    is_verified: bool


def _server() -> Fido2Server:
    address = urlsplit(settings.PLEIN_URL)
    origin = f"{address.scheme}://{address.netloc}"
    entity = PublicKeyCredentialRpEntity(name="Plein", id=address.hostname or "localhost")
    return Fido2Server(entity, verify_origin=lambda said: said == origin)


def _keep(session: SessionBase, purpose: str, state: dict[str, Any]) -> None:
    session[WAITING] = {"for": purpose, "state": state, "at": now().isoformat()}


def _take(session: SessionBase, purpose: str) -> dict[str, Any]:
    """What we asked, once: the same answer is worth nothing a second time."""
    kept = session.pop(WAITING, None)
    if not isinstance(kept, dict) or kept["for"] != purpose:
        raise Refused("nothing was asked")
    if now() - datetime.fromisoformat(kept["at"]) > PATIENCE:
        raise Refused("asked too long ago")
    state: dict[str, Any] = kept["state"]
    return state


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise Refused("too long")
    try:
        read = json.loads(answer)
    except (ValueError, RecursionError) as trouble:
        raise Refused("not JSON") from trouble
    if not isinstance(read, dict):
        raise Refused("not an object")
    return read


def ask_for_new(session: SessionBase, user: User) -> dict[str, Any]:
    """What the browser needs to make a passkey for this user."""
    known = [AttestedCredentialData(bytes(key.credential)) for key in Passkey.objects.filter(user=user)]
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=user.id.bytes, name=user.email, display_name=user.name or user.email),
        known,
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    _keep(session, f"new:{user.id}", state)
    return dict(options)


def read_new(session: SessionBase, user: User, answer: str) -> Made:
    """The passkey that the device made for this user; raises Refused."""
    state, read = _take(session, f"new:{user.id}"), _read(answer)
    try:
        made = _server().register_complete(state, read)
        assert made.credential_data is not None
        credential = made.credential_data
        return Made(credential.credential_id, bytes(credential), made.counter)
    except UNREADABLE as trouble:
        raise Refused(str(trouble)) from trouble


def ask(session: SessionBase, user: User | None = None) -> dict[str, Any]:
    """What the browser needs to sign with a passkey: one of this user's, or whichever the device has for us."""
    if user is None:
        options, state = _server().authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    else:
        known = [AttestedCredentialData(bytes(key.credential)) for key in Passkey.objects.filter(user=user)]
        options, state = _server().authenticate_begin(known, UserVerificationRequirement.PREFERRED)
    _keep(session, f"use:{user.id if user else ''}", state)
    return dict(options)


def read(session: SessionBase, answer: str, user: User | None = None) -> Proof:
    """The passkey that signed; raises Refused."""
    state, said = _take(session, f"use:{user.id if user else ''}"), _read(answer)
    try:
        response = AuthenticationResponse.from_dict(said)
        keys = Passkey.objects.select_related("user").filter(credential_id=response.raw_id, user__is_active=True)
        passkey = keys.first() if user is None else keys.filter(user=user).first()
        if passkey is None:
            raise Refused("unknown key")
        holder = response.response.user_handle
        if holder and UUID(bytes=bytes(holder)) != passkey.user_id:
            raise Refused("another holder")
        _server().authenticate_complete(state, [AttestedCredentialData(bytes(passkey.credential))], said)
        signed = response.response.authenticator_data
    except UNREADABLE as trouble:
        raise Refused(str(trouble)) from trouble
    _count(passkey, signed.counter)
    return Proof(passkey, bool(signed.is_user_verified()))


def _count(passkey: Passkey, counter: int) -> None:
    """Devices that count must count on: a number that comes back comes from a copy."""
    used = Passkey.objects.filter(id=passkey.id)
    if counter or passkey.sign_count:
        used = used.filter(sign_count__lt=counter)
    if not used.update(sign_count=counter, last_used_at=now()):
        raise Refused("counted back")
