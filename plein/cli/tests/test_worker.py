# SPDX-License-Identifier: AGPL-3.0-or-later
"""A worker has places for every queue, and one of its parts that dies is not missed in silence."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from procrastinate.contrib.django import app

from plein.cli.worker import QUICK_QUEUES, VISITS, VISITS_AGAIN, _work


class Lanes:
    """Stands for the app of a worker: notes which queues each part takes, and may die in one of them."""

    def __init__(self, dies_in: str = "") -> None:
        self.tasks, self.dies_in = app.tasks, dies_in
        self.taken: list[list[str]] = []

    def open_async(self) -> "Lanes":
        return self

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, *trouble: object) -> None:
        return None

    async def run_worker_async(self, *, queues: list[str], install_signal_handlers: bool, **options: Any) -> None:
        del options
        # The database knows lists as arrays, and refuses what else holds several.
        assert isinstance(queues, list)
        self.taken.append(queues)
        if self.dies_in in queues:
            raise ConnectionError(self.dies_in)
        await asyncio.sleep(0.05 if install_signal_handlers else 60)


def carried_out(lanes: Lanes) -> None:
    """Let a worker run in a loop of its own: the browser's may be running in this thread."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, _work(lanes, 2)).result()  # type: ignore[arg-type]


def test_every_queue_has_places_and_visits_have_their_own() -> None:
    lanes = Lanes()
    carried_out(lanes)
    every = [queue for queues in lanes.taken for queue in queues]
    assert set(every) == {task.queue for task in app.tasks.values()} | {*QUICK_QUEUES, *VISITS, *VISITS_AGAIN}
    assert [every.count(queue) for queue in (*VISITS, *VISITS_AGAIN)] == [1, 1]


def test_a_part_that_dies_takes_the_worker_with_it() -> None:
    with pytest.raises(ConnectionError):
        carried_out(Lanes(dies_in="mail"))
