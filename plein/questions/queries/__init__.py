# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reads of this domain that need more than a query set."""

from plein.questions.queries.outside import asked_outside, from_outside
from plein.questions.queries.standing import (
    GivenAnswer,
    Standing,
    answered_questions,
    asked_before,
    question_of,
    questions_of,
    turn_of,
    turns_of,
)
from plein.questions.queries.suggesting import Suggestion, colleagues, suggestions

__all__ = [
    "GivenAnswer",
    "Standing",
    "Suggestion",
    "answered_questions",
    "asked_before",
    "asked_outside",
    "colleagues",
    "from_outside",
    "question_of",
    "questions_of",
    "suggestions",
    "turn_of",
    "turns_of",
]
