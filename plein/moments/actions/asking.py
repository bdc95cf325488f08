# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking an administrator, by a to-do, about what was kept long enough."""

from uuid import NAMESPACE_URL, uuid5

from django.urls import reverse
from django.utils.translation import gettext as _

from plein.consent.queries.retention import MOST, asked_for
from plein.core.ids import now
from plein.moments.actions.todos import create_todo
from plein.moments.models import ToDo
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def ask_about_retention(*, actor: Entrance) -> ToDo | None:
    """Put on the actor's list, once a month, what waits for the word of an administrator; None when nothing does."""
    permit(actor, "manage")
    key = f"plein:{actor.workspace_id}:retention:{now():%Y-%m}:{actor.seat_id}"
    todo_id = uuid5(NAMESPACE_URL, key)
    if ToDo.objects.filter(id=todo_id).exists():
        return None
    queue = asked_for()
    if not queue:
        return None
    lines = [f"{due.keeping.label}: {f'{MOST}+' if due.is_capped else due.count}" for due in queue]
    return create_todo(
        actor=actor,
        title=_("Say what may go: it was kept long enough"),
        note="\n".join([*lines, reverse("consent:retention") + "?asked=1"]),
        due_on=now().date(),
        circle="me",
        todo_id=todo_id,
    )
