# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from plein.lists.export.streaming import REMEMBERED_ABOVE, Export, Look, Shape, narrowed
from plein.lists.query import ViewQuery, count, open_view
from plein.trust.permissions import permit, require_proof
from plein.trust.rates import seconds_to_wait
from plein.trust.seats import Entrance

#: Large exports that one user may begin in an hour.
LARGE_AN_HOUR = 5
HOUR_IN_MINUTES = 60
#: Made from a user's id, the subject under which their large exports are counted.
COUNTED_AS = UUID("5d7a2b1e-8c39-4f0a-9d46-2f6b8f1c7e53")


class TooManyExports(ValueError):
    """Somebody exported much already; `wait` is for how many seconds, and the message is for them."""

    def __init__(self, seconds: int) -> None:
        self.wait = seconds
        minutes = -(-seconds // 60)
        super().__init__(
            _("You made %(count)s large exports within an hour. Wait %(minutes)s minutes, then make this one.")
            % {"count": LARGE_AN_HOUR, "minutes": minutes}
        )


def is_large(*, actor: Entrance, query: ViewQuery) -> bool:
    """Whether a view has more than a thousand lines: whoever takes those along proves first who they are."""
    return count(open_view(query, actor), cap=REMEMBERED_ABOVE) > REMEMBERED_ABOVE


def export_list(
    *,
    actor: Entrance,
    query: ViewQuery,
    look: Look,
    door: str = "web",
    view_id: UUID | None = None,
    shape: Shape | None = None,
    is_limited: bool = True,
) -> Export:
    """Prepare exactly what a view shows as a file: its columns, order, questions and groups; with a shape, as that.

    Read it with `pieces()`, which may go on after the transaction of the caller. Raises BadFilter, and TooManyExports
    for the sixth large one within an hour.
    """
    permit(actor, "export")
    view = open_view(query, actor)
    if shape and shape.only:
        view = narrowed(view, shape.only)
    if is_limited and count(view, cap=REMEMBERED_ABOVE) > REMEMBERED_ABOVE:
        require_proof(actor)
        wait = seconds_to_wait(uuid5(COUNTED_AS, str(actor.user.id)), most=LARGE_AN_HOUR, minutes=HOUR_IN_MINUTES)
        if wait:
            raise TooManyExports(wait)
    return Export(actor.user, actor.workspace_id, query, look, door=door, view_id=view_id, shape=shape)
