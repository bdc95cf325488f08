# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking for an introduction, answering, and what a worker does in between."""

from plein.asking.actions.answering import allow_again, answer_introduction
from plein.asking.actions.asking import Wish, ask_introduction
from plein.asking.actions.carrying import begin_letter, end_letter, link_in_mail, retry_letter, stop_turn
from plein.asking.actions.going_on import Later, ask_next, stop_request
from plein.asking.actions.replying import read_asked, reply
from plein.asking.actions.settling import set_waiting_days
from plein.asking.actions.telling import finish_request, give_turn, take_turn_away
from plein.asking.actions.withdrawing import take_back_request, withdraw_introduction

__all__ = [
    "Later",
    "Wish",
    "allow_again",
    "answer_introduction",
    "ask_introduction",
    "ask_next",
    "begin_letter",
    "end_letter",
    "finish_request",
    "give_turn",
    "link_in_mail",
    "read_asked",
    "reply",
    "retry_letter",
    "set_waiting_days",
    "stop_request",
    "stop_turn",
    "take_back_request",
    "take_turn_away",
    "withdraw_introduction",
]
