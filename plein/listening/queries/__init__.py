# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was heard in public, as one reader may see it."""

from plein.listening.queries.hearing import Found, Week, heard_by, searches, weeks_of
from plein.listening.queries.measuring import Dialogue, dialogue
from plein.listening.queries.newcomers import Newcomer, newcomers
from plein.listening.queries.spending import Spent, in_minutes, networks_among
from plein.listening.queries.weighing import Item, best_of, waiting_among, weigh

__all__ = [
    "Dialogue",
    "Found",
    "Item",
    "Newcomer",
    "Spent",
    "Week",
    "best_of",
    "dialogue",
    "heard_by",
    "in_minutes",
    "networks_among",
    "newcomers",
    "searches",
    "waiting_among",
    "weeks_of",
    "weigh",
]
