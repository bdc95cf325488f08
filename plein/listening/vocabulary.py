# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LONGEST_NAME, LONGEST_WORDS, LONGEST_LINE, MOST_LINES = 80, 2_000, 100, 20
#: So far back one looks, and so many weeks a picture shows.
WEEKS = 26
BACK = timedelta(weeks=WEEKS)
#: No further than this is counted: the newest of what was heard.
MOST_HEARD = 1_000
#: So many of the newest posts are looked at for what is about a topic without its words.
MOST_READ = 5_000
#: Posts that are weighed for a page, the newest of them; and so many are shown at once.
MOST_WEIGHED, SHOWN = 100, 20

#: The most minutes a network that one may ask for; and those that the page offers.
MOST_MINUTES, OFFERED_MINUTES = 60, (5, 10, 20)


class About(models.TextChoices):
    """What a search listens for."""

    SUBJECT = "subject", pgettext_lazy("listening", "a subject")
    OURS = "ours", pgettext_lazy("listening", "ourselves and what we make")
    PERSON = "person", pgettext_lazy("listening", "a person")
    ORGANIZATION = "organization", pgettext_lazy("listening", "an organization")
    COMPETITOR = "competitor", pgettext_lazy("listening", "a competitor")


class Doing(models.TextChoices):
    """What one does with a post where it was heard."""

    READ = "read", pgettext_lazy("listening", "Done with it")
    TODO = "todo", pgettext_lazy("listening", "To-do")
    PERSON = "person", pgettext_lazy("listening", "Add as a person")
    FOLLOW = "follow", pgettext_lazy("listening", "Follow")


#: What stands for the mood of a post that nobody looked at yet.
UNREAD = "unread"
MOODS = {
    "positive": _("pleased"),
    "neutral": _("neutral"),
    "negative": _("not pleased"),
    UNREAD: _("not read yet"),
}
