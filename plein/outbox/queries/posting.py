# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an answer on a network begins with: as which accounts one may answer, whom, and whether others read along."""

from dataclasses import dataclass
from uuid import UUID

from plein.channels.models import Connection
from plein.moments.models import Moment, Participant
from plein.moments.queries import answering_accounts
from plein.moments.vocabulary import Direction, MomentKind, Reach
from plein.relations.models import Relation
from plein.relations.vocabulary import ContactKind


@dataclass(frozen=True, slots=True)
class PostAnswer:
    """The beginning of an answer to something that was said on a network.

    `accounts` are those one may answer as, each with the identifier under which it heard what is answered.
    """

    moment: Moment
    accounts: tuple[tuple[Connection, str], ...]
    to: tuple[tuple[str, str], ...]
    relation: Relation | None
    is_public: bool


def post_answer_to(moment_id: UUID, seat_id: UUID) -> PostAnswer | None:
    """What an answer to a moment begins with; None for what may not be seen, or was not said on a network."""
    moment = Moment.objects.filter(id=moment_id, kind__in=[MomentKind.POST, MomentKind.CHAT]).first()
    if moment is None:
        return None
    is_theirs = moment.direction == Direction.INBOUND
    people = Participant.objects.filter(
        moment_id=moment_id, role="from" if is_theirs else "to", contact_point__kind=ContactKind.HANDLE
    ).select_related("contact_point", "relation")
    found = [(one, one.contact_point) for one in people.order_by("id") if one.contact_point is not None]
    return PostAnswer(
        moment=moment,
        accounts=answering_accounts(moment_id, seat_id),
        to=tuple((one.heard_name, point.value) for one, point in found),
        relation=next((one.relation for one, _point in found if one.relation is not None and not one.is_ours), None),
        is_public=moment.kind == MomentKind.POST and moment.reach == Reach.MANY,
    )
