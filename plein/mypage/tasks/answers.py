# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs that tell people what came of what they asked, by mail."""

from contextlib import suppress
from uuid import UUID

from procrastinate.contrib.django import app

from plein.consent.events import RestrictionLifted
from plein.core.events import job_context
from plein.core.ids import now
from plein.core.isolation import Context, workspace_context, workspace_id
from plein.erasure.events import LAST_WORD, PersonErased
from plein.mypage.actions import link_for
from plein.mypage.events import RequestAnswered
from plein.mypage.models import PageRequest
from plein.mypage.queries import address_of
from plein.mypage.tasks.links import PATIENT
from plein.mypage.words import answer_letter, erased_letter, lifted_letter
from plein.relations.models import Relation
from plein.trust import letters, secret_box
from plein.trust.models import Workspace
from plein.trust.seats import NoSeat, entered, user_of_job


@app.task(name="mypage.tell_answer", retry=PATIENT)
def tell_answer(*, workspace: int, user: str, request: str) -> None:
    """Send somebody what came of what they asked, at an address that is theirs alone."""
    with suppress(NoSeat), entered(user_of_job(user), workspace, door="worker") as actor:
        asked = PageRequest.objects.filter(id=UUID(request)).select_related("subject__relation").first()
        relation = asked.subject.relation if asked else None
        address = address_of(relation) if relation and letters.can_send() else ""
        if asked is None or relation is None or not address:
            return
        link = link_for(actor=actor, relation=relation, address=address)
        facts = {"company": actor.workspace_name, "language": relation.language}
        letters.send(answer_letter(asked, to=address, link=link, **facts))


@app.task(name="mypage.tell_lifted", retry=PATIENT)
def tell_lifted(*, workspace: int, user: str, relation: str) -> None:
    """Tell somebody that what we have of them is used again."""
    with suppress(NoSeat), entered(user_of_job(user), workspace, door="worker") as actor:
        person: Relation | None = Relation.objects.filter(id=UUID(relation)).first()
        address = address_of(person) if person and letters.can_send() else ""
        if person is not None and address:
            letters.send(lifted_letter(to=address, company=actor.workspace_name, language=person.language))


@app.task(name="mypage.last_word", retry=PATIENT)
def last_word(*, workspace: int, sealed: str) -> None:
    """Tell somebody who asked it that they were erased. Nothing here knows them but the sealed words of this job."""
    language, _space, address = secret_box.unseal(LAST_WORD, sealed.encode()).partition(" ")
    with workspace_context(Context(workspace_id=workspace, door="my-page")):
        if letters.can_send():
            company = Workspace.objects.get().name
            letters.send(erased_letter(to=address, company=company, language=language, day=now().date()))


def enqueue_answer(event: RequestAnswered) -> None:
    """Have them told."""
    tell_answer.defer(request=str(event.request_id), **job_context())


def enqueue_lifted(event: RestrictionLifted) -> None:
    """Have them told."""
    tell_lifted.defer(relation=str(event.relation_id), **job_context())


def enqueue_last_word(event: PersonErased) -> None:
    """Have them told, if they asked for it."""
    if event.last_word:
        last_word.defer(workspace=workspace_id(), sealed=event.last_word)
