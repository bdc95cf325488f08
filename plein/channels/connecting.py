# SPDX-License-Identifier: AGPL-3.0-or-later
"""A connection as its connector gets it: settings with their secrets, and a way out into the world."""

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import BaseModel, SecretStr, ValidationError

from plein.channels.connectors.known import CONNECTORS
from plein.channels.live import Connector, Glimpse, Net, Visit
from plein.channels.models import Connection
from plein.channels.net import OutsideNet
from plein.trust import secret_box

#: Settings that nobody gives with an account: each has an act of its own.
KEPT_APART = frozenset({"drop", "aliases"})


class NotUsable(ValueError):
    """Why settings cannot be used so; `field` is what to change, and the message is for people."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


def connector_of(key: str) -> Connector:
    """The connector with this key; raises NotUsable."""
    found = next((one for one in CONNECTORS if one.key == key), None)
    if found is None:
        raise NotUsable(_("Plein knows no connector called %(key)s.") % {"key": key[:40]}, "connector")
    return found


def checked(connector: Connector, values: Mapping[str, Any]) -> BaseModel:
    """The settings that a form or command gave; raises NotUsable with the field and what is wrong with it."""
    try:
        return connector.Settings.model_validate(dict(values))
    except ValidationError as trouble:
        first = trouble.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        known = connector.Settings.model_fields.get(field)
        title = (known.title if known else "") or field or _("settings")
        words = str(first["msg"]).removeprefix("Value error, ")
        raise NotUsable(_("%(field)s: %(reason)s") % {"field": title, "reason": words}, field) from trouble


def parted(given: BaseModel) -> tuple[dict[str, Any], dict[str, str]]:
    """Settings as they are kept: those that anybody may read, and the secrets."""
    secrets = {
        name: value.get_secret_value()
        for name in type(given).model_fields
        if isinstance(value := getattr(given, name), SecretStr)
    }
    return given.model_dump(mode="json", exclude=set(secrets)), secrets


def secret_fields(connector: Connector) -> set[str]:
    """Which settings are secrets."""
    fields = connector.Settings.model_fields
    return {name for name, field in fields.items() if "SecretStr" in str(field.annotation)}


def keep_secrets(connection: Connection, secrets: Mapping[str, str]) -> None:
    """Keep the secrets of a connection where no database alone can read them."""
    secret_box.put(_name(connection), json.dumps(dict(secrets)))


def kept_secrets(connection: Connection) -> dict[str, str]:
    """The secrets of a connection; raises Unopenable."""
    kept = secret_box.get(_name(connection))
    return {str(name): str(value) for name, value in json.loads(kept).items()} if kept else {}


def discard_secrets(connection: Connection) -> None:
    """Forget the secrets of a connection."""
    secret_box.discard(_name(connection))


def name_on_network(connection: Connection) -> str:
    """How an account is called where it speaks: without the @ that people write before it, but where that belongs."""
    name = connection.account.lower()
    return name if ":" in name else name.removeprefix("@")


def folder_of(connection: Connection) -> Path:
    """Where the bytes of attachments wait while a connection is heard."""
    return Path(settings.PLEIN_FILES) / str(connection.workspace_id) / "connections" / str(connection.id)


def settings_of(connection: Connection) -> BaseModel:
    """The settings of a connection with its secrets; raises Unopenable."""
    return checked(connector_of(connection.connector), {**connection.settings, **kept_secrets(connection)})


def visit_of(connection: Connection, net: Net, **more: Any) -> Visit:
    """A visit to the account of a connection, from where the last one ended."""
    spool = folder_of(connection)
    spool.mkdir(parents=True, exist_ok=True)
    return Visit(settings_of(connection), net, spool, connection.cursor, connection.since, **more)


def way_out(connection: Connection) -> OutsideNet:
    """The way out for a connection: into one's own network only where somebody who may has said so."""
    return OutsideNet(may_be_inside=connection.is_inside)


def look_at(connection: Connection) -> Glimpse:
    """What is there, without fetching it: also the test of a connection. Raises Trouble."""
    with closing(way_out(connection)) as net:
        return connector_of(connection.connector).look(visit_of(connection, net))


def glimpse_of(connector: Connector, given: BaseModel, *, is_inside: bool = False) -> Glimpse:
    """What is there at an account that nobody noted yet; nothing of it is kept. Raises Trouble."""
    with closing(OutsideNet(may_be_inside=is_inside)) as net, TemporaryDirectory() as spool:
        return connector.look(Visit(given, net, Path(spool)))


def _name(connection: Connection) -> str:
    return f"connection {connection.id}"
