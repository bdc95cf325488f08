# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein web`: one web server process."""

import argparse
import contextlib
import os
import socket
from collections.abc import Iterator

import uvicorn
from django.conf import settings

from plein.cli import preparation
from plein.cli.speech import CommandTrouble, say
from plein.core import streams
from plein.operate import roles
from plein.operate.cluster import cluster_of
from plein.operate.places import external_database, places
from plein.operate.supervisor import LOCAL, refuse_busy_port

HELP = "start one web server process"
GRACE_SECONDS = 5


class Server(uvicorn.Server):
    """The web server; when it stops it ends the open streams first, for whose end it would wait."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        streams.stop()
        await super().shutdown(sockets)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=settings.PLEIN_PORT, help="default: PLEIN_PORT or 8000")
    host = os.environ.get("PLEIN_HOST") or LOCAL
    parser.add_argument("--host", default=host, help="default: PLEIN_HOST or this machine only")


def run(arguments: argparse.Namespace) -> int:
    refuse_busy_port(arguments.port, arguments.host)
    with server_database():
        preparation.prepare_files(say)
        config = uvicorn.Config(
            "plein.asgi:application",
            host=arguments.host,
            port=arguments.port,
            http="httptools",
            loop="uvloop",
            lifespan="off",
            ws="none",
            access_log=False,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        server = Server(config)
        with contextlib.suppress(KeyboardInterrupt):
            server.run()
    return 0 if server.started else 1


@contextlib.contextmanager
def server_database() -> Iterator[None]:
    """The database, held while a server process runs: safe to connect to and migrated, or else a sentence."""
    with contextlib.ExitStack() as stack:
        if not external_database():
            stack.enter_context(cluster_of(places(), say).in_use())
        with preparation.connect("default") as connection:
            roles.refuse_unsafe_role(connection)
        if not preparation.is_prepared():
            raise CommandTrouble("The database is not up to date; run `plein database migrate` first.")
        yield
