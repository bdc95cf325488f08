# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening somebody's page for them, and what they do there."""

from plein.mypage.actions.asking import CannotAnswer, answer_request, ask, extend_request
from plein.mypage.actions.deciding import decide
from plein.mypage.actions.settling import set_own_pages
from plein.mypage.actions.ways import CannotOpen, letter_for, link_for, link_of_subject, send_page, take_link, want_page

__all__ = [
    "CannotAnswer",
    "answer_request",
    "ask",
    "extend_request",
    "CannotOpen",
    "decide",
    "letter_for",
    "link_for",
    "link_of_subject",
    "send_page",
    "set_own_pages",
    "take_link",
    "want_page",
]
