# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.core.events import publish
from plein.core.isolation import default_circle_id
from plein.moments.events import ReminderDue
from plein.moments.queries.reminders import take_due_reminders
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def tell_reminders(*, actor: Entrance) -> int:
    """Tell a colleague of every reminder that has come, once; returns how many."""
    permit(actor, "read")
    found = take_due_reminders(actor.workspace_id, default_circle_id(), actor.seat_id)
    for kind, record_id in found:
        publish(ReminderDue(kind, record_id, actor.seat_id))
    return len(found)
