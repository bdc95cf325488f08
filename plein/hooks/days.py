# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under which operation a hook writes."""

from datetime import timedelta
from uuid import UUID

from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import begin
from plein.hooks.models import Hook


def operation_of_today(hook: Hook) -> UUID:
    """The operation under which a hook writes: one a day, so that a day can be turned back."""
    running = [hook.operation_id] if hook.operation_id else []
    present = Operation.objects.filter(id__in=running, undone_by__isnull=True).first()
    if present is not None and now() - present.started_at < timedelta(days=1):
        return present.id
    return begin("hear_hook", hook_id=str(hook.id)).id
