# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model made of the text of a moment, as tests put it there."""

from typing import Any

from django.db import connection

from plein.moments.actions.recognising import keep_recognised
from plein.moments.models import Moment, MomentText
from plein.moments.recognised_words import LABEL_WORDS
from plein.trust.seats import Entrance


def make_recognised(actor: Entrance, moment: Moment, **changes: Any) -> None:
    """Keep a recognition of the text as it stands now; labels that are not named hardly hold."""
    text = MomentText.objects.filter(moment=moment).order_by("id")[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT hashtext(%s)", [text.text])
        (mark,) = cursor.fetchone()
    labels = dict.fromkeys([*LABEL_WORDS, "small_talk", "business"], 0.02) | changes.pop("labels", {})
    row = {
        "id": str(text.id),
        "print": mark,
        "made_by": "test",
        "tier": "standard",
        "language": "nl",
        "sentiment": "neutral",
        "urgency": 0,
        "mentions": [],
        "small_talk": [],
        "reasons": {},
        "relevance": "business",
        "filed_as": "",
    }
    assert keep_recognised(actor=actor, rows=[row | {"labels": labels} | changes]) == 1
