# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small OpenID provider for tests that does all of it right, except for what it is told to lie about."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _key in range(2))
KEY_ID = "one"


@dataclass
class Provider:
    """What it answers, and what it saw."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    user_info: dict[str, Any] = field(default_factory=dict)
    signs_with: str = "RS256"
    is_forged: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def consent(self, address: str) -> dict[str, str]:
        """Somebody agrees on the page of the provider: what goes back to us."""
        wanted = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code{len(self.codes)}"
        self.codes[code] = wanted
        return {"code": code, "state": wanted["state"]}

    def token(self, wanted: dict[str, str]) -> str:
        """The identity token, with what it is told to lie about."""
        honest = {"iss": self.url, "sub": "daan", "aud": wanted["client_id"], "nonce": wanted["nonce"],
                  "iat": int(time.time()), "exp": int(time.time()) + 300}  # fmt: skip
        said = {name: value for name, value in {**honest, **self.claims}.items() if value is not None}
        if self.signs_with == "none":
            return jwt.encode(said, "", algorithm="none")
        if self.signs_with == "HS256":
            return jwt.encode(said, "the client secret, known to many", algorithm="HS256", headers={"kid": KEY_ID})
        return jwt.encode(said, OTHER_KEY if self.is_forged else KEY, algorithm="RS256", headers={"kid": KEY_ID})


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def log_message(self, format: str, *args: Any) -> None:
        del format, args

    def _say(self, said: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        provider, path = self.provider, urlsplit(self.path).path
        provider.seen.append(path)
        if path == "/.well-known/openid-configuration":
            honest = {name: f"{provider.url}/{name}" for name in
                      ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")}  # fmt: skip
            self._say({"issuer": provider.url, **honest, **provider.metadata})
        elif path == "/jwks_uri":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            self._say({"keys": [{**key, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]})
        elif path == "/userinfo_endpoint":
            self._say({"sub": provider.claims.get("sub", "daan"), **provider.user_info})
        else:
            self._say({}, 404)

    def do_POST(self) -> None:
        provider = self.provider
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        provider.seen.append(f"{self.headers.get('Authorization', '')} {body}")
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        wanted = provider.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if wanted is None or challenge != wanted["code_challenge"] or sent["redirect_uri"] != wanted["redirect_uri"]:
            self._say({"error": "invalid_grant"}, 400)
            return
        self._say({"access_token": "a", "token_type": "Bearer", "id_token": provider.token(wanted)})


@contextmanager
def lying_provider() -> Iterator[Provider]:
    """A provider on a port of its own."""
    provider = Provider()
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("localhost", 0), handler)
    provider.url = f"http://localhost:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def came_back(answer: dict[str, str]) -> str:
    """The query with which a browser comes back."""
    return urlencode(answer)
