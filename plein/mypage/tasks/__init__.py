# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs of people's own pages."""

from plein.consent.events import RestrictionLifted
from plein.erasure.events import PersonErased
from plein.mypage.events import PageWanted, RequestAnswered, RequestMade
from plein.mypage.places import whole_address
from plein.mypage.queries import is_in_footer
from plein.mypage.tasks.answers import (
    enqueue_answer,
    enqueue_last_word,
    enqueue_lifted,
    last_word,
    tell_answer,
    tell_lifted,
)
from plein.mypage.tasks.links import enqueue_link, link_in_letter, send_link
from plein.mypage.tasks.requests import enqueue_request, give_request

__all__ = [
    "PageWanted",
    "PersonErased",
    "RequestAnswered",
    "RequestMade",
    "RestrictionLifted",
    "enqueue_answer",
    "enqueue_last_word",
    "enqueue_lifted",
    "enqueue_link",
    "enqueue_request",
    "give_request",
    "is_in_footer",
    "last_word",
    "link_in_letter",
    "send_link",
    "tell_answer",
    "tell_lifted",
    "whole_address",
]
