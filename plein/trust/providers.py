# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing in through somebody else (OpenID Connect): the authorization code with PKCE, and what comes back checked.

What is ours is where to go and what to compare; oauthlib makes and reads the OAuth parts, PyJWT the token.
"""

import base64
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import jwt
from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from oauthlib.common import add_params_to_uri
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient

from plein.core.outside import NotAllowed
from plein.core.web_client import Answer, ask, split
from plein.trust.models import SignInProvider

#: Signatures with a key pair only: with a shared secret whoever knows the secret could say who anybody is.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255
WELL_KNOWN = "/.well-known/openid-configuration"
#: What somebody knows, what they hold, and levels that ask for both, as tokens name them (amr and acr).
KNOWN, HELD = {"pwd", "pin", "kba"}, {"otp", "hwk", "swk", "sc", "sms", "tel", "fpt", "face", "iris", "retina", "vbm"}
STRONG = {
    "phr",
    "phrh",
    "https://refeds.org/profile/mfa",
    "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
}
SCOPE = ["openid", "email", "profile"]


class Refused(Exception):
    """What came back does not prove who somebody is; the text is for the log, not for people."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """Where a provider does what, as it says itself."""

    issuer: str
    authorize: str
    token: str
    keys: str
    user_info: str
    takes_basic: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What we asked the browser to take along, to compare with what comes back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a provider says somebody is. Only issuer and subject name a user; an address is only an address."""

    issuer: str
    subject: str
    email: str
    is_verified: bool
    name: str
    #: Whether the provider says that it asked for more than a password.
    is_vouched: bool = False


def discover(issuer: str, *, may_be_inside: bool) -> Metadata:
    """Ask a provider where it does what; raises Unreachable, NotAllowed, or Refused when it calls itself otherwise."""
    answer = ask(issuer.rstrip("/") + WELL_KNOWN, may_be_inside=may_be_inside)
    if answer.status != 200:
        raise Refused(f"discovery answered {answer.status}")
    said = answer.json()
    if str(said.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        raise Refused("another issuer")
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    found = Metadata(
        issuer=str(said["issuer"]),
        authorize=str(said.get("authorization_endpoint", "")),
        token=str(said.get("token_endpoint", "")),
        keys=str(said.get("jwks_uri", "")),
        user_info=str(said.get("userinfo_endpoint", "")),
        takes_basic="client_secret_basic" in methods,
    )
    for address in (found.authorize, found.token, found.keys):
        if split(address).scheme != "https" and not may_be_inside:
            raise NotAllowed("http")
    return found


def callback_of(provider: SignInProvider) -> str:
    """Where a provider sends people back to: an address of its own, so that no other can answer for it."""
    return settings.PLEIN_URL.rstrip("/") + reverse("trust:provider_back", args=[provider.id])


def fresh_question() -> Question:
    """What nobody can guess."""
    verifier = WebApplicationClient("").create_code_verifier(64)
    return Question(secrets.token_urlsafe(32), secrets.token_urlsafe(32), verifier)


def address_to_ask(provider: SignInProvider, metadata: Metadata, question: Question) -> str:
    """Where to send the browser."""
    client = WebApplicationClient(provider.client_id)
    wanted = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": callback_of(provider),
        "scope": " ".join(SCOPE),
        "state": question.state,
        "nonce": question.nonce,
        "code_challenge": client.create_code_challenge(question.verifier, "S256"),
        "code_challenge_method": "S256",
    }
    return str(add_params_to_uri(metadata.authorize, list(wanted.items())))


def identify(provider: SignInProvider, secret: str, question: Question, query: str) -> Identity:
    """Who came back, from the query of the address they came back to; raises Refused or Unreachable."""
    client = WebApplicationClient(provider.client_id)
    try:
        # Only the query is read; oauthlib wants to see that it came over a safe line, which our proxy sees to.
        said = client.parse_request_uri_response(f"https://plein.invalid/?{query}", state=question.state)
        metadata = discover(provider.issuer, may_be_inside=provider.is_inside)
        if said.get("iss", metadata.issuer) != metadata.issuer or metadata.issuer != provider.issuer:
            raise Refused("another issuer answered")
        tokens = _tokens(client, provider, secret, metadata, question, str(said["code"]))
        claims = _claims(provider, metadata, question, str(tokens.get("id_token", "")))
        return _identity(metadata, claims | _more(provider, metadata, claims, str(tokens.get("access_token", ""))))
    except (OAuth2Error, jwt.PyJWTError, Warning, ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise Refused(f"{type(trouble).__name__}: {trouble}"[:300]) from trouble


def _tokens(
    client: WebApplicationClient,
    provider: SignInProvider,
    secret: str,
    metadata: Metadata,
    question: Question,
    code: str,
) -> dict[str, Any]:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    extra: dict[str, str] = {"code_verifier": question.verifier}
    if metadata.takes_basic:
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(secret)}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        extra["client_secret"] = secret
    body = client.prepare_request_body(
        code=code, redirect_uri=callback_of(provider), include_client_id=not metadata.takes_basic, **extra
    )
    answer = ask(metadata.token, body=str(body), headers=headers, may_be_inside=provider.is_inside)
    read: dict[str, Any] = client.parse_request_body_response(_text(answer))
    return read


def _text(answer: Answer) -> str:
    return answer.body.decode("utf-8")


def _claims(provider: SignInProvider, metadata: Metadata, question: Question, token: str) -> dict[str, Any]:
    """What the token says, when its signature, issuer, audience, time and nonce are right."""
    keys = jwt.PyJWKSet.from_dict(ask(metadata.keys, may_be_inside=provider.is_inside).json())
    header = jwt.get_unverified_header(token)
    known = [key for key in keys.keys if key.key_id == header.get("kid") or len(keys.keys) == 1]
    if not known or header.get("alg") not in ALGORITHMS:
        raise Refused("no such key")
    claims: dict[str, Any] = jwt.decode(
        token,
        known[0],
        algorithms=ALGORITHMS,
        audience=provider.client_id,
        issuer=metadata.issuer,
        leeway=LEEWAY_SECONDS,
        options={"require": ["iss", "sub", "aud", "exp", "iat"]},
    )
    if not constant_time_compare(str(claims.get("nonce", "")), question.nonce):
        raise Refused("another nonce")
    party, audience = claims.get("azp"), claims["aud"]
    if (party is None and isinstance(audience, list) and len(audience) > 1) or party not in (None, provider.client_id):
        raise Refused("meant for another party")
    return claims


def _more(provider: SignInProvider, metadata: Metadata, claims: dict[str, Any], access: str) -> dict[str, Any]:
    """An address and a name, when the token has none; of the same person only."""
    if claims.get("email") or not metadata.user_info or not access:
        return {}
    headers = {"Authorization": f"Bearer {access}"}
    answer = ask(metadata.user_info, headers=headers, may_be_inside=provider.is_inside)
    if answer.status != 200:
        return {}
    said = answer.json()
    if said.get("sub") != claims["sub"]:
        raise Refused("somebody else's facts")
    return {name: said[name] for name in ("email", "email_verified", "name") if name in said}


def _identity(metadata: Metadata, claims: dict[str, Any]) -> Identity:
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or "\x00" in subject:
        raise Refused("no subject")
    email, name = (_word(claims.get(part)) for part in ("email", "name"))
    is_verified = claims.get("email_verified") is True
    return Identity(metadata.issuer, subject, email[:254].lower(), is_verified, name[:120], vouches(claims))


def vouches(claims: dict[str, Any]) -> bool:
    """Whether a token says that more than a password was asked (RFC 8176), or a level that means it."""
    said = claims.get("amr")
    ways = {way for way in said if isinstance(way, str)} if isinstance(said, list) else set()
    return "mfa" in ways or bool(ways & KNOWN and ways & HELD) or claims.get("acr") in STRONG


def _word(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
