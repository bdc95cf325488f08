# SPDX-License-Identifier: AGPL-3.0-or-later
import json
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from plein.channels.letters import Letter, NoAddress, checked_address
from plein.channels.models import MailServer, Security
from plein.channels.post import PASSWORD, has_password, post_office
from plein.core import outside
from plein.core.models import Operation
from plein.core.operations import operation
from plein.trust import secret_box
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


class CannotUse(ValueError):
    """Why a mail server cannot be used so; `field` is what to change, and the message is for people."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """A mail server as an administrator describes it."""

    host: str
    port: int
    security: str
    user_name: str
    sender: str
    sender_name: str
    is_inside: bool


def set_mail_server(*, actor: Entrance, facts: ServerFacts, password: str = "") -> MailServer:
    """Send our letters through this server from now on.

    An empty password leaves the one there is, if that was given for the same machine and user: a password never goes to
    another machine than the one it was meant for.
    """
    permit(actor, "manage")
    values = asdict(facts) | {"host": _checked_host(facts), "sender": _checked_sender(facts)}
    with operation("change_mail_server"):
        row: MailServer | None = MailServer.objects.order_by("created_at", "id").first()
        if row is None:
            row = MailServer.objects.create(**values)
        else:
            MailServer.objects.filter(id=row.id).update(**values)
            row.refresh_from_db()
        if password:
            kept = {"for": [row.host, row.user_name], "password": password}
            secret_box.put(PASSWORD, json.dumps(kept))
        elif row.user_name and not has_password(row):
            raise CannotUse(_("Write the password that belongs to this server and user name."), "password")
    return row


def _checked_host(facts: ServerFacts) -> str:
    if facts.security not in Security.values:
        raise CannotUse(_("Choose how the line is protected."), "security")
    if facts.security == Security.NONE and not facts.is_inside:
        raise CannotUse(
            _("Without protection Plein only speaks to a mail server on this machine, in your own network."), "security"
        )
    try:
        return outside.host_name(facts.host)
    except ValueError as trouble:
        raise CannotUse(_("Write the name of a machine, like mail.example.com."), "host") from trouble


def _checked_sender(facts: ServerFacts) -> str:
    try:
        return checked_address(facts.sender)
    except NoAddress as trouble:
        raise CannotUse(str(trouble), "sender") from trouble


def remove_mail_server(*, actor: Entrance) -> Operation:
    """Send nothing outside any more: letters go to the sink. The password is forgotten."""
    permit(actor, "manage")
    with operation("remove_mail_server") as done:
        MailServer.objects.all().delete()
        secret_box.discard(PASSWORD)
    return done


def try_mail_server(*, actor: Entrance) -> str:
    """Send the actor a letter and return the address it went to; raises PostRefused or PostUncertain."""
    permit(actor, "manage")
    office = post_office()
    words = {"company": actor.workspace_name}
    office.post(
        Letter(
            to=(actor.user.email,),
            subject=_("A trial letter from Plein"),
            text=_("If you can read this, Plein can send mail for %(company)s.") % words,
        )
    )
    return actor.user.email
