# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Dovecot of a trial's own on this machine, with one mailbox in a folder that mail is delivered into."""

import getpass
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from plein.testing.programs import knock, wait_until_up
from plein.testing.server import free_port

#: Where distributions put it; beside the name that the search path knows.
PLACES = ("/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/opt/homebrew/sbin/dovecot")
SECRET = "secret"  # noqa: S105 — of a mailbox that lives as long as a trial
CONF = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain xoauth2
mail_location = maildir:{home}/mail
mail_uid = {user}
first_valid_uid = 1
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
}}
passdb {{
  driver = static
  args = password={secret}
  mechanisms = plain xoauth2
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/home
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


def found() -> str:
    """The program, or "" where this machine has none (Debian and Ubuntu call it dovecot-imapd)."""
    return shutil.which("dovecot") or next((one for one in PLACES if Path(one).is_file()), "")


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A running server: its port, and the folder in which its mail lies."""

    port: int
    mail: Path
    uid: int

    def deliver(self, number: int, data: bytes) -> None:
        """Put a mail into the inbox as a server of mail does: written aside, and there at once and whole."""
        name = f"{time.time_ns()}.{number}.trial"
        aside = self.mail / "tmp" / name
        aside.write_bytes(data)
        if os.getuid() == 0:
            os.chown(aside, self.uid, -1)
        aside.rename(self.mail / "new" / name)


@contextmanager
def running() -> Iterator[Dovecot]:
    """A Dovecot that ends with the trial. As root it keeps its mail as somebody else, as it insists on."""
    user, group = ("nobody", "nogroup") if os.getuid() == 0 else (getpass.getuser(), str(os.getgid()))
    home = Path(tempfile.mkdtemp(prefix="plein-dovecot-"))
    home.chmod(0o755)
    for name in ("mail/tmp", "mail/new", "mail/cur", "home"):
        (home / name).mkdir(parents=True)
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", f"{user}:{group}", str(home / "mail"), str(home / "home")], check=True)
    port = free_port()
    conf = home / "dovecot.conf"
    conf.write_text(CONF.format(home=home, user=user, group=group, port=port, secret=SECRET))
    process = subprocess.Popen([found(), "-F", "-c", str(conf)], stderr=subprocess.PIPE)
    try:
        wait_until_up("Dovecot", process, lambda: knock(port), lambda: _written(process))
        yield Dovecot(port, home / "mail", (home / "mail").stat().st_uid)
    finally:
        process.terminate()
        process.wait(timeout=20)
        if process.stderr is not None:
            process.stderr.close()
        shutil.rmtree(home, ignore_errors=True)


def _written(process: "subprocess.Popen[bytes]") -> str:
    return process.stderr.read().decode("utf-8", "replace") if process.stderr else ""
