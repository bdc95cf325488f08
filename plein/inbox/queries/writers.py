# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from plein.identity.profiles import Profile
from plein.moments.models import Participant
from plein.moments.vocabulary import ParticipantRole
from plein.relations.vocabulary import ContactKind


def writer_of(moment_id: UUID) -> Participant | None:
    """Who wrote a message, as heard and as believed."""
    found = Participant.objects.filter(moment_id=moment_id, role=ParticipantRole.FROM, is_ours=False)
    writer: Participant | None = found.select_related("moment", "relation", "contact_point").order_by("id").first()
    return writer


def heard(participant: Participant) -> Profile:
    """What was heard of somebody who took part."""
    point, name = participant.contact_point, participant.heard_name
    value = point.value if point is not None else ""
    kind = point.kind if point is not None else ""
    return Profile(
        names=(name,) if name and "@" not in name else (),
        emails=(value,) if kind == ContactKind.EMAIL else (),
        phones=(value,) if kind == ContactKind.PHONE else (),
    )
