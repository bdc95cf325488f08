# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the hub of a feed brings about: that it is noted what was agreed, and that the feed is looked at."""

from typing import Any

from plein.channels.events import HearingWanted
from plein.channels.models import Connection
from plein.core.events import publish
from plein.core.ids import now
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def note_hub(*, actor: Entrance, connection: Connection, noted: dict[str, Any]) -> None:
    """Note what was asked of the hub of a feed, or agreed with it."""
    permit(actor, "import")
    found: Connection = Connection.objects.select_for_update().get(id=connection.id)
    found.preview = {**found.preview, "hub": noted}
    found.save(update_fields=["preview"])


def heed_hub(*, actor: Entrance, connection: Connection) -> None:
    """Look at a feed at once, because its hub says that there is news."""
    permit(actor, "import")
    found: Connection = Connection.objects.select_for_update().get(id=connection.id)
    found.preview = {**found.preview, "hub": {**found.preview.get("hub", {}), "told_at": now().isoformat()}}
    found.save(update_fields=["preview"])
    publish(HearingWanted(connection.id))
