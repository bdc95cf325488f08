# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether there is a snapshot of the network, and whether another one is wanted."""

from datetime import timedelta

from django.conf import settings

from plein.core.ids import now
from plein.network.models import Feed, Half, Snapshot
from plein.network.snapshot.files import NotThere, read
from plein.network.snapshot.sight import is_of_database
from plein.network.texts import NOBODY

#: A snapshot serves until so many of its relations changed, one in so many, or until it is so old and anything changed.
FEWEST, SHARE, OLD = 200, 20, timedelta(days=1)


def latest() -> Snapshot | None:
    """The snapshot in use."""
    return Snapshot.objects.order_by("-at").first()


def is_large() -> bool:
    """Whether the network is large enough for a snapshot to be quicker."""
    least = settings.PLEIN_SNAPSHOT_FROM
    return Half.objects.all()[:least].count() >= least


def is_wanted() -> bool:
    """Whether there is no snapshot that can be read, or it is old, or much changed since."""
    found = latest()
    if found is None:
        return True
    try:
        note, _arrays = read(found.workspace_id, str(found.id))
    except NotThere:
        return True
    if not is_of_database(note.identity) or Feed.objects.filter(near_id=NOBODY).exists():
        return True
    many = max(FEWEST, found.relations // SHARE)
    changed = Feed.objects.values("near_id").distinct()[:many].count()
    return changed >= many or (changed > 0 and found.at < now() - OLD)
