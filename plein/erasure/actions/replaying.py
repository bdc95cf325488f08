# SPDX-License-Identifier: AGPL-3.0-or-later
"""Replaying the list of erasures on an older backup: whoever was erased since is erased again."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection

from plein.core.operations import operation
from plein.erasure import ledger
from plein.erasure.actions.erasing import erase_subject, finish_erasure, subject_of, unfinished
from plein.erasure.actions.remembering import keep_silent, know_again
from plein.erasure.ledger import Line
from plein.trust.models import Workspace
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def replay(*, actor: Entrance, lines: Iterable[Line]) -> int:
    """Erase in the workspace of the actor whom the list says; how many were there. It may run twice."""
    permit(actor, "manage")
    workspace = Workspace.objects.get(id=actor.workspace_id)
    mine = [line for line in lines if line.workspace == str(workspace.public_id)]
    if not mine:
        return 0
    # They go into the list of this Plein first: what is erased again says nothing new then.
    for line in mine:
        ledger.append(line)
    count = 0
    for relation in _found(workspace.public_id, mine):
        subject = subject_of(actor=actor, relation_id=relation)
        if subject is not None:
            erase_subject(actor=actor, subject_id=subject, never_contact=False)
            count += 1
    never = {pair for line in mine for pair in line.never}
    with operation("erase_subject"):
        keep_silent(actor, never)
        know_again({digest for line in mine for digest in line.gone})
    for erasure in unfinished():
        finish_erasure(actor=actor, erasure=erasure)
    return count


def _found(workspace: UUID, lines: Sequence[Line]) -> list[UUID]:
    """The relations behind the hashes of a list, each once."""
    keys = ledger.keys()
    wanted = {name: {one for line in lines if line.key == name for one in line.people} for name in keys}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relation_id, subject_id FROM plein_erasable()")
        rows = cursor.fetchall()
    return list(
        dict.fromkeys(
            relation
            for relation, subject in rows
            for name, key in keys.items()
            if wanted[name] and ledger.hashed(key, workspace, subject or relation) in wanted[name]
        )
    )
