# SPDX-License-Identifier: AGPL-3.0-or-later
"""A PDS of a trial's own: the real server of the AT protocol, in a folder that goes with the trial.

It wants two other servers, which no registry has to install, so this module stands in for them: the directory of
identities (it keeps what it is told), and the app view (it lists the posts and follows that lie in the PDS).
"""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from plein.core.ids import now
from plein.testing.programs import ask, wait_until_up
from plein.testing.server import free_port

POST, FOLLOW = "app.bsky.feed.post", "app.bsky.graph.follow"
DOMAIN = ".test"
_START = """
const { PDS, envToCfg, envToSecrets, readEnv } = require('@atproto/pds')
const env = readEnv()
PDS.create(envToCfg(env), envToSecrets(env)).then((pds) => pds.start())
"""


def found() -> str:
    """The folder in which `npm install @atproto/pds` was done, or "" where this machine has none."""
    place = os.environ.get("PLEIN_PDS", "")
    return place if place and shutil.which("node") and (Path(place) / "node_modules/@atproto/pds").is_dir() else ""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with an account: their number, name, password, and the proof of a session."""

    port: int
    did: str
    handle: str
    password: str
    proof: str

    def ask(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask the server as them; raises when it refuses."""
        return ask(self.port, "POST", f"/xrpc/{name}", body, self.proof)

    def app_password(self) -> str:
        """A password for one program."""
        return str(self.ask("com.atproto.server.createAppPassword", {"name": f"p{time.time_ns()}"})["password"])

    def settings(self, server: "Pds") -> dict[str, str]:
        """What a connection asks for, with a password of its own."""
        return {"server": server.url, "account": self.handle, "password": self.app_password()}

    def say(self, text: str, **more: Any) -> str:
        """Post something; its address."""
        return self.record(POST, {"text": text, **more})

    def record(self, collection: str, content: dict[str, Any]) -> str:
        """Write a record of any kind; its address."""
        record = {"$type": collection, "createdAt": _now(), **content}
        made = self.ask("com.atproto.repo.createRecord", {"repo": self.did, "collection": collection, "record": record})
        return str(made["uri"])

    def answer(self, uri: str, text: str) -> str:
        """Answer a post; the address of the answer."""
        said = {"uri": uri, "cid": record_at(self.port, uri)["cid"]}
        return self.say(text, reply={"root": said, "parent": said})

    def delete(self, uri: str) -> None:
        """Take a record of theirs away."""
        _did, collection, key = uri.removeprefix("at://").split("/")
        self.ask("com.atproto.repo.deleteRecord", {"repo": self.did, "collection": collection, "rkey": key})

    def posts(self) -> list[dict[str, Any]]:
        """The posts that lie in their repository."""
        return _records(self.port, self.did, POST)


@dataclass(slots=True)
class Pds:
    """A running server, and what its two neighbours know."""

    port: int
    #: Each identity with the newest that was said of it.
    identities: dict[str, dict[str, Any]] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Its address, as it stands in the settings of a connection."""
        return f"http://127.0.0.1:{self.port}"

    def account(self, name: str) -> Account:
        """A new account."""
        wanted = {"handle": f"{name}{DOMAIN}", "email": f"{name}@plein.example", "password": f"{name} of a trial"}
        made = ask(self.port, "POST", "/xrpc/com.atproto.server.createAccount", wanted)
        self.handles[made["did"]] = made["handle"]
        return Account(self.port, made["did"], made["handle"], wanted["password"], made["accessJwt"])

    def profile(self, did: str) -> dict[str, Any]:
        """Who somebody is, as the app view tells it."""
        return {"did": did, "handle": self.handles.get(did, "handle.invalid"), "displayName": ""}

    def view(self, found: dict[str, Any]) -> dict[str, Any]:
        """A record, as the app view tells it."""
        did = found["uri"].removeprefix("at://").partition("/")[0]
        at = found["value"]["createdAt"]
        return {"uri": found["uri"], "cid": found["cid"], "author": self.profile(did), "record": found["value"],
                "indexedAt": at}  # fmt: skip

    def app_view(self, name: str, query: dict[str, list[str]], who: str) -> dict[str, Any]:
        """What the app view answers somebody."""
        if name == "app.bsky.actor.getProfile":
            return self.profile(query["actor"][0]) | {"followersCount": len(self._followers(who)), "followsCount": 0}
        if name == "app.bsky.feed.getPosts":
            there = [record_at(self.port, uri) for uri in query["uris"]]
            return {"posts": [self.view(one) for one in there if one]}
        if name == "app.bsky.graph.getFollowers":
            return {"followers": [self.profile(did) for did, _one in self._followers(who)]}
        if name == "app.bsky.notification.listNotifications":
            return {"notifications": sorted(self._notifications(who), key=lambda one: one["indexedAt"], reverse=True)}
        return {"feed": [], "posts": []}

    def _followers(self, who: str) -> list[tuple[str, dict[str, Any]]]:
        found = [(did, one) for did in self.handles for one in _records(self.port, did, FOLLOW)]
        return [(did, one) for did, one in found if one["value"]["subject"] == who]

    def _notifications(self, who: str) -> Iterator[dict[str, Any]]:
        for _did, one in self._followers(who):
            yield self.view(one) | {"reason": "follow"}
        for did in self.handles:
            for one in _records(self.port, did, POST) if did != who else []:
                answered = one["value"].get("reply", {}).get("parent", {}).get("uri", "")
                if answered.startswith(f"at://{who}/"):
                    yield self.view(one) | {"reason": "reply"}
                elif who in json.dumps(one["value"].get("facets", [])):
                    yield self.view(one) | {"reason": "mention"}


def record_at(port: int, uri: str) -> dict[str, Any]:
    """A record that lies in the PDS, or nothing."""
    did, collection, key = uri.removeprefix("at://").split("/")
    query = urlencode({"repo": did, "collection": collection, "rkey": key})
    try:
        return ask(port, "GET", f"/xrpc/com.atproto.repo.getRecord?{query}")
    except RuntimeError:
        return {}


def _records(port: int, did: str, collection: str) -> list[dict[str, Any]]:
    query = urlencode({"repo": did, "collection": collection, "limit": "100"})
    return list(ask(port, "GET", f"/xrpc/com.atproto.repo.listRecords?{query}")["records"])


@contextmanager
def running() -> Iterator[Pds]:
    """A PDS that ends with the trial."""
    home = Path(tempfile.mkdtemp(prefix="plein-pds-"))
    (home / "blobs").mkdir()
    pds = Pds(free_port())
    neighbours = _neighbours(pds)
    thread = Thread(target=neighbours.serve_forever, daemon=True, name="neighbours of a PDS")
    thread.start()
    beside = f"http://127.0.0.1:{neighbours.server_address[1]}"
    with (home / "out").open("wb") as out:
        process = subprocess.Popen(
            ["node", "-e", _START], cwd=found(), env=os.environ | _settings(home, pds.port, beside),
            stdout=out, stderr=out,
        )  # fmt: skip
    try:
        is_up = partial(ask, pds.port, "GET", "/xrpc/_health")
        wait_until_up("The PDS", process, is_up, lambda: (home / "out").read_text("utf-8", "replace"))
        yield pds
    finally:
        process.terminate()
        process.wait(timeout=30)
        neighbours.shutdown()
        neighbours.server_close()
        thread.join()
        shutil.rmtree(home, ignore_errors=True)


def _settings(home: Path, port: int, beside: str) -> dict[str, str]:
    return {
        "PDS_PORT": str(port),
        "PDS_HOSTNAME": "localhost",
        "PDS_DEV_MODE": "true",
        "PDS_DISABLE_SSRF_PROTECTION": "true",
        "PDS_DATA_DIRECTORY": str(home),
        "PDS_BLOBSTORE_DISK_LOCATION": str(home / "blobs"),
        "PDS_INVITE_REQUIRED": "false",
        "PDS_RATE_LIMITS_ENABLED": "false",
        "PDS_DID_PLC_URL": beside,
        "PDS_BSKY_APP_VIEW_URL": beside,
        "PDS_BSKY_APP_VIEW_DID": "did:web:app.view.example",
        "PDS_DPOP_SECRET": "1" * 64,
        "PDS_JWT_SECRET": "of a trial",
        "PDS_ADMIN_PASSWORD": "of a trial",
        "PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX": "2" * 64,
        "LOG_ENABLED": "false",
        "NODE_ENV": "development",
    }


def _neighbours(pds: Pds) -> ThreadingHTTPServer:
    class Beside(BaseHTTPRequestHandler):
        """Both neighbours at one address: identities by their number, all else is asked of the app view."""

        def do_POST(self) -> None:
            """Something new is said of an identity."""
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            pds.identities[unquote(self.path.strip("/"))] = body
            self._say({})

        def do_GET(self) -> None:
            """Somebody looks."""
            parts = urlsplit(self.path)
            if parts.path.startswith("/xrpc/"):
                self._say(pds.app_view(parts.path.removeprefix("/xrpc/"), parse_qs(parts.query), self._who()))
                return
            did, _slash, further = unquote(parts.path.strip("/")).partition("/")
            known = pds.identities.get(did)
            if known is None:
                self._say({"message": "not registered"}, 404)
            else:
                self._say(known if further else _document(did, known))

        def _who(self) -> str:
            """Who asks by way of the PDS: it vouches for them in its proof."""
            middle = self.headers["Authorization"].split(".")[1]
            held = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
            return str(held["iss"]).partition("#")[0]

        def _say(self, answer: dict[str, Any], status: int = 200) -> None:
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    return ThreadingHTTPServer(("127.0.0.1", 0), Beside)


def _document(did: str, said: dict[str, Any]) -> dict[str, Any]:
    """What the directory says of an identity."""
    key = said["verificationMethods"]["atproto"].removeprefix("did:key:")
    return {
        "id": did,
        "alsoKnownAs": said["alsoKnownAs"],
        "verificationMethod": [
            {"id": f"{did}#atproto", "type": "Multikey", "controller": did, "publicKeyMultibase": key}
        ],
        "service": [
            {
                "id": "#atproto_pds",
                "type": "AtprotoPersonalDataServer",
                "serviceEndpoint": said["services"]["atproto_pds"]["endpoint"],
            }
        ],
    }


def _now() -> str:
    return now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
