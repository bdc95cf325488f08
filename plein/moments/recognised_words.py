# SPDX-License-Identifier: AGPL-3.0-or-later
"""The labels of recognition, and how sure it is of them, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SURE, HOLDS = 0.8, 0.5
#: Between these a probability is hardly more than a guess: there somebody else may be asked.
UNSURE = (0.25, 0.75)
#: Whatever is not a label of its own but may be corrected as well.
RELEVANCE, SENTIMENT, URGENCY = "relevance", "sentiment", "urgency"
YES, NO = "yes", "no"

LABEL_WORDS: dict[str, str | Promise] = {
    "question": _("Question"),
    "request": _("Asks us to do something"),
    "complaint": _("Complaint"),
    "praise": _("Praise"),
    "buying_intent": _("Wants to buy"),
    "churn_threat": _("May leave us"),
    "job_change": _("Somebody changes jobs"),
    "introduction_request": _("Looks for somebody"),
    "referral": _("Recommends somebody"),
    "idea": _("Idea"),
    "appointment": _("Appointment"),
    "payment_promise": _("Promises to pay"),
    "payment_dispute": _("Disputes a bill"),
}
#: What kind each mention is.
MENTION_WORDS: dict[str, str | Promise] = {
    "person": _("a person"),
    "organization": _("an organization"),
    "product": _("a product"),
    "date": _("a day or time"),
    "amount": _("an amount"),
    "phone": _("a telephone number"),
    "email": _("an e-mail address"),
    "url": _("a link"),
    "address": _("a postal address"),
}
#: And how each is drawn.
MENTION_ICONS = {
    "person": "user",
    "organization": "building",
    "product": "tag",
    "date": "calendar-event",
    "amount": "coin",
    "phone": "phone",
    "email": "at",
    "url": "link",
    "address": "map-pin",
}


def certainty(probability: float) -> str | Promise:
    """How sure a probability is, as people say it."""
    if probability >= SURE:
        return _("sure")
    return _("probably") if probability >= HOLDS else _("unsure")
