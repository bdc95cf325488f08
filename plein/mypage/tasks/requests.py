# SPDX-License-Identifier: AGPL-3.0-or-later
"""The job that puts what somebody asked on the list of who answers for them."""

from contextlib import suppress
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from plein.core.isolation import Context, workspace_context
from plein.moments.actions import create_todo
from plein.mypage.events import RequestMade
from plein.mypage.models import PageRequest
from plein.mypage.queries import owner_behind
from plein.mypage.tasks.links import PATIENT
from plein.trust.models import Role, Seat
from plein.trust.seats import Entrance, NoSeat, entered, user_of_job


@app.task(name="mypage.give_request", retry=PATIENT)
def give_request(*, workspace: int, request: str) -> None:
    """Put what somebody asked on the list of who answers for them: the owner of the relation, else an administrator."""
    with workspace_context(Context(workspace_id=workspace, door="my-page")):
        seats = Seat.objects.filter(is_active=True, role__in=(Role.OWNER, Role.ADMINISTRATOR)).order_by("id")
        managers = list(seats.values_list("user_id", flat=True))
    owner = owner_behind(workspace, UUID(request))
    for user in dict.fromkeys([*([owner] if owner else []), *managers]):
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
            note=_("The law wants an answer by then. It stands in Settings, Requests."),
            due_on=asked.due_on,
            relation_id=relation.id if relation else None,
            todo_id=asked.id,
        )


def enqueue_request(event: RequestMade) -> None:
    """Give it to somebody."""
    give_request.defer(workspace=event.workspace, request=str(event.request_id))
