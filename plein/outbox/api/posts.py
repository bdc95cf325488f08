# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to what is said on networks: written here, sent and taken back as mail is."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import Field

from plein.channels.speaking import may_speak
from plein.core.payloads import Invalid, Payload, checked, of_form, sent
from plein.outbox import actions
from plein.outbox.actions import Said
from plein.outbox.api.door import router
from plein.outbox.api.mails import MailOut, shown_mail
from plein.outbox.forms import PostForm
from plein.outbox.queries import post_answer_to
from plein.trust.seats import Entrance, seat_of


@of_form(PostForm, without="account")
class Post(Payload):
    """What is said on a network: in answer to a moment that came from there, or a post to everybody."""

    account: UUID = Field(description="The connection as whose account it is said.")
    answers: UUID | None = Field(default=None, description="The moment it answers.")


@router.post("/posts", response={201: MailOut}, summary="Write something to say on a network")
def write_post(request: HttpRequest, payload: Post) -> Status[MailOut]:
    """It is a draft until it is sent with `POST /mails/{mail_id}/send`. What it answers keeps who reads it there."""
    actor = seat_of(request)
    values = sent(payload) | {"account": str(payload.account)}
    accounts = [(str(one.id), one.name) for one in may_speak(actor.seat_id)]
    form = checked(PostForm(values, accounts=accounts, initial={}))
    mail = actions.keep_post(actor=actor, said=_said(actor, payload, form))
    return Status(201, shown_mail(mail))


def _said(actor: Entrance, payload: Post, form: PostForm) -> Said:
    account = may_speak(actor.seat_id).get(id=payload.account)
    text, circle = form.cleaned_data["text"], form.cleaned_data["circle"] or "me"
    if payload.answers is None:
        return Said(account, text, circle)
    answer = post_answer_to(payload.answers, actor.seat_id)
    heard = {one.id: known for one, known in answer.accounts}.get(account.id) if answer else None
    if answer is None or heard is None:
        raise Invalid({"answers": _("This account heard no such moment: answer with one that did.")})
    relation = answer.relation.id if answer.relation else None
    return Said(account, text, circle, answer.to, answer.is_public, heard, payload.answers, relation)
