# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading moments: one page of a timeline is one statement, whoever's timeline it is."""

from plein.moments.queries.agenda import Agenda, appointments_between, open_follow_ups, person_of, recent_activity
from plein.moments.queries.answerable import answering_accounts, is_answerable
from plein.moments.queries.briefing import Around, Briefing, DayThatMatters, LeftDraft, around_today, briefings
from plein.moments.queries.calendar import CalendarLine, appointments_in, overlapping, todos_due
from plein.moments.queries.cursor import BadCursor, Cursor
from plein.moments.queries.detail import MomentDetail, moment_detail
from plein.moments.queries.guests import has_guests, has_untold, latest_of
from plein.moments.queries.people import PossiblePart, people_to_choose
from plein.moments.queries.reading import FileLine, MomentLine, PartLine, SourceLine, read_moments
from plein.moments.queries.recognised import Heard, Said, heard_in
from plein.moments.queries.seats import Colleague, colleagues, zone_of_seat
from plein.moments.queries.tags import tags_of_moment
from plein.moments.queries.timeline import (
    FILTERS,
    LastContact,
    TimelinePage,
    coming_up,
    fold_threads,
    last_contact,
    moments_named,
    thread,
    timeline,
)
from plein.moments.queries.todos import (
    Suggestion,
    bucket_of,
    find_todo,
    look_at_relations,
    next_of,
    suggestion_after,
    todos_of_moment,
    todos_of_relation,
    todos_open_for,
    todos_page,
)
from plein.moments.queries.topics import (
    ABOUT,
    TopicWeek,
    moments_about,
    names_of_topics,
    topics,
    weeks_about,
)

__all__ = [
    "ABOUT",
    "FILTERS",
    "Agenda",
    "Around",
    "Briefing",
    "DayThatMatters",
    "LeftDraft",
    "around_today",
    "briefings",
    "CalendarLine",
    "Colleague",
    "answering_accounts",
    "appointments_in",
    "overlapping",
    "todos_due",
    "Suggestion",
    "bucket_of",
    "colleagues",
    "next_of",
    "suggestion_after",
    "zone_of_seat",
    "BadCursor",
    "Cursor",
    "FileLine",
    "TopicWeek",
    "moments_about",
    "names_of_topics",
    "topics",
    "weeks_about",
    "Heard",
    "Said",
    "has_guests",
    "has_untold",
    "heard_in",
    "LastContact",
    "MomentDetail",
    "MomentLine",
    "PartLine",
    "PossiblePart",
    "SourceLine",
    "TimelinePage",
    "read_moments",
    "appointments_between",
    "coming_up",
    "find_todo",
    "fold_threads",
    "is_answerable",
    "last_contact",
    "latest_of",
    "look_at_relations",
    "moment_detail",
    "moments_named",
    "open_follow_ups",
    "people_to_choose",
    "person_of",
    "recent_activity",
    "tags_of_moment",
    "thread",
    "timeline",
    "todos_of_moment",
    "todos_of_relation",
    "todos_open_for",
    "todos_page",
]
