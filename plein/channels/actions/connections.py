# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a colleague does with a connection: add it, start it, pause it, set it anew, remove it."""

import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.transaction import on_commit
from django.utils.translation import gettext as _

from plein.channels.connecting import (
    KEPT_APART,
    NotUsable,
    checked,
    connector_of,
    discard_secrets,
    folder_of,
    glimpse_of,
    keep_secrets,
    kept_secrets,
    look_at,
    parted,
    secret_fields,
    settings_of,
)
from plein.channels.events import HearingWanted
from plein.channels.live import Glimpse
from plein.channels.models import Connection, ConnectionState, Policy
from plein.channels.own_post import check_outgoing
from plein.core.audit import audit
from plein.core.events import publish
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import CannotUndo, operation
from plein.trust.circles import circle_for_new, only_me
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


@dataclass(frozen=True, slots=True)
class HearingWishes:
    """What is chosen before anything is fetched: unknown senders, who sees it, from when on, which folders.

    `additions` are the folders to which goes what its owner adds here.
    """

    policy: str
    circle: str = ""
    since: datetime | None = None
    folders: tuple[str, ...] = ()
    additions: tuple[str, ...] = ()


def look_first(*, actor: Entrance, connector: str, settings: Mapping[str, Any], is_inside: bool = False) -> Glimpse:
    """Look what there is at an account before anything of it is noted; raises NotUsable and Trouble."""
    permit(actor, "import")
    _permit_inside(actor, is_inside=is_inside)
    known = connector_of(connector)
    given = checked(known, settings)
    seen = glimpse_of(known, given, is_inside=is_inside)
    check_outgoing(given, is_inside=is_inside)
    return seen


def add_connection(
    *,
    actor: Entrance,
    connector: str,
    name: str,
    settings: Mapping[str, Any],
    is_inside: bool = False,
    seen: Glimpse | None = None,
) -> Connection:
    """Note an account to listen to. Nothing is fetched before its owner chose; until then only they see it.

    `seen` is what a look at it showed before. Raises NotUsable.
    """
    permit(actor, "import")
    _permit_inside(actor, is_inside=is_inside)
    known = connector_of(connector)
    plain, secrets = parted(checked(known, _without_apart(settings)))
    made: Connection = Connection.objects.create(
        seat_id=actor.seat_id,
        circle_id=only_me(),
        connector=known.key,
        name=(name.strip() or known.label)[:120],
        settings=plain,
        is_inside=is_inside,
        **(_shown(seen) if seen else {}),
    )
    keep_secrets(made, secrets)
    audit("add_connection", kind="setting", about=made.id)
    return made


def look_into(*, actor: Entrance, connection: Connection) -> Glimpse:
    """Look what is there without fetching it, and keep the counts for the choices; raises Trouble."""
    permit(actor, "import")
    _own(actor, connection)
    glimpse = look_at(connection)
    check_outgoing(settings_of(connection), is_inside=connection.is_inside)
    shown = _shown(glimpse)
    if hub := connection.preview.get("hub"):
        shown["preview"]["hub"] = hub
    Connection.objects.filter(id=connection.id).update(**shown)
    return glimpse


def start_hearing(*, actor: Entrance, connection: Connection, wishes: HearingWishes) -> Connection:
    """Begin to listen, with what was chosen; raises NotUsable."""
    permit(actor, "import")
    _own(actor, connection)
    found = _locked(connection.id)
    if found.state != ConnectionState.PREVIEW:
        raise NotUsable(_("This connection has begun already."))
    if wishes.policy not in Policy.values:
        raise NotUsable(_("Choose who becomes a person."), "policy")
    found.policy, found.since, found.circle_id = wishes.policy, wishes.since, circle_for_new(wishes.circle)
    if "folders" in connector_of(found.connector).Settings.model_fields:
        found.settings = {**found.settings, "folders": list(wishes.folders)}
    if wishes.additions and "additions" in found.settings:
        found.settings = {**found.settings, "additions": list(wishes.additions)}
    return _go_on(found)


def pause_connection(*, actor: Entrance, connection: Connection) -> Connection:
    """Let it rest: nothing is heard until it is resumed, and nothing is lost."""
    permit(actor, "import")
    _own(actor, connection)
    found = _locked(connection.id)
    if found.state not in (ConnectionState.ACTIVE, ConnectionState.STOPPED):
        raise NotUsable(_("Only a connection that listens can be paused."))
    found.state = ConnectionState.PAUSED
    found.save()
    return found


def resume_connection(*, actor: Entrance, connection: Connection) -> Connection:
    """Listen again from where it stopped, and try at once."""
    permit(actor, "import")
    _own(actor, connection)
    found = _locked(connection.id)
    if found.state == ConnectionState.PREVIEW:
        raise NotUsable(_("Choose first who may see it, and what becomes of unknown senders."))
    return _go_on(found)


def visit_now(*, actor: Entrance, connection: Connection, in_background: bool = True) -> Connection:
    """Want to hear at once what is new: a worker goes, or else the caller does. Raises NotUsable."""
    permit(actor, "import")
    _own(actor, connection)
    found: Connection = Connection.objects.get(id=connection.id)
    if found.state == ConnectionState.PREVIEW:
        raise NotUsable(_("Choose first who may see it, and what becomes of unknown senders."))
    if found.state == ConnectionState.PAUSED:
        raise NotUsable(_("“%(name)s” is paused: resume it first.") % {"name": found.name})
    if found.state == ConnectionState.STOPPED:
        words = {"name": found.name, "reason": found.problem_told}
        raise NotUsable(_("“%(name)s” stopped: %(reason)s Mend that, and resume it.") % words)
    if in_background:
        publish(HearingWanted(found.id))
    return found


def set_connection(*, actor: Entrance, connection: Connection, settings: Mapping[str, Any], name: str) -> Connection:
    """Set an account anew, such as with another password. Raises NotUsable.

    Empty secrets stay as they are, unless more than a yes or no changes: a password never goes to another machine than
    the one it was given for.
    """
    permit(actor, "import")
    _own(actor, connection)
    found = _locked(connection.id)
    known = connector_of(found.connector)
    secret = secret_fields(known)
    given = {key: value for key, value in _without_apart(settings).items() if key not in secret or value}
    kept = {**kept_secrets(found), **{key: value for key, value in given.items() if key in secret}}
    plain, secrets = parted(checked(known, {**found.settings, **given, **kept}))
    moved = {key for key in plain if plain[key] != found.settings.get(key) and not isinstance(plain[key], bool)}
    moved -= {"folders", "additions", *KEPT_APART}
    lacking = [key for key in secret if secrets.get(key) and not settings.get(key)]
    if moved and lacking:
        raise NotUsable(_("Write the password again: it was given for other settings."), lacking[0])
    found.settings, found.name = plain, (name.strip() or found.name)[:120]
    found.save()
    keep_secrets(found, secrets)
    audit("change_connection", kind="setting", about=found.id)
    return found


def remove_connection(*, actor: Entrance, connection: Connection) -> None:
    """Listen no more and forget the password. People, addresses and history stay."""
    permit(actor, "import")
    if connection.seat_id != actor.seat_id:
        permit(actor, "manage")
    with operation("remove_connection"):
        discard_secrets(connection)
        Connection.objects.filter(id=connection.id).delete()
    spool = folder_of(connection)
    on_commit(lambda: shutil.rmtree(spool, ignore_errors=True))
    audit("remove_connection", kind="setting", about=connection.id)


def stay_removed(undone: Operation) -> None:
    """What happens when somebody wants a removed connection back: its password is forgotten, so it does not."""
    del undone
    raise CannotUndo("forgotten")


def _without_apart(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in settings.items() if key not in KEPT_APART}


def _shown(glimpse: Glimpse) -> dict[str, Any]:
    """What is kept of a look: how the account is called, and how much there is."""
    return {"account": glimpse.account[:320], "preview": asdict(glimpse) | {"senders": len(glimpse.senders)}}


def _permit_inside(actor: Entrance, *, is_inside: bool) -> None:
    """Only who manages lets Plein into the company's own network."""
    if is_inside:
        permit(actor, "manage")


def _own(actor: Entrance, connection: Connection) -> None:
    """Nobody listens with the account of another."""
    if connection.seat_id != actor.seat_id:
        raise PermissionDenied("import")


def _locked(connection_id: UUID) -> Connection:
    found: Connection = Connection.objects.select_for_update().get(id=connection_id)
    return found


def _go_on(found: Connection) -> Connection:
    found.state, found.problem, found.failures = ConnectionState.ACTIVE, "", 0
    found.next_try_at = now()
    found.save()
    publish(HearingWanted(found.id))
    return found
