# SPDX-License-Identifier: AGPL-3.0-or-later
"""The mail to somebody from outside who is asked first. Nobody sees it but who asks: it tells whom they would meet."""

from plein.asking.actions.reaching import Reach
from plein.asking.models import IntroductionRequest
from plein.asking.refusals import CannotAsk
from plein.asking.wording import subject_of, with_link
from plein.channels.letters import Mailbox
from plein.consent.vocabulary import INTRODUCTIONS
from plein.outbox.actions import Content, keep_mail, send_mail
from plein.outbox.refusals import CannotSend
from plein.relations.models import Relation
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def mail_first(actor: Entrance, request: IntroductionRequest, person: Relation, reach: Reach, text: str) -> None:
    """Write to the first person on a way, in one's own name; raises CannotAsk where there is no ground to."""
    permit(actor, "write")
    content = Content(
        to=(Mailbox(reach.address, person.name),),
        subject=subject_of(request.target, reach.language),
        text=with_link(text, reach.language),
        circle="me",
        purpose=INTRODUCTIONS,
        relation_id=person.id,
    )
    try:
        mail = keep_mail(actor=actor, content=content, mail_id=request.id)
        send_mail(actor=actor, mail=mail)
    except CannotSend as refusal:
        raise CannotAsk(str(refusal), "people") from refusal
