# SPDX-License-Identifier: AGPL-3.0-or-later
"""Speaking as the account of a connection on a network: who may, how long it may be, and saying it.

Its owner may, and whoever sees the connection where its owner lets colleagues speak. What is said needs no database:
everything it takes is read before, while the workspace is in force.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from plein.channels.connecting import NotUsable, connector_of, visit_of, way_out
from plein.channels.connectors.known import CONNECTORS
from plein.channels.live import Connector, Outgoing, Sent, Trouble, Visit
from plein.channels.models import Connection, ConnectionState
from plein.channels.net import OutsideNet
from plein.trust.secret_box import Unopenable

SPEAKERS = tuple(one.key for one in CONNECTORS if one.can_send)


#: On these nothing is said to everybody: one answers what was said.
ONLY_ANSWERS = tuple(one.key for one in CONNECTORS if getattr(one, "only_answers", False))
POSTERS = tuple(one for one in SPEAKERS if one not in ONLY_ANSWERS)


def may_speak(seat_id: UUID) -> QuerySet[Connection]:
    """The connections as whose account a colleague may speak."""
    theirs = Q(seat_id=seat_id) | Q(settings__colleagues=True)
    return (
        Connection.objects.filter(theirs, connector__in=SPEAKERS)
        .exclude(state=ConnectionState.PREVIEW)
        .order_by("name", "id")
    )


def longest(one: Connection) -> int:
    """How many characters something said there may have."""
    told = one.preview.get("longest")
    return told if isinstance(told, int) and told > 0 else connector_of(one.connector).longest


@dataclass(frozen=True, slots=True)
class Speaker:
    """Everything needed to say something as the account of a connection."""

    connector: Connector
    visit: Visit
    net: OutsideNet = field(repr=False)

    def say(self, outgoing: Outgoing, before: Callable[[], None] | None = None) -> Sent:
        """Say it; `before` runs first. Raises Trouble."""
        with closing(self.net):
            if before is not None:
                before()
            return self.connector.send(self.visit, outgoing)


def speaker_of(one: Connection) -> Speaker:
    """What speaks as the account of a connection; raises Trouble when its settings or password cannot be used."""
    net = way_out(one)
    try:
        return Speaker(connector_of(one.connector), visit_of(one, net), net)
    except NotUsable as trouble:
        raise Trouble(str(trouble), is_lasting=True) from trouble
    except Unopenable as trouble:
        words = _("The password of this account cannot be opened any more. Write it again.")
        raise Trouble(words, is_lasting=True) from trouble
