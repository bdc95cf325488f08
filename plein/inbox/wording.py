# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plein.inbox.queries import Numbers
from plein.inbox.vocabulary import MOST_COUNTED, REASONS, Tab
from plein.moments.queries import Heard
from plein.moments.recognised_words import LABEL_WORDS

#: What a message moved to is called in its trail, but for the reasons why one files itself.
PLACES = {"inbox": Tab.ME.label, "unsure": Tab.UNSURE.label, "heard": Tab.HEARD.label}
FILED = gettext_lazy("Filed by Plein")
#: In which colour each kind of text stands in a list: trouble rose and orange, chances mint, news of people lilac.
TONES = {
    "question": "yellow",
    "request": "blue",
    "complaint": "rose",
    "praise": "mint",
    "buying_intent": "mint",
    "churn_threat": "rose",
    "job_change": "lilac",
    "introduction_request": "lilac",
    "referral": "mint",
    "idea": "yellow",
    "appointment": "blue",
    "payment_promise": "orange",
    "payment_dispute": "orange",
}
#: Of several kinds the one that cannot wait is shown, not the likeliest.
FIRST = ("churn_threat", "complaint", "payment_dispute", "buying_intent", "job_change")


def chip_of(heard: Heard | None) -> tuple[str, str]:
    """The one kind that a list shows of a text, in words, and its colour; nothing where none holds."""
    holding = heard.labels if heard is not None else []
    chosen = next((label for label in FIRST if label in holding), next(iter(holding), ""))
    return (str(LABEL_WORDS[chosen]), TONES[chosen]) if chosen else ("", "")


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a message, in words: when, from where, to where, why if anybody knows, and by whom."""

    at: datetime
    before: str
    after: str
    why: str
    is_said: bool


def trail_of(trail: Sequence[Sequence[object]]) -> list[Move]:
    """How a message came where it is, in order."""
    return [
        Move(
            datetime.fromisoformat(str(at)),
            _place(str(was)),
            _place(str(now)),
            str(REASONS.get(str(now), "")),
            bool(said),
        )
        for at, was, now, said in trail
    ]


def _place(name: str) -> str:
    return str(PLACES.get(name, FILED))


def sentence_of(numbers: Numbers) -> str:
    """What came in today, and how much of it filed itself."""
    if not numbers.came:
        return _("Nothing came in today")
    came = ngettext("%(count)s message came in today", "%(count)s messages came in today", numbers.came)
    if not numbers.filed:
        return came % {"count": numbers.came}
    filed = ngettext("%(count)s filed itself", "%(count)s filed themselves", numbers.filed)
    return f"{came % {'count': numbers.came}}, {filed % {'count': numbers.filed}}"


def waiting_of(numbers: Numbers) -> str:
    """How much waits for the reader; nothing when nothing does."""
    if not numbers.me:
        return ""
    if numbers.me > MOST_COUNTED:
        return _("more than %(count)s wait for you") % {"count": MOST_COUNTED}
    return ngettext("%(count)s waits for you", "%(count)s wait for you", numbers.me) % {"count": numbers.me}
