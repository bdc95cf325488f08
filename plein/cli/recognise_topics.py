# SPDX-License-Identifier: AGPL-3.0-or-later
"""The topics of a workspace, for `plein recognise FILE.jsonl --as EMAIL`."""

from plein.cli.people import seat_named, user_named
from plein.moments.queries.topics import lessons_of_topics, names_of_topics
from plein.recognition.topics import Topics, learned_topics
from plein.trust.seats import entered


def topics_of(email: str) -> tuple[Topics | None, dict[str, str]]:
    """The topics of the oldest seat of a user, as texts are measured against them, and their names."""
    seat = seat_named(email)
    with entered(user_named(email), seat.workspace_id, door="cli"):
        lessons, names = tuple(lessons_of_topics()), names_of_topics()
    return (learned_topics(lessons) if lessons else None), names
