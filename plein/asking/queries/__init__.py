# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reads of this domain that need more than a query set."""

from plein.asking.queries.standing import (
    Standing,
    refused_by,
    request_of,
    requests_of,
    turn_of,
    turns_of,
    waiting_days,
)
from plein.asking.queries.ways import Way, find_way, language_of, text_for, way_of

__all__ = [
    "Standing",
    "Way",
    "find_way",
    "language_of",
    "refused_by",
    "request_of",
    "requests_of",
    "text_for",
    "turn_of",
    "turns_of",
    "waiting_days",
    "way_of",
]
