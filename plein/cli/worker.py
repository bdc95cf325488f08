# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein worker`: carries out the jobs that the web server and the commands left behind."""

import argparse

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from plein.cli.web import server_database

HELP = "start one worker process"
#: How often it says that it lives, so that another one takes its jobs over within a quarter of a minute.
HEARTBEAT_SECONDS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--jobs", type=int, default=2, help="how many jobs at the same time; default: 2")


def run(arguments: argparse.Namespace) -> int:
    connector = DjangoConnector().get_worker_connector()
    with server_database(), app.replace_connector(connector) as worker_app:
        worker_app.run_worker(
            concurrency=arguments.jobs,
            listen_notify=True,
            delete_jobs="successful",
            shutdown_graceful_timeout=5,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
        )
    return 0
