# SPDX-License-Identifier: AGPL-3.0-or-later
"""The connections to the outside, one folder each; each yields messages and knows nothing of who stores them.

`CONNECTORS` are those that listen to an account; stores of mail (`mail`) are brought in by an import.
"""

from plein.channels.connectors.bluesky.connector import BlueskyConnector
from plein.channels.connectors.feed.connector import FeedConnector
from plein.channels.connectors.imap.connector import Imap
from plein.channels.connectors.mastodon.connector import MastodonConnector
from plein.channels.live import Connector

CONNECTORS: tuple[Connector, ...] = (Imap(), FeedConnector(), MastodonConnector(), BlueskyConnector())
