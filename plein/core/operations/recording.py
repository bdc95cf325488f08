# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from plein.core.audit import Fact, audit
from plein.core.audit.vocabulary import OPERATIONS, SETTINGS
from plein.core.chain import A_WORD
from plein.core.ids import now
from plein.core.isolation import current, in_operation
from plein.core.models import Operation

#: How long an operation can be undone, in days.
UNDO_DAYS = 30


def begin(verb: str, **facts: int | str | None) -> Operation:
    """Open an operation that may last longer than a transaction, such as an import.

    Enter it with `in_operation(operation.id)`. Facts are counts and ids, never names.
    """
    context = current()
    opened = Operation.objects.create(
        seat_id=context.seat_id, door=context.door[:20], verb=verb, facts=facts, started_at=now()
    )
    if verb in OPERATIONS:
        plain: dict[str, Fact] = {
            name: value for name, value in facts.items() if isinstance(value, int) or A_WORD.match(value or " ")
        }
        audit(verb, kind="setting" if verb in SETTINGS else "operation", about=opened.id, extra=plain)
    return opened


@contextmanager
def operation(verb: str, **facts: int | str | None) -> Iterator[Operation]:
    """Everything written inside belongs to one operation; inside another one it joins that one."""
    running = current().operation_id
    if running is not None:
        yield Operation.objects.get(id=running)
        return
    with transaction.atomic():
        opened = begin(verb, **facts)
        with in_operation(opened.id, savepoint=False):
            yield opened
