# SPDX-License-Identifier: AGPL-3.0-or-later
"""A session with a server of Bluesky, kept between visits because it may be begun only some hundred times a day.

It is kept in the cursor, sealed with a key made of the app password, which itself is in the secret box.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cryptography.fernet import Fernet, InvalidToken

from plein.channels.connectors.answers import mapping, parse, wanted_object
from plein.channels.connectors.posts import clean
from plein.channels.live import Net, Reply, Trouble

_EXPIRED = frozenset({"ExpiredToken", "InvalidToken"})


@dataclass(slots=True)
class Session:
    """Who we are on the server, and what proves it for now."""

    server: str
    account: str
    password: str
    net: Net
    access: str = ""
    renewal: str = ""
    did: str = ""
    handle: str = ""
    #: Whether it differs from what was unsealed.
    is_new: bool = False

    def ask(
        self,
        method: str,
        name: str,
        query: Mapping[str, str | list[str]] | None = None,
        body: dict[str, Any] | None = None,
    ) -> Reply:
        """Ask as the account; a proof that ran out is renewed, once."""
        if not self.access:
            self.begin()
        reply = self._ask(method, name, query, body, self.access)
        if reply.status == 401 or (reply.status == 400 and _error(reply) in _EXPIRED):
            self._renew()
            reply = self._ask(method, name, query, body, self.access)
        return reply

    def begin(self) -> None:
        """Prove who we are with the password."""
        body = {"identifier": self.account, "password": self.password}
        self._take(self._ask("POST", "com.atproto.server.createSession", None, body, ""))

    def _renew(self) -> None:
        if self.renewal:
            reply = self._ask("POST", "com.atproto.server.refreshSession", None, None, self.renewal)
            if reply.status == 200:
                self._take(reply)
                return
        self.begin()

    def _take(self, reply: Reply) -> None:
        found = wanted_object(reply)
        self.access, self.renewal = clean(found.get("accessJwt"), 10_000), clean(found.get("refreshJwt"), 10_000)
        self.did, self.handle = clean(found.get("did"), 300), clean(found.get("handle"), 300).lower()
        if not self.access or not self.did.startswith("did:"):
            raise Trouble("The server of Bluesky did not begin a session as it should.")
        self.is_new = True

    def _ask(
        self,
        method: str,
        name: str,
        query: Mapping[str, str | list[str]] | None,
        body: dict[str, Any] | None,
        proof: str,
    ) -> Reply:
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {proof}"} if proof else {})
        said = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            said = json.dumps(body).encode()
        url = f"{self.server}/xrpc/{name}" + (f"?{urlencode(query, doseq=True)}" if query else "")
        return self.net.ask(method, url, headers=headers, body=said)

    def sealed(self) -> str:
        """The session, so that only who has the password can read it."""
        held = json.dumps([self.account, self.access, self.renewal, self.did, self.handle])
        return self._box().encrypt(held.encode()).decode() if self.access else ""

    def unseal(self, text: str) -> None:
        """Go on with a session that was sealed; anything else is as if there was none."""
        try:
            held = parse(self._box().decrypt(text.encode()))
        except (InvalidToken, ValueError):
            return
        if isinstance(held, list) and len(held) == 5 and held[0] == self.account:
            _account, self.access, self.renewal, self.did, self.handle = (clean(one, 10_000) for one in held)

    def _box(self) -> Fernet:
        key = hashlib.blake2b(self.password.encode(), digest_size=32, person=b"plein bluesky").digest()
        return Fernet(base64.urlsafe_b64encode(key))


def _error(reply: Reply) -> str:
    try:
        return clean(mapping(parse(reply.body)).get("error"), 100)
    except ValueError:
        return ""
