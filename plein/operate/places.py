# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a Plein keeps its things on disk, and how to reach its database."""

import hashlib
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

POSTGRESQL = "18"
PORT = 5432
DATABASE = "plein"
OWNER, APP, FINDER, KEEPER = "plein_owner", "plein_app", "plein_finder", "plein_keeper"

# The kernel's limit for the address of a Unix socket, and the name PostgreSQL gives its socket.
SOCKET_PATH_LIMIT = 107
SOCKET_NAME = f".s.PGSQL.{PORT}"


class UnusablePlace(Exception):
    """A folder cannot be used as it is; the message says which and why."""


@dataclass(frozen=True)
class Places:
    """The folders of one Plein."""

    home: Path

    @property
    def cluster(self) -> Path:
        """The database's folder; elsewhere when a system user must own it (see identity.py)."""
        pointer = self.run / "cluster-elsewhere"
        if pointer.is_file():
            return Path(pointer.read_text().strip())
        return self.home / "postgresql" / POSTGRESQL

    @property
    def files(self) -> Path:
        return self.home / "files"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def secret_key(self) -> Path:
        return self.home / "secret.key"

    def create(self) -> None:
        """Makes the folders, private to whoever runs Plein."""
        for folder in (self.home, self.files, self.log, self.run):
            private_folder(folder)


def places() -> Places:
    """The places this process works with, from PLEIN_HOME or `./var`."""
    return Places(Path(os.environ.get("PLEIN_HOME") or "var").absolute())


def private_folder(path: Path) -> None:
    """Makes a folder only its owner can enter; refuses one that somebody else made."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnusablePlace(f"Plein cannot use the folder {path}: {error.strerror}.") from error
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) and not path.is_dir():
        raise UnusablePlace(f"{path} is not a folder.")


def socket_folder(cluster: Path) -> Path:
    """The private folder of a cluster's Unix socket, short enough for the kernel."""
    beside = cluster / "socket"
    if len(os.fsencode(beside / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        return beside
    digest = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]
    return Path("/tmp") / f"plein-{os.getuid()}-{digest}"  # noqa: S108 — checked by claim_socket_folder


def claim_socket_folder(folder: Path, server_uid: int) -> None:
    """Makes the socket's folder and makes sure that it is ours alone, since /tmp is everybody's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.getuid(), server_uid):
        raise UnusablePlace(f"{folder} belongs to somebody else; remove it or choose a shorter PLEIN_HOME.")
    folder.chmod(0o700)


def secret_key() -> str:
    """The key that signs sessions and links, made once and readable by its owner only."""
    path = places().secret_key
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        places().create()
    fresh = secrets.token_urlsafe(48)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(fresh + "\n")
    try:
        # A link, not a rename: when two processes start together, the first key stays.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()


def external_database() -> str:
    """The address of a PostgreSQL of one's own, or nothing when Plein runs the embedded one."""
    return os.environ.get("DATABASE_URL", "")


def database_settings() -> dict[str, dict[str, Any]]:
    """Django's DATABASES: `default` is the application's role, `owner` the one that migrates."""
    app_url = external_database()
    if app_url:
        app = _from_url(app_url)
        owner = _from_url(os.environ.get("DATABASE_OWNER_URL") or app_url)
    else:
        folder = str(socket_folder(places().cluster))
        app = _connection(host=folder, port=PORT, name=DATABASE, user=APP, password="")
        owner = app | {"USER": OWNER}
    size = int(os.environ.get("PLEIN_POOL", "16"))
    if size:
        # A pool tries to reconnect at ever longer intervals, while visitors wait in a queue. When both give up soon,
        # the next visitor makes it try at once: a database that was away is in use seconds after it is back.
        pool = {"min_size": 1, "max_size": size, "timeout": 4, "reconnect_timeout": 3}
        app = app | {"CONN_HEALTH_CHECKS": True, "OPTIONS": app["OPTIONS"] | {"pool": pool}}
    return {"default": app, "owner": owner | {"TEST": {"MIRROR": "default"}}}


def _connection(*, host: str, port: int, name: str, user: str, password: str, **options: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": host,
        "PORT": str(port),
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "OPTIONS": {"connect_timeout": 5, "application_name": "plein", **options},
    }


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise UnusablePlace("DATABASE_URL must look like postgresql://user:password@host:5432/plein.")
    options = dict(parse_qsl(parts.query))
    return _connection(
        host=options.pop("host", unquote(parts.hostname or "")),
        port=int(options.pop("port", parts.port or PORT)),
        name=unquote(parts.path.lstrip("/")) or DATABASE,
        user=unquote(parts.username or APP),
        password=unquote(parts.password or ""),
        **options,
    )
