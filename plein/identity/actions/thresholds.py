# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choosing from when on somebody is taken for somebody we know."""

from dataclasses import asdict

from plein.core.operations import operation
from plein.identity.models import Settings
from plein.identity.queries import Thresholds
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def set_thresholds(*, actor: Entrance, chosen: Thresholds) -> None:
    """Decide so from now on; what was decided before stays."""
    permit(actor, "manage")
    with operation("set_thresholds"):
        if not Settings.objects.update(**asdict(chosen)):
            Settings.objects.create(**asdict(chosen))


def thresholds_as_plein(*, actor: Entrance) -> None:
    """Decide as Plein does, whatever that will be."""
    permit(actor, "manage")
    with operation("set_thresholds"):
        Settings.objects.all().delete()
