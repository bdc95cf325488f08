# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network answers. Every answer is the reader's: of the workspace and the circles in force."""

from plein.network.queries.degrees import Bond, Degree, Ego, degrees, ego, knows, mutual
from plein.network.queries.evidence import Evidence, Passed, evidence_of
from plein.network.queries.introductions import (
    COLLEAGUES,
    ME,
    Introductions,
    Path,
    Question,
    Step,
    introductions,
)
from plein.network.queries.keeping import Differences, differences, rebuild

__all__ = [
    "COLLEAGUES",
    "ME",
    "Bond",
    "Degree",
    "Differences",
    "Ego",
    "Evidence",
    "Introductions",
    "Passed",
    "Path",
    "Question",
    "Step",
    "degrees",
    "differences",
    "ego",
    "evidence_of",
    "introductions",
    "knows",
    "mutual",
    "rebuild",
]
