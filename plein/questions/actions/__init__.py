# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking the square, answering, and what a worker does in between."""

from plein.questions.actions.answering import (
    answer_question,
    decline_question,
    mark_best,
    pass_question,
    take_back_answer,
)
from plein.questions.actions.asking import Call, ask_question, take_back_question, widen_question, withdraw_question
from plein.questions.actions.noting import note_answer
from plein.questions.actions.outside import ask_outside, take_back_outside
from plein.questions.actions.telling import give_turn, take_turn_away, tell_of_answer

__all__ = [
    "Call",
    "answer_question",
    "ask_outside",
    "ask_question",
    "decline_question",
    "give_turn",
    "mark_best",
    "note_answer",
    "pass_question",
    "take_back_answer",
    "take_back_outside",
    "take_back_question",
    "take_turn_away",
    "tell_of_answer",
    "widen_question",
    "withdraw_question",
]
