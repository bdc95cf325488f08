# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking people from outside, by mail in one's own name."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from plein.asking.actions.reaching import address_of
from plein.asking.wording import tongue
from plein.channels.letters import Mailbox
from plein.consent.queries import closed_to_requests
from plein.consent.vocabulary import INTRODUCTIONS
from plein.core.models import Operation
from plein.core.operations import CannotUndo, operation
from plein.outbox.actions import Content, keep_mail, send_mail
from plein.outbox.models import Mail, MailState
from plein.outbox.refusals import CannotSend
from plein.questions.models import Asked, Question
from plein.questions.queries.keeper import ASKED, LATE, OFTEN, call
from plein.questions.refusals import CannotAsk, TooLate
from plein.questions.vocabulary import AT_ONCE
from plein.relations.models import Relation
from plein.trust.circles import circle_of_people, only_me
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def ask_outside(*, actor: Entrance, question: Question, people: Sequence[UUID]) -> None:
    """Ask people who do not work here, who let us: by mail, in one's own name. Raises CannotAsk and TooLate.

    Who asked chooses them by name; no job ever asks anybody from outside.
    """
    permit(actor, "write")
    if not people or len(set(people)) > AT_ONCE:
        raise CannotAsk(_("Choose at least one and at most %(most)s people.") % {"most": AT_ONCE}, "people")
    wanted = Relation.objects.filter(id__in=people, kind="person", seat_id__isnull=True, is_ours=False)
    found = {one.id: one for one in wanted}
    if set(people) - found.keys():
        raise CannotAsk(_("Somebody you chose is not here any more. Choose others."), "people")
    for words in closed_to_requests(list(found.values())).values():
        raise CannotAsk(words, "people")
    with transaction.atomic(), operation("ask_outside") as done:
        for one in dict.fromkeys(people):
            _mail(actor, question, found[one], done.id)


def _mail(actor: Entrance, question: Question, person: Relation, operation_id: UUID) -> None:
    address, facts = address_of(person), {"name": person.name}
    if not address:
        raise CannotAsk(_("There is no e-mail address that is of %(name)s alone. Choose others.") % facts, "people")
    statement = "SELECT plein_questions_mailed(%s, %s, %s)"
    [told] = call(statement, question.id, person.id, circle_of_people([]))
    if told["outcome"] == LATE:
        raise TooLate(_("It is over already."))
    if told["outcome"] == OFTEN:
        words = _("%(name)s was asked twice this week already. Ask another, or try again in a week.")
        raise CannotAsk(words % facts, "people")
    if told["outcome"] != ASKED:
        raise CannotAsk(_("You asked %(name)s already.") % facts, "people")
    asked = Asked.objects.create(
        question=question, person=person, ring=question.ring, own_circle_id=only_me(), operation_id=operation_id
    )
    subject, text = _letter(actor, question, person)
    content = Content(
        to=(Mailbox(address, person.name),),
        subject=subject,
        text=text,
        circle="me",
        purpose=INTRODUCTIONS,
        relation_id=person.id,
    )
    try:
        send_mail(actor=actor, mail=keep_mail(actor=actor, content=content, mail_id=asked.id))
    except CannotSend as refusal:
        raise CannotAsk(str(refusal), "people") from refusal


def _letter(actor: Entrance, question: Question, person: Relation) -> tuple[str, str]:
    """What they read, in their language; they answer by replying."""
    with translation.override(tongue(person.language)):
        hello = _("Hello %(name)s,") % {"name": person.given_name or person.name}
        close = _("I thought that you may know. An answer to this mail is enough, and so is none.")
        return _("A question"), "\n\n".join([hello, question.text, close, actor.user.name])


def take_back_outside(undone: Operation) -> None:
    """Before asking outside is turned back: the mails do not leave. Not when one has left."""
    asked = list(Asked.objects.filter(operation_id=undone.id))
    ids = [one.id for one in asked]
    states = list(Mail.objects.select_for_update(of=("self",)).filter(id__in=ids).values_list("state", flat=True))
    if not asked or any(state != MailState.WAITING for state in states):
        raise CannotUndo("left")
    for one in asked:
        call("SELECT plein_questions_unmailed(%s, %s)", one.question_id, one.person_id)
    Asked.objects.filter(id__in=ids).delete()
    Mail.objects.filter(id__in=ids).delete()
