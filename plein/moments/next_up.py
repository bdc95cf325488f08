# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comes after a to-do that is done, as a sentence with the address where one goes on."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plein.moments.models import ToDo
from plein.moments.queries import suggestion_after


def what_follows(todo: ToDo) -> tuple[str, str] | None:
    """Of one that is done: when it comes again, what was to follow, or that nothing is planned with whom it was for."""
    found = suggestion_after(todo) if todo.done_at is not None else None
    if found is None:
        return None
    if found.again is not None:
        address = reverse("moments:todo", args=[found.again.id])
        day = date_format(found.again.due_on, "l j F") if found.again.due_on else ""
        return _("It comes again %(day)s.") % {"day": day}, address
    if found.follow_up:
        return _("Then: %(words)s") % {"words": found.follow_up}, reverse("moments:moment", args=[todo.moment_id])
    if found.relation is None:
        return None
    words = _("Nothing is planned with %(name)s.") % {"name": found.relation.name}
    return f"{words} {_('Plan something')}", f"{reverse('moments:appointment_new')}?with={found.relation.id}"
