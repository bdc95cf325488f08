# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein run`: everything at once on one machine, in the foreground, until Ctrl-C."""

import argparse
import contextlib
import importlib
import os
import time

from django.conf import settings
from django.db import connections

from plein.cli import preparation
from plein.cli.speech import say
from plein.operate.cluster import Cluster, cluster_of
from plein.operate.places import Places, external_database, places
from plein.operate.supervisor import LOCAL, STOP_SECONDS, Child, Supervisor, alone, plein, refuse_busy_port
from plein.trust.actions import ensure_first_workspace
from plein.trust.models import Workspace

HELP = "start everything: the database, the web server and the worker"
LOG_LIMIT = 10_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=settings.PLEIN_PORT, help="default: PLEIN_PORT or 8000")


def run(arguments: argparse.Namespace) -> int:
    here, port = places(), arguments.port
    address = f"http://localhost:{port}"
    with alone(here, address):
        refuse_busy_port(port, os.environ.get("PLEIN_HOST") or LOCAL)
        cluster = None if external_database() else cluster_of(here, say)
        supervisor = Supervisor(_children(here, port), cluster, say)
        supervisor.listen()
        with cluster.in_use() if cluster else contextlib.nullcontext():
            link = _prepare(cluster)
            if not supervisor.stopping.is_set():
                say("Starting the web server and the worker")
                supervisor.run(port, lambda: _welcome(address, link))
            connections.close_all()
        if cluster and not cluster.wait_until_stopped(STOP_SECONDS):
            say("The database stays up for another command that still uses it.")
    return 0


def _prepare(cluster: Cluster | None) -> str | None:
    """Tables, files, the first workspace and the example company; returns the path of the one-time sign-in link."""
    preparation.prepare(cluster, say)
    preparation.prepare_files(say)
    workspace, email, link = ensure_first_workspace()
    if preparation.is_first_start():
        if settings.PLEIN_EXAMPLE:
            _load_example(workspace)
        preparation.remember_start()
    if link:
        say(f"The first account is {email}, the owner of the workspace {workspace.name}.")
    return link


def _load_example(workspace: Workspace) -> None:
    say("Loading the example company, so that there is something to see")
    begin = time.monotonic()
    importlib.import_module("plein.example.actions").load_example(workspace)
    say(f"Loaded in {time.monotonic() - begin:.0f} s; remove it with `.venv/bin/plein example remove`.")


def _children(here: Places, port: int) -> list[Child]:
    children = [
        Child("web server", plein("web", "--port", str(port)), here.log / "web.log"),
        Child("worker", plein("worker"), here.log / "worker.log"),
    ]
    for child in children:
        if child.log.exists() and child.log.stat().st_size > LOG_LIMIT:
            child.log.replace(child.log.with_name(f"{child.log.name}.1"))
    return children


def _welcome(address: str, link: str | None) -> None:
    say("")
    say(f"Plein runs at {settings.PLEIN_URL if address != settings.PLEIN_URL else address}")
    if link:
        say(f"Sign in with this link, which works once: {address}{link}")
    say("Stop it with Ctrl-C.")
