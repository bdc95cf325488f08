# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django.db import models

from plein.core.records import VersionedRecord


class EditConflict(Exception):
    """Somebody changed the record after the version an edit was based on.

    `current` is the record as it is now and `wanted` the values that were not saved: a door shows both.
    """

    def __init__(self, current: VersionedRecord, wanted: dict[str, Any]) -> None:
        super().__init__("The record was changed in the meantime.")
        self.current = current
        self.wanted = wanted

    @property
    def differing(self) -> list[str]:
        """The fields whose value now differs from the wanted one."""
        return [field for field, value in self.wanted.items() if getattr(self.current, field) != value]


def save_edit[R: VersionedRecord](record: R, changes: dict[str, Any], *, based_on: int) -> R:
    """Save the changed fields if the record still has the version the edit was based on.

    Raises EditConflict otherwise, unless what is wanted is already there. Returns the record as saved.
    """
    manager: models.Manager[R] = type(record)._base_manager
    if changes and manager.filter(id=record.id, version=based_on).update(**changes) == 1:
        return manager.get(id=record.id)
    latest = manager.get(id=record.id)
    if any(getattr(latest, field) != value for field, value in changes.items()):
        raise EditConflict(latest, changes)
    return latest
