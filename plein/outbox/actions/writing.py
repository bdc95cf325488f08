# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plein.channels.letters import Mailbox
from plein.channels.models import Connection
from plein.core import blobs
from plein.core.file_types import HEAD, sniff
from plein.core.ids import new_id, now
from plein.moments.actions import IncomingFile
from plein.moments.actions.files import clean_name
from plein.moments.models import Attachment
from plein.outbox.models import Mail, MailFile, MailState
from plein.outbox.refusals import CannotSend
from plein.trust.circles import only_me
from plein.trust.permissions import permit
from plein.trust.rates import UPLOADS, slow_down
from plein.trust.seats import Entrance

#: What mail servers take as a rule, all files together; coding makes them a third larger on the way.
LARGEST = 20 * 1024 * 1024
MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class Content:
    """A mail as somebody wrote it."""

    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    bcc: tuple[Mailbox, ...] = ()
    subject: str = ""
    text: str = ""
    quoted: str = ""
    circle: str = "everyone"
    purpose: str = ""
    identity_id: UUID | None = None
    relation_id: UUID | None = None
    answers_id: UUID | None = None


def _listed(boxes: Iterable[Mailbox]) -> list[list[str]]:
    return [[box.name, box.address] for box in boxes]


def keep_mail(*, actor: Entrance, content: Content, mail: Mail | None = None, mail_id: UUID | None = None) -> Mail:
    """Keep what somebody wrote as a mail that is not sent yet; nobody else sees it. A new one may bring its id."""
    permit(actor, "write")
    values = {
        "network": "",
        "connection_id": None,
        "is_public": False,
        "answered": "",
        "to": _listed(content.to),
        "cc": _listed(content.cc),
        "bcc": _listed(content.bcc),
        "subject": content.subject[:300],
        "text": content.text,
        "quoted": content.quoted,
        "circle_key": content.circle,
        "purpose_key": content.purpose[:40],
        "identity_id": content.identity_id,
        "relation_id": content.relation_id,
        "answers_id": content.answers_id,
    }
    return _keep(actor, values, mail, mail_id)


@dataclass(frozen=True, slots=True)
class Said:
    """Something as somebody wrote it to be said on a network, as the account of a connection.

    `to` are those it answers, each with the name people know and the one on the network; `answered` is the identifier
    of what it answers there.
    """

    account: Connection
    text: str
    circle: str = "me"
    to: tuple[tuple[str, str], ...] = ()
    is_public: bool = True
    answered: str = ""
    answers_id: UUID | None = None
    relation_id: UUID | None = None


def keep_post(*, actor: Entrance, said: Said, mail: Mail | None = None, mail_id: UUID | None = None) -> Mail:
    """Keep what somebody wrote to say on a network and did not say yet; nobody else sees it."""
    permit(actor, "write")
    values = {
        "network": said.account.connector,
        "connection_id": said.account.id,
        "is_public": said.is_public,
        "answered": said.answered[:500],
        "to": [list(one) for one in said.to],
        "cc": [],
        "bcc": [],
        "subject": "",
        "text": said.text,
        "quoted": "",
        "circle_key": said.circle,
        "purpose_key": "",
        "identity_id": None,
        "relation_id": said.relation_id,
        "answers_id": said.answers_id,
    }
    return _keep(actor, values, mail, mail_id)


def _keep(actor: Entrance, values: dict[str, Any], mail: Mail | None, mail_id: UUID | None) -> Mail:
    """Write a draft, new or over what was there; raises CannotSend. Whoever calls permits it."""
    values = {**values, "changed_at": now()}
    if mail is None:
        own = {"id": mail_id or new_id(), "seat_id": actor.seat_id, "own_circle_id": only_me()}
        try:
            with transaction.atomic():
                kept: Mail = Mail.objects.create(**own, **values)
        except IntegrityError as trouble:
            # Two clicks at the same moment, or the id of a mail that is not the actor's to see.
            raise CannotSend(_("This was sent a moment ago already. To send it once more, do so again.")) from trouble
        return kept
    locked = own_mail(actor, mail.id, MailState.DRAFT)
    Mail.objects.filter(id=locked.id).update(**values)
    locked.refresh_from_db()
    return locked


def own_mail(actor: Entrance, mail_id: UUID, *states: str) -> Mail:
    """A mail of the actor's own in one of these states, held until the transaction ends; raises CannotSend."""
    found: Mail | None = Mail.objects.select_for_update(of=("self",)).filter(id=mail_id, seat_id=actor.seat_id).first()
    if found is None:
        raise CannotSend(_("Only who wrote a mail can change it."))
    if found.state not in states:
        raise CannotSend(_("That is not possible any more: this mail is %(state)s.") % {"state": _state(found)})
    return found


def _state(mail: Mail) -> str:
    return str(MailState(mail.state).label)


def add_files(
    *, actor: Entrance, mail: Mail, files: Iterable[IncomingFile] = (), known: Iterable[UUID] = ()
) -> list[MailFile]:
    """Let files go along: new ones, and files that came with moments the actor may see; raises CannotSend."""
    permit(actor, "write")
    own_mail(actor, mail.id, MailState.DRAFT)
    fresh = []
    if files:
        slow_down("upload", actor.user.id, most=UPLOADS)
    for file in files:
        if file.size > LARGEST:
            raise CannotSend(too_large(file.size), "files")
        file.stream.seek(0)
        mime = sniff(file.stream.read(HEAD), file.name)
        file.stream.seek(0)
        sha256 = blobs.store(file.stream)
        fresh.append(MailFile(mail=mail, name=clean_name(file.name), mime=mime, size=file.size, sha256=sha256))
    present = set(MailFile.objects.filter(mail=mail).values_list("name", "sha256"))
    for one in Attachment.objects.filter(id__in=list(known)):
        fresh.append(MailFile(mail=mail, name=one.name, mime=one.mime, size=one.size, sha256=one.sha256))
    kept = MailFile.objects.bulk_create([one for one in fresh if (one.name, one.sha256) not in present])
    check_size(mail)
    return list(kept)


def check_size(mail: Mail) -> None:
    """Raise CannotSend when the files of a mail are too many or too large together."""
    sizes = list(MailFile.objects.filter(mail=mail).values_list("size", flat=True))
    if len(sizes) > MOST_FILES:
        raise CannotSend(_("A mail takes %(most)s files at most. Put them together in one.") % {"most": MOST_FILES})
    if sum(sizes) > LARGEST:
        raise CannotSend(too_large(sum(sizes)), "files")


def too_large(size: int) -> str:
    """That files are too large for mail, in words."""
    facts = {"size": f"{size / 1024 / 1024:.1f}", "most": LARGEST // 1024 // 1024}
    return (
        _("The files are %(size)s MB together, and most mail servers take %(most)s MB. Leave one out, or send a link.")
        % facts
    )


def remove_file(*, actor: Entrance, mail: Mail, file_id: UUID) -> None:
    """Leave a file out."""
    permit(actor, "write")
    own_mail(actor, mail.id, MailState.DRAFT)
    MailFile.objects.filter(mail=mail, id=file_id).delete()


def discard_mail(*, actor: Entrance, mail: Mail) -> None:
    """Throw away a mail that was not sent."""
    permit(actor, "write")
    locked = own_mail(actor, mail.id, MailState.DRAFT, MailState.REFUSED)
    if locked.moment_id is not None:
        raise CannotSend(_("This mail stands on a timeline. Remove it there."))
    Mail.objects.filter(id=locked.id).delete()
