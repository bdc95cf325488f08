# SPDX-License-Identifier: AGPL-3.0-or-later
"""Posting a letter: through the workspace's mail server, or into the sink when there is none yet."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from plein.channels.letters import Enclosure, Letter, Mailbox, NoAddress, mailboxes, written
from plein.channels.models import MailServer, SunkLetter
from plein.channels.own_post import copies_of, sends_as, server_of_connection
from plein.channels.smtp import PostRefused, PostUncertain, Server, hand_over
from plein.core.ids import new_id, now
from plein.trust import secret_box
from plein.trust.models import Workspace

__all__ = [
    "Enclosure",
    "Letter",
    "Mailbox",
    "NoAddress",
    "PostOffice",
    "PostRefused",
    "PostUncertain",
    "Posted",
    "post",
    "post_office",
]

PASSWORD = "mail-server"  # noqa: S105 — the name under which it lies in the secret box
SUNK_KEPT = 200
#: So much of a letter is kept in the sink.
SUNK_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter that was taken: its Message-ID, who was refused with the server's words, and whether it really left.

    Of what was said on a network it is the identifier there, and `url` where one reads it.
    """

    message_id: str
    refused: dict[str, str]
    is_sunk: bool = False
    data: bytes = field(default=b"", repr=False)
    url: str = ""


@dataclass(frozen=True, slots=True)
class PostOffice:
    """Everything needed to post for a workspace, read while its context was in force; sending needs no database.

    `server` is None where letters go to the sink. `keep` puts what left into the sender's folder of sent mail, where it
    goes through their own account.
    """

    server: Server | None
    sender: Mailbox
    workspace_id: int
    keep: Callable[[str, bytes], str] | None = field(default=None, repr=False)

    @property
    def domain(self) -> str:
        return self.sender.address.rpartition("@")[2]

    def message_id(self) -> str:
        """A Message-ID of our own."""
        return f"{new_id().hex}@{self.domain}"

    def post(self, letter: Letter, before_data: Callable[[], None] | None = None) -> Posted:
        """Hand a letter over. `before_data` runs when the server has agreed to everything but the letter itself.

        Raises PostRefused, or PostUncertain when nobody can know whether the server took it. Without a server the
        context of the workspace must be in force, for the sink is a table.
        """
        message_id = letter.message_id or self.message_id()
        sender = letter.sender or self.sender
        receivers = letter.receivers()
        if not receivers:
            raise PostRefused(permanent=True, words=_("There is nobody to send this to."))
        data = written(letter, sender, message_id, timezone.localtime(now()))
        if self.server is None:
            if before_data is not None:
                before_data()
            _sink(letter, sender, data)
            return Posted(message_id, {}, is_sunk=True)
        refused = hand_over(self.server, sender.address, receivers, data, before_data)
        return Posted(message_id, refused, data=data)


def server_of(row: MailServer) -> Server:
    """A mail server with its password; the password counts only for the machine and user it was given for."""
    password = ""
    kept = secret_box.get(PASSWORD)
    if kept is not None:
        facts: dict[str, Any] = json.loads(kept)
        if facts["for"] == [row.host, row.user_name]:
            password = str(facts["password"])
    return Server(row.host, row.port, row.security, row.user_name, password, row.is_inside)


def has_password(row: MailServer) -> bool:
    """Whether there is a password for this machine and user."""
    return bool(server_of(row).password)


def post_office(*, seat_id: UUID | None = None, address: str = "") -> PostOffice:
    """The post office of the workspace in force, or the account through which this colleague sends as this address."""
    own = sends_as(seat_id, address) if seat_id and address else None
    if own is not None:
        return PostOffice(server_of_connection(own), Mailbox(address), own.workspace_id, copies_of(own))
    row = MailServer.objects.order_by("created_at", "id").first()
    workspace = Workspace.objects.values("id", "name", "domains").get()
    if row is None:
        domain = next(iter(workspace["domains"]), "plein.invalid")
        return PostOffice(None, Mailbox(f"plein@{domain}", workspace["name"]), workspace["id"])
    return PostOffice(server_of(row), Mailbox(row.sender, row.sender_name or workspace["name"]), workspace["id"])


def post(letter: Letter) -> str:
    """Post a letter now and return its Message-ID; raises PostRefused or PostUncertain.

    Call it from a job: a mail server may take half a minute. The letter has left before the transaction ends.
    """
    return post_office().post(letter).message_id


def _sink(letter: Letter, sender: Mailbox, data: bytes) -> None:
    is_hidden = letter.is_secret and not settings.PLEIN_OPEN_SINK
    SunkLetter.objects.create(
        sender=str(sender)[:600],
        receivers=", ".join(str(box) for box in mailboxes([*letter.to, *letter.cc, *letter.bcc])),
        subject=letter.subject.replace("\x00", "")[:1000],
        text="" if is_hidden else letter.text.replace("\x00", "")[:SUNK_TEXT],
        source="" if is_hidden else data[:SUNK_TEXT].decode("utf-8", "replace"),
        is_secret=is_hidden,
    )
    kept = SunkLetter.objects.order_by("-at", "-id").values_list("id", flat=True)[:SUNK_KEPT]
    SunkLetter.objects.exclude(id__in=list(kept)).delete()
