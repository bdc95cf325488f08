# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said on networks: as whose account, how long it may be, what stands in its way, and saying it once."""

import hashlib
from collections.abc import Callable
from functools import partial

from django.utils.translation import gettext as _

from plein.channels.live import Outgoing, Trouble
from plein.channels.models import Connection
from plein.channels.post import Posted, PostRefused
from plein.channels.speaking import ONLY_ANSWERS, Speaker, longest, may_speak, speaker_of
from plein.consent.queries import may_send, purpose_called
from plein.consent.vocabulary import PERSONAL
from plein.core.isolation import in_operation
from plein.moments.actions import note_said
from plein.outbox.models import Mail
from plein.outbox.queries import who_knows
from plein.outbox.refusals import CannotSend
from plein.outbox.underway import Underway
from plein.relations.networks import NETWORKS
from plein.relations.queries import listed_addresses
from plein.relations.vocabulary import ContactKind
from plein.trust.seats import Entrance


def check_post(actor: Entrance, mail: Mail) -> Connection:
    """The account that says it; raises CannotSend when the actor may not speak as it, or this may not be said."""
    accounts = may_speak(actor.seat_id).filter(connector=mail.network)
    account: Connection | None = accounts.filter(id=mail.connection_id).first() if mail.connection_id else None
    if account is None:
        raise CannotSend(_("You may not speak as this account. Choose another one."), "account")
    if account.connector in ONLY_ANSWERS and not mail.answered:
        raise CannotSend(_("There one can only answer: choose the message that you answer."), "account")
    most, length = longest(account), len(mail.text.strip())
    if not length:
        raise CannotSend(_("Write something first."), "text")
    if length > most:
        facts = {"count": length, "most": most, "account": account.account or account.name}
        raise CannotSend(
            _("This is %(count)s characters long, and %(account)s may say %(most)s at once. Make it shorter.") % facts,
            "text",
        )
    _check_ground([name.lower() for _shown, name in mail.to])
    return account


def _check_ground(names: list[str]) -> None:
    """Nobody is answered who does not want to be contacted: by the same lists and grounds as mail."""
    listed = listed_addresses(names, kind=ContactKind.HANDLE)
    if listed:
        raise CannotSend(" ".join(one.words for one in listed.values()), "text")
    stops = may_send(names, purpose_called(PERSONAL), kind=ContactKind.HANDLE, ask=who_knows) if names else {}
    if stops:
        raise CannotSend(" ".join(dict.fromkeys(one.words for one in stops.values())), "text")


def said_by(mail: Mail, account: Connection) -> Underway:
    """A post that is being said; raises CannotSend when the account cannot be used."""
    text = mail.text.strip()
    outgoing = Outgoing(
        # Of other words than were tried before, the network is to know that they are others.
        key=f"{mail.id.hex}-{hashlib.sha256(text.encode()).hexdigest()[:16]}",
        text=text,
        to=tuple(name for _shown, name in mail.to),
        in_reply_to=mail.answered,
        is_public=mail.is_public,
        tried_since=mail.created_at if mail.attempt else None,
    )
    try:
        speaker = speaker_of(account)
    except Trouble as trouble:
        raise CannotSend(str(trouble), "account") from trouble
    return Underway(mail.id, mail.attempt, partial(_say, speaker, outgoing))


def _say(speaker: Speaker, outgoing: Outgoing, before: Callable[[], None] | None) -> Posted:
    try:
        sent = speaker.say(outgoing, before)
    except Trouble as trouble:
        raise PostRefused(permanent=trouble.is_lasting, words=str(trouble)) from trouble
    return Posted(sent.external_id, {}, url=sent.url)


def note_post(actor: Entrance, mail: Mail, posted: Posted) -> None:
    """Note under which identifier it stands on the network, so that heard back it is the same."""
    mail.message_id = posted.message_id[:300]
    mail.save(update_fields=["message_id"])
    if mail.moment_id is None:
        return
    with in_operation(mail.operation_id):
        note_said(
            actor=actor,
            moment_id=mail.moment_id,
            connection_id=mail.connection_id,
            external_id=posted.message_id,
            url=posted.url,
        )


def network_words(key: str) -> str:
    """How people call a network."""
    return NETWORKS[key].label if key in NETWORKS else key.capitalize()
