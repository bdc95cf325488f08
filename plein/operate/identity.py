# SPDX-License-Identifier: AGPL-3.0-or-later
"""As whom the database runs, since PostgreSQL refuses to run as root.

An ordinary user runs it as himself. Root runs it in a user namespace, where root outside is an ordinary user inside,
so that the files stay root's own. Where namespaces are not allowed, a system user runs it, with its data and its
programs in a place that user can reach; nobody's own folders are opened for it.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from plein.operate.places import UnusablePlace

SELF, NAMESPACE, SYSTEM_USER = "self", "namespace", "system-user"
INSIDE = 1000
USER_NAME = "plein"
SYSTEM_HOME = Path("/var/lib/plein")


@dataclass(frozen=True)
class Identity:
    """Who runs the database."""

    kind: str

    def become(self) -> Callable[[], None] | None:
        """What a child process does between fork and exec to take this identity."""
        return {SELF: None, NAMESPACE: _enter_namespace, SYSTEM_USER: _become_system_user}[self.kind]

    def run(self, *command: str | Path, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Runs a program as this identity in a folder and waits for it."""
        return subprocess.run(
            command,
            # The child only makes system calls before exec.
            preexec_fn=self.become(),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            cwd=folder,
            env=environment,
        )


def choose(programs: Path, folder: Path) -> Identity:
    """The least strange identity that can run `programs` and work in `folder`."""
    if os.getuid() != 0:
        return Identity(SELF)
    if _works(Identity(NAMESPACE), programs, folder):
        return Identity(NAMESPACE)
    return Identity(SYSTEM_USER)


def _works(identity: Identity, programs: Path, folder: Path) -> bool:
    become = identity.become()

    def enter_and_look() -> None:
        if become:
            become()
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(folder)

    try:
        tried = subprocess.run(
            [programs / "postgres", "--version"],
            preexec_fn=enter_and_look,
            capture_output=True,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return tried.returncode == 0


def _enter_namespace() -> None:
    group = os.getgid()
    os.unshare(os.CLONE_NEWUSER)
    # The kernel demands this before an unprivileged group map.
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{INSIDE} 0 1")
    Path("/proc/self/gid_map").write_text(f"{INSIDE} {group} 1")


def _become_system_user() -> None:
    entry = pwd.getpwnam(USER_NAME)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def system_user_folder(home: Path) -> Path:
    """The folder outside `home` where the system user keeps this Plein's database; made when missing."""
    entry = _system_user()
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    SYSTEM_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder = SYSTEM_HOME / digest
    folder.mkdir(mode=0o700, exist_ok=True)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return folder


def system_user_programs(programs: Path) -> Path:
    """The database's programs where the system user can run them: in place, or else a copy."""
    if _works(Identity(SYSTEM_USER), programs, Path("/tmp")):  # noqa: S108 — only looked at
        return programs
    package = programs.parents[1]
    version = hashlib.sha256(f"{package}{(programs / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:16]
    copy = SYSTEM_HOME / f"programs-{version}"
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        # The programs find their own libraries beside their package, so both are copied side by side.
        for part in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, draft / part.name, symlinks=True)
        draft.rename(copy)
    return copy / package.name / programs.relative_to(package)


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(USER_NAME)
    except KeyError:
        pass
    made = subprocess.run(
        ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", USER_NAME],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise UnusablePlace(
            "PostgreSQL does not run as root, and here it can neither use a user namespace nor get a system user; "
            "run Plein as an ordinary user."
        )
    return pwd.getpwnam(USER_NAME)
