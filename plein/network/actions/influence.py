# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making out each night how people stand."""

from plein.network.models import Bridge, Census, Group, Influence
from plein.network.queries.influence import make_out
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

AT_ONCE = 2000


def measure_influence(*, actor: Entrance) -> Census:
    """Make out how people stand in the network that everyone here sees, in place of what was found before.

    It follows from what is there, so it is no history and nothing to turn back.
    """
    permit(actor, "manage")
    found = make_out()
    for model in (Bridge, Influence, Group, Census):
        model.objects.all().delete()
    found.census.save()
    Group.objects.bulk_create(found.groups, AT_ONCE)
    Influence.objects.bulk_create(found.people, AT_ONCE)
    Bridge.objects.bulk_create(found.bridges, AT_ONCE)
    return found.census
