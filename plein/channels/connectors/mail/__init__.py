# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads mail as people have it on disk: mbox, Maildir, loose messages, and archives of those.

``read_messages`` yields every message, ``scan_headers`` only who wrote to whom, for a preview. Both read in a separate
process with limits on memory and time, and both can resume after any item.
"""

from plein.channels.connectors.mail.limits import Limits, NotAMailbox, ReaderFailed, RefusedArchive
from plein.channels.connectors.mail.reader import read_messages, scan_headers

__all__ = ["Limits", "NotAMailbox", "ReaderFailed", "RefusedArchive", "read_messages", "scan_headers"]
