# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein worker`: carries out the jobs that the web server and the commands left behind."""

import argparse
import asyncio
import contextlib
from typing import Any

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from plein.cli.web import server_database
from plein.moments.hearing.listening import Listeners

HELP = "start one worker process"
#: How often it says that it lives, so that another one takes its jobs over within a quarter of a minute.
HEARTBEAT_SECONDS = 3
#: Jobs that take a moment and that somebody waits for: a place is kept free for them beside the long ones.
QUICK_QUEUES = ("notifications", "mail", "hooks")


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
    """Two workers in one process: one for everything, and one that only does what is quick."""
    async with worker_app.open_async():
        quick = asyncio.create_task(_worker(worker_app, 1, QUICK_QUEUES, is_first=False))
        try:
            await _worker(worker_app, jobs, (), is_first=True)
        finally:
            quick.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await quick


async def _worker(worker_app: App, jobs: int, queues: tuple[str, ...], *, is_first: bool) -> None:
    options: dict[str, Any] = {"queues": queues} if queues else {}
    await worker_app.run_worker_async(
        concurrency=jobs,
        listen_notify=True,
        delete_jobs="successful",
        shutdown_graceful_timeout=5,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        install_signal_handlers=is_first,
        **options,
    )
