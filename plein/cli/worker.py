# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein worker`: carries out the jobs that the web server and the commands left behind."""

import argparse
import asyncio

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from plein.cli.web import server_database
from plein.moments.hearing.listening import Listeners
from plein.moments.hearing.queues import AGAIN, QUEUE

HELP = "start one worker process"
#: How often it says that it lives, so that another one takes its jobs over within a quarter of a minute.
HEARTBEAT_SECONDS = 3
#: Jobs that take a moment and that somebody waits for: a place is kept free for them beside the long ones.
QUICK_QUEUES = ("notifications", "mail", "hooks")
#: Visits to accounts elsewhere mostly wait for the other side, so several fit beside the rest; they keep no import up.
VISITS, VISITING = (QUEUE,), 3
#: Those that went wrong last wait for each other, and for nobody who is well.
VISITS_AGAIN = (AGAIN,)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--jobs", type=int, default=2, help="how many jobs at the same time; default: 2")


def run(arguments: argparse.Namespace) -> int:
    connector = DjangoConnector().get_worker_connector()
    with server_database(), app.replace_connector(connector) as worker_app:
        listeners = Listeners()
        listeners.start()
        try:
            asyncio.run(_work(worker_app, arguments.jobs))
        finally:
            listeners.stop()
    return 0


async def _work(worker_app: App, jobs: int) -> None:
    """Workers in one process, each with places of its own: for what is quick, for visits, and for everything else."""
    others = tuple(sorted({task.queue for task in worker_app.tasks.values()} - {*VISITS, *VISITS_AGAIN}))
    async with worker_app.open_async():
        lanes = [(1, QUICK_QUEUES), (VISITING, VISITS), (1, VISITS_AGAIN)]
        beside = [asyncio.create_task(_worker(worker_app, places, queues, is_first=False)) for places, queues in lanes]
        first = asyncio.create_task(_worker(worker_app, jobs, others, is_first=True))
        ended, _going = await asyncio.wait([first, *beside], return_when=asyncio.FIRST_COMPLETED)
        for one in (first, *beside):
            one.cancel()
        await asyncio.gather(first, *beside, return_exceptions=True)
        # One that died takes the process with it, which is started again: nobody would notice that its jobs wait.
        for one in ended:
            one.result()


async def _worker(worker_app: App, jobs: int, queues: tuple[str, ...], *, is_first: bool) -> None:
    await worker_app.run_worker_async(
        concurrency=jobs,
        listen_notify=True,
        delete_jobs="successful",
        shutdown_graceful_timeout=5,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        install_signal_handlers=is_first,
        queues=list(queues),
    )
