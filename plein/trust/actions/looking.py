# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looking at Plein through a colleague's eyes: begun by an owner, over by itself, and never unseen."""

from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Least, Now
from django.utils.translation import gettext as _

from plein.core.ids import now
from plein.core.operations import operation
from plein.trust.models import Look, Role, Seat
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

LASTS = timedelta(minutes=30)


class CannotLook(ValueError):
    """Why nobody can look through these eyes; the message is for the user."""


def start_look(*, actor: Entrance, seat: Seat) -> Look:
    """Look through the eyes of a colleague for half an hour; they see that it was done."""
    permit(actor, "own")
    if seat.id == actor.seat_id:
        raise CannotLook(_("These are your own eyes already."))
    if seat.role == Role.OWNER:
        raise CannotLook(_("Nobody looks through the eyes of another owner."))
    if not seat.is_active:
        raise CannotLook(_("They may not sign in, so there is nothing they see."))
    with operation("look_as", seat=str(seat.id)):
        return Look.objects.create(seat_id=actor.seat_id, as_seat=seat, ends_at=now() + LASTS)


def stop_look(*, actor: Entrance, look: Look) -> None:
    """See with one's own eyes again."""
    permit(actor, "read")
    with operation("stop_looking"):
        mine = Look.objects.filter(id=look.id, seat_id=actor.seat_id, ended_at__isnull=True)
        mine.update(ended_at=Least(Now(), F("ends_at")))
