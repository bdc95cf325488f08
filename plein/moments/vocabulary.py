# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fixed words of contact moments."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MomentKind(models.TextChoices):
    """How the contact took place."""

    VISIT = "visit", _("visit")
    CALL = "call", _("phone call")
    VOICEMAIL = "voicemail", _("voicemail")
    MEETING = "meeting", _("meeting")
    LETTER = "letter", _("letter")
    EMAIL = "email", _("e-mail")
    TEXT = "text", _("text message")
    CHAT = "chat", _("chat")
    POST = "post", _("social post")
    NOTE = "note", _("note")


#: What can be planned.
APPOINTMENTS = (MomentKind.VISIT, MomentKind.MEETING, MomentKind.CALL)


class Direction(models.TextChoices):
    """Who sought whom."""

    INBOUND = "inbound", _("from them")
    OUTBOUND = "outbound", _("from us")
    INTERNAL = "internal", _("among us")


class Reach(models.TextChoices):
    """Meant for one, or for many."""

    ONE = "one", _("one to one")
    MANY = "many", _("one to many")


class Answer(models.TextChoices):
    """What somebody who was invited answered."""

    ACCEPTED = "accepted", _("comes")
    TENTATIVE = "tentative", _("may come")
    DECLINED = "declined", _("does not come")


class State(models.TextChoices):
    """An appointment is a planned moment; the same row becomes the moment that took place."""

    DONE = "done", _("took place")
    PLANNED = "planned", _("planned")
    CANCELLED = "cancelled", _("cancelled")


class Nature(models.TextChoices):
    """What kind of message a mail is, by its headers. Only personal mail makes people to greet."""

    PERSONAL = "personal", _("personal")
    LIST = "list", _("mailing list")
    NEWSLETTER = "newsletter", _("newsletter")
    AUTO_REPLY = "auto_reply", _("automatic reply")
    BOUNCE = "bounce", _("could not be delivered")


class ParticipantRole(models.TextChoices):
    """The part somebody had in a moment."""

    FROM = "from", _("from")
    SENDER = "sender", _("sent by")
    REPLY_TO = "reply_to", _("replies to")
    TO = "to", _("to")
    CC = "cc", _("copy to")
    BCC = "bcc", _("blind copy to")
    WITH = "with", _("with")
    ABOUT = "about", _("about")
    FOR = "for", _("on behalf of")


class DeliveryState(models.TextChoices):
    """How far a message that we send is on its way."""

    WAITING = "waiting", _("on its way")
    SENDING = "sending", _("leaving now")
    SENT = "sent", _("sent")
    SUNK = "sunk", _("kept here")
    REFUSED = "refused", _("not sent")
    UNCERTAIN = "uncertain", _("perhaps sent")


class ProposalDecision(models.TextChoices):
    """What became of an address that an import left without a person."""

    OPEN = "open", _("not decided")
    ACCEPTED = "accepted", _("made a person")
    IGNORED = "ignored", _("ignored")


class NewsSource(models.TextChoices):
    """What told that somebody seems to work elsewhere."""

    MAIL = "mail", _("mail")
    PROFILE = "profile", _("their profile on a network")
    CARD = "card", _("an address book")


class JobAnswer(models.TextChoices):
    """What somebody answers when a person seems to work elsewhere."""

    INSTEAD = "instead", _("They work there now instead")
    ALSO = "also", _("They work there too")
    NO = "no", _("No, leave it")


class Relevance(models.TextChoices):
    """What a text is worth to the business: nothing is thrown away, the rest only stands aside."""

    BUSINESS = "business", _("business")
    UNSURE = "unsure", _("not sure yet")
    SMALL_TALK = "small_talk", _("small talk")
    FILED = "filed", _("filed by itself")


class Mood(models.TextChoices):
    """How somebody is disposed towards us, as their words say."""

    NEGATIVE = "negative", _("not pleased")
    NEUTRAL = "neutral", _("neutral")
    POSITIVE = "positive", _("pleased")


class Haste(models.TextChoices):
    """How soon somebody has to act."""

    NONE = "0", _("no haste")
    SOON = "1", _("within days")
    NOW = "2", _("now")


class FiledAs(models.TextChoices):
    """Why a mail filed itself."""

    NEWSLETTER = "newsletter", _("a newsletter")
    LIST = "list", _("sent to a mailing list")
    AUTO_REPLY = "auto_reply", _("an automatic reply")
    BOUNCE = "bounce", _("a report that mail did not arrive")
    NOTICE = "notice", _("sent by a machine: nobody reads what one answers")
    RECEIPT = "receipt", _("a receipt, or how an order is doing")
