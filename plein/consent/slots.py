# SPDX-License-Identifier: AGPL-3.0-or-later
"""What other domains lend to this one: contact moments that show what somebody said, for instance."""

from collections.abc import Callable, Sequence
from uuid import UUID

from plein.relations.models import Relation

type Evidence = Callable[[Relation], Sequence[tuple[str, str]]]
type IsEvidence = Callable[[UUID], bool]
_evidence: list[tuple[Evidence, IsEvidence]] = []


def offer_evidence(find: Evidence, is_there: IsEvidence) -> None:
    """Say how contact moments are found that may be evidence, and recognised. Only `plein/web/panels.py` calls this."""
    if (find, is_there) not in _evidence:
        _evidence.append((find, is_there))


def evidence_for(relation: Relation) -> list[tuple[str, str]]:
    """Ids and names of the latest contact moments with somebody."""
    return [pair for find, _is_there in _evidence for pair in find(relation)]


def is_evidence(moment_id: UUID) -> bool:
    """Whether this is a contact moment that the reader may see."""
    return any(is_there(moment_id) for _find, is_there in _evidence)
