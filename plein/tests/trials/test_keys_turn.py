# SPDX-License-Identifier: AGPL-3.0-or-later
"""A fresh key while people sign in and connections are kept, killed with signal 9 at any step: all of it opens."""

import json
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.db import connection

from plein.cli.tests.test_keys import command, own_ring
from plein.core.isolation import no_workspace
from plein.operate import keyring
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.figures import Judge, Note
from plein.tests.trials.visitor import Visitor
from plein.trust import code_apps, secret_box
from plein.trust.actions import add_code_app, change_password
from plein.trust.models import CodeApp, Secret, User
from plein.trust.seats import entered
from plein.trust.tests.test_second_step import GOOD, SECRET, code

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(1_800)]
__all__ = ["own_ring"]
KILLS, SECRETS, SEED = 40, 200, 20_261_126
#: What a rotation had come to when it was killed.
BEFORE, HALFWAY, SEALED, RETIRED = "before", "halfway", "all sealed", "retired"


@dataclass
class Load:
    """People who sign in with a code, and a connection whose password is kept anew and read all the time."""

    port: int
    signer: User
    keeper: User
    kept: dict[str, str] = field(default_factory=dict)
    signed_in: int = 0
    put: int = 0
    troubles: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def on(self) -> Iterator[None]:
        """As long as the block lasts."""
        threads = [threading.Thread(target=self._again, args=(one,)) for one in (self._sign_in, self._keep)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopping.set()
            for thread in threads:
                thread.join()

    def _again(self, act: Callable[[], None]) -> None:
        try:
            while not self.stopping.is_set():
                act()
                time.sleep(0.05)
        except Exception as trouble:  # noqa: BLE001 - told by the test, which would not see it in a thread
            self.troubles.append(repr(trouble))
        finally:
            connection.close()

    def _sign_in(self) -> None:
        with no_workspace("test"):
            CodeApp.objects.filter(user=self.signer).update(last_step=0)
        visitor = Visitor(self.port)
        visitor.get("/sign-in/")
        first = visitor.post("/sign-in/", email=self.signer.email, password=GOOD)
        second = visitor.post("/sign-in/second-step/", code=code())
        found = (first.status, second.status, visitor.get("/history/").status)
        assert found == (302, 302, 200), found
        self.signed_in += 1

    def _keep(self) -> None:
        name, value = f"imap:{self.put % SECRETS}", f"value {self.put}"
        with entered(self.keeper):
            secret_box.put(name, value)
            self.kept[name] = value
            assert secret_box.get(name) == value
        self.put += 1


def come_to(keys_before: int) -> str:
    """How far a rotation had come."""
    with no_workspace("test"):
        app = secret_box.is_newest(bytes(CodeApp.objects.get().sealed))
    if len(keyring.ring()) == keys_before and not keyring.is_rotating():
        return BEFORE
    if not keyring.is_rotating():
        return RETIRED
    return SEALED if app else HALFWAY


@pytest.fixture
def load(server: str, cast: Cast) -> Load:
    with no_workspace("test"):
        change_password(user=cast.bob, password=GOOD)
        add_code_app(user=cast.bob, secret=SECRET, code=code())
    return Load(urlsplit(server).port or 0, cast.bob, cast.alice)


def everything_opens(load: Load) -> None:
    with entered(load.keeper):
        assert {name: secret_box.get(name) for name in load.kept} == load.kept
    with no_workspace("test"):
        app = CodeApp.objects.get(user=load.signer)
        assert code_apps.opened(load.signer, bytes(app.sealed)) == SECRET


def test_keys_turn_under_load_and_killed_at_any_step(
    load: Load, own_ring: None, test_database: TestDatabase, note: Note, judge: Judge
) -> None:
    chance = random.Random(SEED)  # noqa: S311
    with entered(load.keeper):
        for number in range(SECRETS):
            secret_box.put(f"imap:{number}", load.kept.setdefault(f"imap:{number}", f"first {number}"))
    stages: Counter[str] = Counter()
    with load.on():
        began = time.monotonic()
        first = command(test_database, "rotate", "--json")
        first.communicate(timeout=100)
        assert first.returncode == 0
        usual = time.monotonic() - began
        for _kill in range(KILLS):
            keys = len(keyring.ring())
            process = command(test_database, "rotate", "--json")
            time.sleep(chance.uniform(0.5, 1.05) * usual)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            stages[come_to(keys)] += 1
        last = command(test_database, "rotate", "--json")
        said, trouble = last.communicate(timeout=100)
        assert last.returncode == 0, trouble
    everything_opens(load)
    # What was kept last, while the last rotation ran, was sealed with the newest key as well.
    facts = json.loads(said)
    with entered(load.keeper):
        older = [one.name for one in Secret.objects.all() if not secret_box.is_newest(bytes(one.sealed))]
    lost = facts["unopenable"] + len(older)
    note(kills=KILLS, come_to=stages, keys=len(keyring.ring()), signed_in=load.signed_in, kept_anew=load.put)
    judge(
        "keys turned under load, kill -9 at each step: lost",
        goal="0 of 40 kills",
        measured=f"{lost + len(load.troubles)} of {KILLS}",
        is_good=not lost and not load.troubles,
    )
    assert lost == 0 and load.troubles == [] and not keyring.is_rotating()
    assert stages[HALFWAY] and load.signed_in > KILLS and load.put > KILLS
