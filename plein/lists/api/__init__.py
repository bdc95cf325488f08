# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to every list, and to acts on many of its rows."""

from plein.lists.api import files, rows, runs, saved
from plein.lists.api.door import router

__all__ = ["router", "files", "rows", "runs", "saved"]
