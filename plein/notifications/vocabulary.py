# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Literal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Why something concerns somebody, the strongest reason first."""

    MENTION = "mention", _("Somebody names you")
    ASSIGNED = "assigned", _("Something is given to you")
    REMINDER = "reminder", _("A reminder you asked for")
    MAIL = "mail", _("A mail of yours that did not leave")
    CONNECTION = "connection", _("A connection of yours that stopped")
    FOLLOWED = "followed", _("News of a relation you follow")


#: When one act concerns somebody for several reasons, the first of these is the one that is told.
STRENGTH = tuple(Kind)

type What = Literal[
    "named",
    "todo",
    "relation",
    "relations",
    "appointment",
    "moment",
    "owner",
    "job",
    "refused",
    "uncertain",
    "introduction",
    "answer",
    "message",
    "connection",
]


class Channel(models.TextChoices):
    """By what means somebody is told."""

    PRODUCT = "product", _("In Plein")
    MAIL = "mail", _("By mail")
    PUSH = "push", _("On my devices")


class Rhythm(models.TextChoices):
    """How often the mail comes that gathers what was not read."""

    DAILY = "daily", _("once a day")
    HOURLY = "hourly", _("once an hour, when there is something")


#: What somebody gets who never chose: everything in Plein, and on paper what asks something of them.
DEFAULTS: dict[str, dict[str, bool]] = {
    Kind.MENTION: {Channel.PRODUCT: True, Channel.MAIL: True, Channel.PUSH: True},
    Kind.ASSIGNED: {Channel.PRODUCT: True, Channel.MAIL: True, Channel.PUSH: True},
    Kind.REMINDER: {Channel.PRODUCT: True, Channel.MAIL: False, Channel.PUSH: True},
    Kind.MAIL: {Channel.PRODUCT: True, Channel.MAIL: False, Channel.PUSH: True},
    Kind.CONNECTION: {Channel.PRODUCT: True, Channel.MAIL: True, Channel.PUSH: False},
    Kind.FOLLOWED: {Channel.PRODUCT: True, Channel.MAIL: True, Channel.PUSH: False},
}
