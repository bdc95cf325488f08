# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network answers. Every answer is the reader's: of the workspace and the circles in force."""

from plein.network.queries.both import Shared, shared
from plein.network.queries.degrees import Degree, degrees, knows, mutual
from plein.network.queries.ego import Bond, Ego, ego
from plein.network.queries.evidence import Evidence, Passed, evidence_of
from plein.network.queries.introductions import (
    COLLEAGUES,
    ME,
    Introductions,
    Path,
    Question,
    Step,
    introductions,
    way_along,
)
from plein.network.queries.keeping import Differences, differences, rebuild
from plein.network.queries.people import EVERYBODY, PeopleFilter
from plein.network.queries.reaching import Reach, Reached, reach
from plein.network.queries.seeing import OPEN, Lens, Period, members_of

__all__ = [
    "COLLEAGUES",
    "EVERYBODY",
    "ME",
    "OPEN",
    "Bond",
    "Degree",
    "Differences",
    "Ego",
    "Evidence",
    "Introductions",
    "Lens",
    "Passed",
    "Path",
    "PeopleFilter",
    "Period",
    "Question",
    "Reach",
    "Reached",
    "Shared",
    "Step",
    "degrees",
    "differences",
    "ego",
    "evidence_of",
    "introductions",
    "knows",
    "members_of",
    "mutual",
    "reach",
    "rebuild",
    "shared",
    "way_along",
]
