# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fixed words and figures of a question to the square (ADR 0036)."""

from datetime import timedelta

from django.db import models
from django.utils.translation import pgettext_lazy

#: At most so many people are asked at once, and in so many rings.
AT_ONCE, RINGS = 5, 3
#: After so long without an answer the next ring is asked.
RING = timedelta(days=2)
#: How long a question may be, and what somebody answers.
LONGEST_QUESTION, LONGEST_ANSWER = 4000, 20_000
#: What somebody was asked, and what came of it for them, is kept so long.
KEPT = timedelta(days=365)


class State(models.TextChoices):
    """How far a question is."""

    UNDERWAY = "underway", pgettext_lazy("of a question", "underway")
    ANSWERED = "answered", pgettext_lazy("of a question", "answered")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a question", "withdrawn")


class TurnState(models.TextChoices):
    """How far one colleague who is asked is, as they themselves know it."""

    ASKED = "asked", pgettext_lazy("of a colleague who is asked", "waits for you")
    ANSWERED = "answered", pgettext_lazy("of a colleague who is asked", "answered")
    PASSED = "passed", pgettext_lazy("of a colleague who is asked", "passed on")
    DECLINED = "declined", pgettext_lazy("of a colleague who is asked", "put aside")
    CLOSED = "closed", pgettext_lazy("of a colleague who is asked", "no longer needed")
