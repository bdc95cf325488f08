# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was heard in public, as one reader may see it."""

from plein.listening.queries.hearing import Found, Week, about_topic, heard_by, searches, searches_and_topics, weeks_of
from plein.listening.queries.keeping import Day, day_of
from plein.listening.queries.measuring import Dialogue, dialogue
from plein.listening.queries.naming import with_names
from plein.listening.queries.newcomers import Newcomer, newcomers
from plein.listening.queries.spending import Spent, in_minutes
from plein.listening.queries.weighing import Item, Standing, best_of, standing_of, weigh

__all__ = [
    "Day",
    "Dialogue",
    "Found",
    "Item",
    "Newcomer",
    "Spent",
    "Standing",
    "Week",
    "about_topic",
    "best_of",
    "day_of",
    "dialogue",
    "heard_by",
    "in_minutes",
    "newcomers",
    "searches",
    "searches_and_topics",
    "standing_of",
    "weeks_of",
    "weigh",
    "with_names",
]
