# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every connector that listens to an account; stores of mail are brought in by an import.

The list stands in a module of its own: processes that read foreign files start without loading every connector.
"""

from plein.channels.connectors.bluesky.connector import BlueskyConnector
from plein.channels.connectors.dav.connector import DavConnector
from plein.channels.connectors.feed.connector import FeedConnector
from plein.channels.connectors.icalfeed.connector import ICalFeedConnector
from plein.channels.connectors.imap.connector import Imap
from plein.channels.connectors.mastodon.connector import MastodonConnector
from plein.channels.connectors.matrix.connector import MatrixConnector
from plein.channels.live import Connector

CONNECTORS: tuple[Connector, ...] = (
    Imap(),
    FeedConnector(),
    DavConnector(),
    ICalFeedConnector(),
    MastodonConnector(),
    BlueskyConnector(),
    MatrixConnector(),
)
