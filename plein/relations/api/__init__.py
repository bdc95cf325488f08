# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to people and organizations."""

from plein.relations.api import filing, merging, parts, reading, tie_types, wishes, writing
from plein.relations.api.door import router

__all__ = ["filing", "merging", "parts", "reading", "router", "tie_types", "wishes", "writing"]
