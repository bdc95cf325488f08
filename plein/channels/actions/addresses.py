# SPDX-License-Identifier: AGPL-3.0-or-later
"""The other addresses of a mail account: one to forward mail to, and those it sends as beside its own."""

import secrets
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, TimestampSigner
from django.utils.translation import gettext as _

from plein.channels.connecting import NotUsable
from plein.channels.letters import Letter, Mailbox, NoAddress, checked_address
from plein.channels.models import Connection
from plein.channels.own_post import server_of_connection
from plein.channels.post import PostOffice
from plein.core.audit import audit
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: A proof counts for so long, in seconds.
PROOF_SECONDS = 24 * 3600
MOST_ALIASES = 20
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_SIGNER = TimestampSigner(salt="plein.channels.alias")


def drop_address(connection: Connection) -> str:
    """The address to forward mail to, or "" while there is none."""
    secret = str(connection.settings.get("drop") or "")
    local, _at, domain = _own_address(connection).partition("@")
    return f"{local}+drop-{secret}@{domain}" if secret and domain else ""


def open_drop_box(*, actor: Entrance, connection: Connection) -> str:
    """Give a mail account a new address to forward to; one that there was counts no longer. Raises NotUsable."""
    permit(actor, "import")
    found = _locked(actor, connection)
    if "@" not in _own_address(found):
        raise NotUsable(_("This account does not sign in with an address, so there is none to forward to."))
    _keep(found, drop="".join(secrets.choice(_LETTERS) for _one in range(16)))
    return drop_address(found)


def close_drop_box(*, actor: Entrance, connection: Connection) -> None:
    """Let the address to forward to count no longer: what comes there is heard as any mail."""
    permit(actor, "import")
    _keep(_locked(actor, connection), drop="")


def want_alias(*, actor: Entrance, connection: Connection, address: str) -> tuple[str, str]:
    """What proves that somebody reads the mail to an address: it and its proof, which only a letter there tells.

    Raises NotUsable.
    """
    permit(actor, "import")
    found = _locked(actor, connection)
    if not found.settings.get("smtp_host"):
        raise NotUsable(_("This account does not send: name its outgoing server first."), "address")
    try:
        wanted = checked_address(address).lower()
    except NoAddress as trouble:
        raise NotUsable(str(trouble), "address") from trouble
    if len(found.settings.get("aliases", [])) >= MOST_ALIASES:
        raise NotUsable(_("That are many addresses: take one away first."), "address")
    return wanted, _SIGNER.sign(f"{found.id} {wanted}")


def send_proof(*, actor: Entrance, connection: Connection, address: str, link: str) -> None:
    """Send the letter that proves an address, through the account itself; raises PostRefused and PostUncertain."""
    permit(actor, "import")
    found = _locked(actor, connection)
    office = PostOffice(server_of_connection(found), Mailbox(_own_address(found)), found.workspace_id)
    words = {"address": address, "name": found.name, "link": link}
    text = _(
        "Somebody wants to send mail as %(address)s from the account “%(name)s” in Plein.\n\n"
        "If that is you, open this page within a day:\n\n%(link)s\n\nIf it is not, you need not do anything."
    )
    office.post(Letter(to=(address,), subject=_("Is this your address?"), text=text % words, is_secret=True))


def prove_alias(*, actor: Entrance, connection: Connection, proof: str) -> str:
    """Let an account send as an address that was proven; raises NotUsable."""
    permit(actor, "import")
    found = _locked(actor, connection)
    try:
        key, _space, address = _SIGNER.unsign(proof, max_age=PROOF_SECONDS).partition(" ")
    except BadSignature as trouble:
        raise NotUsable(_("This link counts no longer. Ask for a new one.")) from trouble
    if key != str(found.id):
        raise NotUsable(_("This link is of another account."))
    _keep(found, aliases=list(dict.fromkeys([*found.settings.get("aliases", []), address]))[:MOST_ALIASES])
    return address


def drop_alias(*, actor: Entrance, connection: Connection, address: str) -> None:
    """Let an account no longer send as an address."""
    permit(actor, "import")
    found = _locked(actor, connection)
    _keep(found, aliases=[one for one in found.settings.get("aliases", []) if one != address])


def _own_address(connection: Connection) -> str:
    named = [connection.account, str(connection.settings.get("user_name") or "")]
    return next((one.lower() for one in named if "@" in one), "")


def _locked(actor: Entrance, connection: Connection) -> Connection:
    """The mail account, which is the actor's own."""
    found: Connection = Connection.objects.select_for_update().get(id=connection.id)
    if found.seat_id != actor.seat_id or found.connector != "imap":
        raise PermissionDenied("import")
    return found


def _keep(found: Connection, **changes: Any) -> None:
    found.settings = {**found.settings, **changes}
    found.save(update_fields=["settings"])
    audit("change_connection", kind="setting", about=found.id)
