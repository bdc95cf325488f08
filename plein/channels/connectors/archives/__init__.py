# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads what networks let people download of their own account: messages, posts, and who is connected with whom.

Nothing is fetched from a network. ``read_archive`` yields everything with a cursor to go on from, ``look_into`` counts
what is there and finds out whose archive it is. Both read in a process of its own with limits on memory and time.
"""

from plein.channels.connectors.archives.limits import ArchiveFailed, Limits, NotAnArchive
from plein.channels.connectors.archives.look import Look
from plein.channels.connectors.archives.reader import look_into, read_archive
from plein.channels.connectors.archives.settings import KINDS, Kind, Settings

__all__ = ["KINDS", "ArchiveFailed", "Kind", "Limits", "Look", "NotAnArchive", "Settings", "look_into", "read_archive"]
