# SPDX-License-Identifier: AGPL-3.0-or-later
"""The job that puts what somebody asked on the list of who answers for them."""

from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from plein.moments.actions import create_todo
from plein.mypage.events import RequestMade
from plein.mypage.models import PageRequest
from plein.mypage.queries import readers_behind, verb_to_answer
from plein.mypage.tasks.links import PATIENT
from plein.trust.permissions import may
from plein.trust.seats import Entrance, NoSeat, entered, user_of_job


@app.task(name="mypage.give_request", retry=PATIENT)
def give_request(*, workspace: int, request: str) -> None:
    """Put what somebody asked on the list of who answers for them: the owner of the relation, else an administrator.

    Of somebody whom neither sees it is the list of a colleague who does.
    """
    for user in readers_behind(workspace, UUID(request)):
        with suppress(NoSeat), entered(user_of_job(str(user)), workspace, door="worker") as actor:
            asked = PageRequest.objects.filter(id=UUID(request)).select_related("subject__relation").first()
            if asked is None or not asked.is_open or not actor.can_write:
                continue
            _put_on_list(actor, asked)
            return


def _put_on_list(actor: Entrance, asked: PageRequest) -> None:
    relation = asked.subject.relation
    with translation.override(actor.user.language):
        facts = {"name": relation.name if relation else "", "wish": asked.get_kind_display()}
        create_todo(
            actor=actor,
            title=_("%(name)s asks on their own page: %(wish)s") % facts,
            note=_note(actor, asked),
            due_on=asked.due_on,
            relation_id=relation.id if relation else None,
            todo_id=asked.id,
        )


def _note(actor: Entrance, asked: PageRequest) -> str:
    """Where it is answered; for who does not manage it stands in no menu."""
    if may(actor, "manage") or not may(actor, verb_to_answer(actor, asked)):
        return _("The law wants an answer by then. It stands in Settings, Requests.")
    address = settings.PLEIN_URL.rstrip("/") + reverse("mypage:request", args=[asked.id])
    words = _("The law wants an answer by then. No administrator sees this person, so you answer: %(address)s")
    return words % {"address": address}


def enqueue_request(event: RequestMade) -> None:
    """Give it to somebody."""
    give_request.defer(workspace=event.workspace, request=str(event.request_id))
