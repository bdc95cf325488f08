# SPDX-License-Identifier: AGPL-3.0-or-later
"""Moments, what is planned, what is to be done, and what somebody was writing."""

from plein.moments.models.deliveries import Delivery
from plein.moments.models.drafts import Draft
from plein.moments.models.filing import MomentTagging
from plein.moments.models.guests import Guest
from plein.moments.models.job_news import JobNews
from plein.moments.models.moments import (
    Attachment,
    MessageReference,
    Moment,
    MomentSource,
    MomentSubject,
    MomentText,
    Participant,
    Proposal,
)
from plein.moments.models.planning import Planning, Reminded, Series
from plein.moments.models.recognising import Correction, Learned, Recognised
from plein.moments.models.sharing import Gives, MailShare
from plein.moments.models.todos import ToDo
from plein.moments.models.topics import Topic, TopicSuggestion
from plein.moments.models.values import MomentCell, MomentValues

__all__ = [
    "Attachment",
    "Correction",
    "Delivery",
    "Draft",
    "Gives",
    "Guest",
    "JobNews",
    "Learned",
    "MailShare",
    "MessageReference",
    "Moment",
    "MomentCell",
    "MomentSource",
    "MomentSubject",
    "MomentTagging",
    "MomentText",
    "MomentValues",
    "Participant",
    "Planning",
    "Proposal",
    "Recognised",
    "Reminded",
    "Series",
    "ToDo",
    "Topic",
    "TopicSuggestion",
]
