# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fixed words of hooks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Signing(models.TextChoices):
    """How the other side proves that a call is theirs."""

    STANDARD = "standard", _("Standard Webhooks: every call is signed, with its time")
    GITHUB = "github", _("GitHub style: the body is signed")
    ADDRESS = "address", _("Nothing: whoever has the address may call")


class Preset(models.TextChoices):
    """What kind of program calls; it says what a call is about when the program does not."""

    TELEPHONE = "telephone", _("A telephone exchange")
    SMS = "sms", _("A gateway for text messages")
    CHAT = "chat", _("A chat")
    FORM = "form", _("A form on a website")


class DeliveryState(models.TextChoices):
    """What became of a call."""

    WAITING = "waiting", _("waits")
    DONE = "done", _("taken in")
    REFUSED = "refused", _("not taken in")


class Reason(models.TextChoices):
    """Why a call was not taken in."""

    NOBODY = "nobody", _("It names nobody: no number and no address where you pointed.")
    PHONE = "phone", _("What you pointed at as a telephone number is none.")
    EMAIL = "email", _("What you pointed at as an e-mail address is none.")
    TIME = "time", _("What you pointed at as the time is none.")
    UNEXPECTED = "unexpected", _("Something unexpected happened; the log says what it was.")


class Wrong(models.TextChoices):
    """Why a call was turned away at the door."""

    MISSING = "missing", _("It was not signed.")
    SIGNATURE = "signature", _("Its signature is not right: another secret, or something changed on the way.")
    STALE = "stale", _("Its time is more than five minutes from ours: it was sent again, or a clock is wrong.")
    BODY = "body", _("It was neither JSON nor a form.")
    LARGE = "large", _("It was larger than Plein takes in.")


class Place(models.TextChoices):
    """What a value in a call can be pointed at as."""

    PHONE = "phone", _("their telephone number")
    EMAIL = "email", _("their e-mail address")
    NAME = "name", _("their name")
    TEXT = "text", _("what was said")
    SUBJECT = "subject", _("the subject")
    WHEN = "when", _("when it was")
    DIRECTION = "direction", _("who sought whom")
    KIND = "kind", _("what kind of contact it was")
    OURS = "ours", _("our number or address")
    STAGE = "stage", _("how far a call is")
    ID = "id", _("its own number, by which it is known again")


#: One of these has to be pointed at before anything is taken in.
WHO = (Place.PHONE, Place.EMAIL)


class Happening(models.TextChoices):
    """What another program can be told."""

    RELATION_CREATED = "relation.created", _("somebody or an organization was added")
    RELATION_CHANGED = "relation.changed", _("something of them changed")
    RELATION_REMOVED = "relation.removed", _("they were removed")
    MOMENT_CREATED = "moment.created", _("a contact moment was added")
    MOMENT_CHANGED = "moment.changed", _("a contact moment changed")
    TODO_CREATED = "todo.created", _("a to-do was added")
    TODO_DONE = "todo.done", _("a to-do was done")
    FORM_CONFIRMED = "form.confirmed", _("somebody confirmed what they filled in on a website")
    CONSENT_CHANGED = "consent.changed", _("somebody decided what we may use their data for")


class TellingState(models.TextChoices):
    """What became of telling a program something."""

    WAITING = "waiting", _("on its way")
    DONE = "done", _("told")
    FAILED = "failed", _("given up")
    DROPPED = "dropped", _("not told: it is gone, or not for whoever looks after this")


class OutState(models.TextChoices):
    """Whether a program is told."""

    OPEN = "open", _("is told")
    RESTS = "rests", _("rests")
    STOPPED = "stopped", _("stopped: it needs you")
