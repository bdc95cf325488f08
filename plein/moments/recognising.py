# SPDX-License-Identifier: AGPL-3.0-or-later
"""From what recognition answers to what is kept of it: what a text is worth, what files itself, and which words led to
a label, as places in the text.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import Any

from plein.moments.queries.waiting import Waiting
from plein.moments.recognised_words import SURE, UNSURE
from plein.moments.vocabulary import FiledAs, MomentKind, Nature, Relevance
from plein.recognition.recognise import Incoming, Recognition
from plein.relations.domains import is_nobody

_CHANNELS = {
    MomentKind.EMAIL: "mail",
    MomentKind.LETTER: "mail",
    MomentKind.TEXT: "chat",
    MomentKind.CHAT: "chat",
    MomentKind.POST: "post",
    MomentKind.CALL: "voice",
    MomentKind.VOICEMAIL: "voice",
}
_NATURES = {
    Nature.NEWSLETTER: FiledAs.NEWSLETTER,
    Nature.LIST: FiledAs.LIST,
    Nature.AUTO_REPLY: FiledAs.AUTO_REPLY,
    Nature.BOUNCE: FiledAs.BOUNCE,
}
#: What is never filed away unseen, whoever sent it: somebody may wait for an answer behind a form on a web page.
_WANTED = ("question", "complaint", "buying_intent", "churn_threat", "payment_dispute", "job_change")
#: What a machine that also names an amount writes about: a purchase that was made.
_OF_A_PURCHASE = re.compile(
    r"\b(receipt|invoice|order(?:s|nummer)?|payment|paid|shipped|bestel\w+|betaling|betaald|factuur|aankoop|kassabon|"
    r"verzonden|bon|quittung|rechnung|bestellung|facture|commande|reçu)\b",
    re.IGNORECASE,
)
#: A word as recognition counts it, and a digit, of which it does not look which one it is.
_WORD, _DIGIT = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*"), re.compile(r"\d")
#: Places of the words that led to one label.
_MOST_PLACES = 12


def incoming_of(one: Waiting) -> Incoming:
    """A text as recognition wants it: what was said, without the history that it quotes."""
    text = one.text[: one.quote_from] if one.quote_from else one.text
    return Incoming(text=text, channel=_CHANNELS.get(MomentKind(one.kind), "note"), language=one.language)


def filed_as(one: Waiting, labels: Mapping[str, float], mentioned: Collection[str] = ()) -> str:
    """Why a mail files itself, or "" when it does not; `mentioned` are the kinds of what it names."""
    found = _NATURES.get(Nature(one.nature), "")
    if not found and one.sender and is_nobody(one.sender):
        is_purchase = "amount" in mentioned and _OF_A_PURCHASE.search(one.text) is not None
        found = FiledAs.RECEIPT if is_purchase else FiledAs.NOTICE
    if found in ("", FiledAs.NEWSLETTER):
        return str(found)
    # Nobody reads what is filed, so that whoever may have left is told of before that is more likely than not.
    if labels["job_change"] >= UNSURE[0] or any(labels[label] >= SURE for label in _WANTED):
        return ""
    is_talk_of_business = found == FiledAs.LIST and labels["business"] >= SURE
    return "" if is_talk_of_business else str(found)


def row_of(one: Waiting, found: Recognition) -> dict[str, Any]:
    """What is kept of an answer: numbers and words of our own, nothing of the text itself."""
    reason = filed_as(one, found.labels, {mention.kind for mention in found.mentions})
    text = incoming_of(one).text
    return {
        "id": str(one.text_id),
        "print": one.print,
        "made_by": found.version[:80],
        "tier": found.tier,
        "language": found.language[:10],
        "labels": found.labels,
        "sentiment": found.sentiment,
        "urgency": found.urgency,
        "mentions": [[mention.kind, mention.start, mention.end] for mention in found.mentions],
        "small_talk": [list(span) for span in found.small_talk],
        "reasons": {label: places_of(text, words) for label, words in found.reasons.items()},
        "relevance": str(Relevance.FILED) if reason else found.relevance,
        "filed_as": reason,
        "topics": found.topics,
    }


def places_of(text: str, words: Iterable[str]) -> list[list[int]]:
    """Where these words stand in a text, whole and in whatever case: the first few places."""
    wanted = set(words)
    found = ([one.start(), one.end()] for one in _WORD.finditer(text) if _DIGIT.sub("0", one.group().lower()) in wanted)
    return list(islice(found, _MOST_PLACES))
