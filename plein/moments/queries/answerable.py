# SPDX-License-Identifier: AGPL-3.0-or-later
"""As which accounts somebody may answer what was said on a network."""

from uuid import UUID

from plein.channels.models import Connection
from plein.channels.speaking import may_speak
from plein.moments.models import MomentSource
from plein.moments.queries.reading import MomentLine
from plein.moments.vocabulary import MomentKind


def answering_accounts(moment_id: UUID, seat: UUID) -> tuple[tuple[Connection, str], ...]:
    """The accounts that heard a moment which is still there, each with the identifier it has for them."""
    sources = MomentSource.objects.filter(moment_id=moment_id, gone_at__isnull=True, import_id__isnull=False)
    heard: dict[UUID | None, str] = dict(sources.order_by("-id").values_list("import_id", "external_id"))
    return tuple((one, heard[one.id]) for one in may_speak(seat).filter(id__in=list(heard))) if heard else ()


def is_answerable(line: MomentLine, seat: UUID | None) -> bool:
    """Whether a colleague may answer this from here: every mail, and what an account of theirs heard on a network."""
    if line.kind == MomentKind.EMAIL:
        return True
    is_heard = line.kind in (MomentKind.POST, MomentKind.CHAT) and line.state == "done"
    return is_heard and seat is not None and bool(answering_accounts(line.id, seat))
