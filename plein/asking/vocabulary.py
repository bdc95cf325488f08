# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fixed words of asking for an introduction."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: How long a request lives when nobody chose otherwise, and the shortest and longest that may be chosen.
USUAL_DAYS, SHORTEST_DAYS, LONGEST_DAYS = 14, 3, 90
#: Nobody is asked more often than this in this time, whoever asks.
MOST, WEEK = 2, timedelta(days=7)
#: For so long nobody on a way that ended is asked again by who asked, about the same person.
REST = timedelta(days=90)
#: What stands in a letter where its link goes; whoever reads it here reads the mark.
LINK = "{{answer_link}}"


class State(models.TextChoices):
    """How far a request is, as who asked may know it."""

    UNDERWAY = "underway", pgettext_lazy("of a request", "underway")
    MADE = "made", pgettext_lazy("of a request", "introduced")
    ENDED = "ended", pgettext_lazy("of a request", "did not work")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a request", "withdrawn")


class Reply(models.TextChoices):
    """What somebody who is asked may answer."""

    MADE = "made", _("I introduce them, or did so")
    PASSED = "passed", _("Ask the next person on the way")
    DECLINED = "declined", _("No, not this time")
    NOT_THIS = "not_this", _("Never ask me about this person")
    NEVER = "never", _("Never ask me for introductions")


class TurnState(models.TextChoices):
    """How far one person who is asked is, as they themselves know it."""

    ASKED = "asked", pgettext_lazy("of somebody who is asked", "waits for an answer")
    MADE = "made", pgettext_lazy("of somebody who is asked", "introduced")
    PASSED = "passed", pgettext_lazy("of somebody who is asked", "passed on")
    DECLINED = "declined", pgettext_lazy("of somebody who is asked", "said no")
    EXPIRED = "expired", pgettext_lazy("of somebody who is asked", "not answered")
    CLOSED = "closed", pgettext_lazy("of somebody who is asked", "withdrawn")


class Letter(models.TextChoices):
    """By what means somebody is asked, and how far a letter of the house is (ADR 0015)."""

    NONE = "", _("on their list")
    MAIL = "mail", _("by mail of who asks")
    WAITING = "waiting", _("by letter, waiting")
    LEAVING = "leaving", _("by letter, leaving now")
    SENT = "sent", _("by letter")
