# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import timedelta

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plein.moments.vocabulary import FiledAs, MomentKind, Nature, Relevance


class State(models.TextChoices):
    """What became of a message. One that is put off is open, and stands in the list at a time to come."""

    OPEN = "open", _("open")
    DONE = "done", _("done")


class Lane(models.TextChoices):
    """Where a message lands by itself."""

    INBOX = "inbox", _("in the inbox")
    HEARD = "heard", _("heard around")
    FILED = "filed", _("filed by itself")


class Tab(models.TextChoices):
    """The lists of the inbox."""

    ME = "me", _("For me")
    UNSURE = "unsure", _("Not sure yet")
    HEARD = "heard", _("Heard around")
    DONE = "done", _("Done")
    LATER = "later", _("Later")
    FILED = "filed", _("Filed by Plein")


#: The kinds of contact that come in as a message; calls and visits took place with one of us.
KINDS = frozenset(
    {MomentKind.EMAIL, MomentKind.LETTER, MomentKind.TEXT, MomentKind.CHAT, MomentKind.POST, MomentKind.VOICEMAIL}
)
#: The channels that one may look at by themselves.
CHANNELS: dict[str, str | Promise] = {
    MomentKind.EMAIL: pgettext_lazy("channel", "E-mail"),
    MomentKind.CHAT: pgettext_lazy("channel", "Chat"),
    MomentKind.TEXT: pgettext_lazy("channel", "Text messages"),
    MomentKind.POST: pgettext_lazy("channel", "Social posts"),
    MomentKind.VOICEMAIL: pgettext_lazy("channel", "Voicemail"),
    MomentKind.LETTER: pgettext_lazy("channel", "Letters"),
}
#: Why a message filed itself.
REASONS: dict[str, str | Promise] = {
    Nature.LIST: _("It went to everybody on a mailing list."),
    Nature.NEWSLETTER: _("It is a newsletter."),
    Nature.AUTO_REPLY: _("A machine answered."),
    Nature.BOUNCE: _("It tells that a mail could not be delivered."),
    FiledAs.NOTICE: _("A machine sent it: nobody reads what one answers."),
    FiledAs.RECEIPT: _("It is a receipt, or tells how an order is doing."),
    Relevance.SMALL_TALK: _("It is small talk."),
}
#: What came longer ago than this when it was brought in is history, and not waiting for anybody.
FRESH = timedelta(days=30)
PAGE = 40
#: How far messages are counted.
MOST_COUNTED = 99
#: What the draft of an answer is called, before the id of what it answers; and how long after the last letter somebody
#: still counts as answering.
ANSWERING, STILL_ANSWERING = "reply-", timedelta(minutes=5)
#: So long after it came in, a page that is open still hears that a message was filed elsewhere.
LATELY = timedelta(days=1)
