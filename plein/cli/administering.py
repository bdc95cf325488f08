# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reaching the database as somebody who sees every row: only for copies of the whole."""

import contextlib
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import psycopg

from plein.cli.speech import CommandTrouble
from plein.operate.cluster import SUPERUSER, cluster_of
from plein.operate.dump import Address, sees_everything
from plein.operate.places import DATABASE, PORT, external_database, places, socket_folder


@contextlib.contextmanager
def administrator(admin_url: str = "") -> Iterator[Address]:
    """The address of the whole database; the embedded one's, or the one an administrator gives."""
    if not external_database():
        with cluster_of(places()).in_use():
            yield Address(str(socket_folder(places().cluster)), PORT, DATABASE, SUPERUSER)
        return
    if not admin_url:
        raise CommandTrouble(
            "Say as whom to read every row: --admin-url postgresql://ADMINISTRATOR:PASSWORD@HOST/plein"
        )
    try:
        with psycopg.connect(admin_url, connect_timeout=10) as connection:
            if not sees_everything(connection):
                raise CommandTrouble(f"{connection.info.user} does not see every row; use a superuser or BYPASSRLS.")
            yield Address.of(connection, unquote(urlsplit(admin_url).password or ""))
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise CommandTrouble(f"The server does not let the administrator in: {reason}") from error
