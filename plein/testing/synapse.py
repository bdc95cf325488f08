# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Synapse of a trial's own on this machine: a real Matrix server in a folder that goes with the trial."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from plein.testing.programs import ask, knock, wait_until_up
from plein.testing.server import free_port

#: The name behind the colon; nothing leaves the machine.
NAME = "matrix.plein.example"
_PREFIX = "/_matrix/client/v3"
_PLENTY = {"per_second": 100_000, "burst_count": 100_000}
_LIMITS = (
    "rc_message", "rc_registration", "rc_room_creation", "rc_joins_per_room", "rc_registration_token_validity",
)  # fmt: skip


def found() -> str:
    """The program (`pip install matrix-synapse` in a place of its own), or "" where this machine has none."""
    return os.environ.get("PLEIN_SYNAPSE", "") or shutil.which("synapse_homeserver") or ""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with an account on the server: their name, and a token of a session."""

    port: int
    name: str
    token: str

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask the server as them; raises when it refuses."""
        return ask(self.port, method, _PREFIX + path, body, self.token)

    def room(self, name: str, *others: "User", is_encrypted: bool = False, is_direct: bool = False) -> str:
        """A room of theirs in which the others are."""
        state: list[dict[str, Any]] = []
        if is_encrypted:
            content = {"algorithm": "m.megolm.v1.aes-sha2"}
            state.append({"type": "m.room.encryption", "state_key": "", "content": content})
        wanted: dict[str, Any] = {
            "preset": "trusted_private_chat",
            "invite": [one.name for one in others],
            "initial_state": state,
            "is_direct": is_direct,
        }
        made = str(self.ask("POST", "/createRoom", wanted | ({"name": name} if name else {}))["room_id"])
        for one in others:
            one.ask("POST", f"/rooms/{quote(made, safe='')}/join", {})
        return made

    def say(self, room: str, key: str, text: str, **more: Any) -> str:
        """Say something in a room; the identifier that it got."""
        return self.event(room, key, "m.room.message", {"msgtype": "m.text", "body": text, **more})

    def event(self, room: str, key: str, kind: str, content: dict[str, Any]) -> str:
        """An event of any kind in a room."""
        place = f"/rooms/{quote(room, safe='')}/send/{kind}/{quote(key, safe='')}"
        return str(self.ask("PUT", place, content)["event_id"])

    def take_back(self, room: str, number: str) -> None:
        """Take back what was said."""
        place = f"/rooms/{quote(room, safe='')}/redact/{quote(number, safe='')}/{time.time_ns()}"
        self.ask("PUT", place, {})

    def said_in(self, room: str) -> list[dict[str, Any]]:
        """The latest messages of a room, the newest first."""
        page = self.ask("GET", f"/rooms/{quote(room, safe='')}/messages?dir=b&limit=100")
        return [one for one in page["chunk"] if one["type"] == "m.room.message"]


@dataclass(frozen=True, slots=True)
class Synapse:
    """A running server."""

    port: int

    @property
    def url(self) -> str:
        """Its address, as it stands in the settings of a connection."""
        return f"http://127.0.0.1:{self.port}"

    def user(self, name: str, shown: str) -> User:
        """A new account."""
        wanted = {"username": name, "password": f"{name} of a trial", "auth": {"type": "m.login.dummy"}}
        made = ask(self.port, "POST", f"{_PREFIX}/register", wanted)
        user = User(self.port, str(made["user_id"]), str(made["access_token"]))
        user.ask("PUT", f"/profile/{quote(user.name, safe='')}/displayname", {"displayname": shown})
        return user


@contextmanager
def running() -> Iterator[Synapse]:
    """A Synapse that ends with the trial."""
    home = Path(tempfile.mkdtemp(prefix="plein-synapse-"))
    port = free_port()
    conf, log = home / "homeserver.yaml", home / "log.yaml"
    log.write_text(json.dumps({"version": 1, "root": {"level": "ERROR"}, "disable_existing_loggers": True}))
    conf.write_text(json.dumps(_settings(home, log, port)))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    arguments = [found(), "--config-path", str(conf)]
    with (home / "out").open("wb") as out:
        # It makes its key, and ends.
        keys = [*arguments, "--generate-missing-configs"]
        subprocess.run(keys, stdout=out, stderr=out, cwd=home, env=environment, check=True)
        process = subprocess.Popen(arguments, stdout=out, stderr=out, cwd=home, env=environment)
    try:
        said = partial((home / "out").read_text, "utf-8", "replace")
        wait_until_up("Synapse", process, lambda: knock(port), said)
        yield Synapse(port)
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(home, ignore_errors=True)


def _settings(home: Path, log: Path, port: int) -> dict[str, Any]:
    listener = {
        "port": port, "type": "http", "tls": False, "bind_addresses": ["127.0.0.1"],
        "resources": [{"names": ["client"]}],
    }  # fmt: skip
    return {
        "server_name": NAME,
        "listeners": [listener],
        "pid_file": str(home / "pid"),
        "database": {"name": "sqlite3", "args": {"database": str(home / "homeserver.db")}},
        "log_config": str(log),
        "media_store_path": str(home / "media"),
        "signing_key_path": str(home / "signing.key"),
        "report_stats": False,
        "trusted_key_servers": [],
        "enable_registration": True,
        "enable_registration_without_verification": True,
        "macaroon_secret_key": "of a trial",
        "form_secret": "of a trial",
        **dict.fromkeys(_LIMITS, _PLENTY),
        "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), _PLENTY),
        "rc_joins": dict.fromkeys(("local", "remote"), _PLENTY),
        "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), _PLENTY),
    }
