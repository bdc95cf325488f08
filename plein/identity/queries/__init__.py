# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who somebody may be, with reasons."""

from plein.identity.queries.keeping import count_names, differences, rebuild
from plein.identity.queries.matching import Candidate, Match, Verdict, match, worth_a_look
from plein.identity.queries.thresholds import PLEIN, Thresholds, is_own_threshold, thresholds

__all__ = [
    "PLEIN",
    "Candidate",
    "Match",
    "Thresholds",
    "Verdict",
    "count_names",
    "differences",
    "is_own_threshold",
    "match",
    "rebuild",
    "thresholds",
    "worth_a_look",
]
