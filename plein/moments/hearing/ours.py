# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is on our side in what a connection brings: our domains, its owner, our mailboxes, and the account itself."""

from plein.channels.connecting import name_on_network
from plein.channels.models import Connection
from plein.moments.intake.book import AddressBook, key_of, wide_circles
from plein.moments.queries.connections import addresses_of_mailboxes
from plein.moments.queries.sharing import circle_of_new
from plein.trust.models import Workspace
from plein.trust.seats import Entrance


def book_of(connection: Connection, actor: Entrance) -> AddressBook:
    """The address book with which a connection is heard."""
    circle, account = circle_of_new(connection), name_on_network(connection)
    domains = list(Workspace.objects.values_list("domains", flat=True).get())
    is_mail = connection.connector == "imap"
    ours = (*domains, *([account] if is_mail and "@" in account else []), *addresses_of_mailboxes(), actor.user.email)
    own = frozenset() if is_mail else frozenset({key_of("handle", connection.connector, account)})
    return AddressBook(circle, tuple(dict.fromkeys(ours)), wide_circles(circle), own=own)
