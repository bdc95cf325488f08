# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeping what was recognised, and what colleagues say it is."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from plein.core.events import publish
from plein.core.finding.finder import scoped
from plein.core.ids import now
from plein.core.operations import operation
from plein.moments.events import EnoughSaid, MomentsRecognised, OpinionsKept
from plein.moments.models import Correction, Learned, Moment, MomentText
from plein.moments.queries.learned import ENOUGH, said_since
from plein.moments.queries.topics import is_topic
from plein.moments.recognised_words import LABEL_WORDS, NO, RELEVANCE, SENTIMENT, UNSURE, URGENCY, YES
from plein.moments.vocabulary import Haste, Mood, Relevance
from plein.relations.refusals import Refused
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: What may be said about a text, and with which words.
SAYABLE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(LABEL_WORDS, (YES, NO)),
    RELEVANCE: (Relevance.BUSINESS, Relevance.SMALL_TALK),
    SENTIMENT: tuple(Mood.values),
    URGENCY: tuple(Haste.values),
}
#: Moments of one thread that are filed anew at once.
MOST = 1_000
#: Only of a text that still says what was looked at. What a language model thought of the same text stays, where the
#: model is still not sure by itself.
_KEEP = """
INSERT INTO moments_recognised AS r (id, workspace_id, circle_id, moment_id, text_id, print, made_by, tier, language,
       labels, sentiment, urgency, mentions, small_talk, reasons, relevance, filed_as, topics, opinion, made_at)
SELECT t.id, t.workspace_id, t.circle_id, t.moment_id, t.id, x.print, x.made_by, x.tier, x.language, x.labels,
       x.sentiment, x.urgency, x.mentions, x.small_talk, x.reasons, x.relevance, x.filed_as,
       coalesce(x.topics, '{}'), '{}', %(now)s
  FROM jsonb_to_recordset(%(rows)s::jsonb) AS x (id uuid, print integer, made_by text, tier text, language text,
       labels jsonb, sentiment text, urgency smallint, mentions jsonb, small_talk jsonb, reasons jsonb, relevance text,
       filed_as text, topics jsonb)
  JOIN moments_text t ON {t} AND t.id = x.id AND hashtext(t.text) = x.print
    ON CONFLICT (workspace_id, id) DO UPDATE SET print = excluded.print, made_by = excluded.made_by,
       tier = excluded.tier, language = excluded.language, sentiment = excluded.sentiment,
       urgency = excluded.urgency, mentions = excluded.mentions, small_talk = excluded.small_talk,
       filed_as = excluded.filed_as, topics = excluded.topics, made_at = excluded.made_at,
       labels = excluded.labels || %same% coalesce((
           SELECT jsonb_object_agg(o.key, o.value) FROM jsonb_each(r.opinion -> 'labels') o
            WHERE (excluded.labels ->> o.key)::float8 BETWEEN %(low)s AND %(high)s), '{}') ELSE '{}' END,
       reasons = excluded.reasons || %same% coalesce((
           SELECT jsonb_object_agg(o.key, o.value) FROM jsonb_each(r.opinion -> 'reasons') o
            WHERE (excluded.labels ->> o.key)::float8 BETWEEN %(low)s AND %(high)s), '{}') ELSE '{}' END,
       relevance = CASE WHEN r.print = excluded.print AND excluded.relevance = 'unsure'
                        THEN coalesce(r.opinion ->> 'relevance', 'unsure') ELSE excluded.relevance END,
       opinion = %same% r.opinion ELSE '{}' END
RETURNING r.moment_id
""".replace("%same%", "CASE WHEN r.print = excluded.print THEN")
#: Of a text that still says what was asked about, and only where the model was not sure.
_OPINE = """
UPDATE moments_recognised r SET opinion = x.opinion,
       labels = r.labels || coalesce((
           SELECT jsonb_object_agg(o.key, o.value) FROM jsonb_each(x.opinion -> 'labels') o
            WHERE (r.labels ->> o.key)::float8 BETWEEN %(low)s AND %(high)s), '{}'),
       reasons = r.reasons || coalesce((
           SELECT jsonb_object_agg(o.key, o.value) FROM jsonb_each(x.opinion -> 'reasons') o
            WHERE (r.labels ->> o.key)::float8 BETWEEN %(low)s AND %(high)s), '{}'),
       relevance = CASE WHEN r.relevance = 'unsure' THEN coalesce(x.opinion ->> 'relevance', 'unsure')
                        ELSE r.relevance END
  FROM jsonb_to_recordset(%(rows)s::jsonb) AS x (id uuid, print integer, opinion jsonb)
 WHERE {r} AND r.id = x.id AND r.print = x.print
RETURNING r.moment_id
"""


def keep_recognised(*, actor: Entrance, rows: Sequence[dict[str, Any]]) -> int:
    """Keep what a model made of texts, in the place of what one made of them before; how many are kept."""
    permit(actor, "read")
    if not rows:
        return 0
    with connection.cursor() as cursor:
        low, high = UNSURE
        cursor.execute(scoped(_KEEP), {"rows": json.dumps(list(rows)), "now": now(), "low": low, "high": high})
        kept = cursor.fetchall()
    if kept:
        publish(MomentsRecognised(tuple(row[0] for row in kept)))
    return len(kept)


def keep_opinions(*, actor: Entrance, rows: Sequence[dict[str, Any]]) -> int:
    """Keep what a language model thought of texts that our own was not sure of; how many are kept.

    What our own is sure of stays, and what colleagues say goes before both.
    """
    permit(actor, "read")
    if not rows:
        return 0
    low, high = UNSURE
    with connection.cursor() as cursor:
        cursor.execute(scoped(_OPINE), {"rows": json.dumps(list(rows)), "low": low, "high": high})
        kept = cursor.fetchall()
    if kept:
        publish(OpinionsKept(tuple(row[0] for row in kept)))
    return len(kept)


def correct_recognition(*, actor: Entrance, moment: Moment, about: str, value: str) -> Correction:
    """Say of a text what it is; raises Refused for what nobody can say, and where there is no text."""
    permit(actor, "write")
    text = MomentText.objects.filter(moment=moment).order_by("id").first()
    if text is None:
        raise Refused(_("This moment has no text that you may read."), field="about")
    check_sayable(about, value)
    with operation("correct_recognition"):
        said = _say(actor, text, about, value)
        if enough_said():
            publish(EnoughSaid())
    return said


def enough_said() -> bool:
    """Whether so much was said since something was learned that it is time again: told once each so many times."""
    since = said_since(Learned.objects.defer("arrays").order_by("-number", "-id").first())
    return since > 0 and since % ENOUGH == 0


def withdraw_correction(*, actor: Entrance, moment: Moment, about: str) -> int:
    """Take back what was said about a text: it is again what a model makes of it."""
    permit(actor, "write")
    with operation("withdraw_correction"):
        gone, _tables = Correction.objects.filter(moment=moment, about=about).delete()
    return int(gone)


def refile_thread(*, actor: Entrance, thread_id: UUID, relevance: str) -> int:
    """Say of all that belongs together, as far as one may read it, that it is business or small talk after all."""
    permit(actor, "write")
    check_sayable(RELEVANCE, relevance)
    texts = list(MomentText.objects.filter(moment__thread_id=thread_id).order_by("id")[:MOST])
    with operation("refile_thread", count=len(texts)):
        for text in texts:
            _say(actor, text, RELEVANCE, relevance)
    return len(texts)


def check_sayable(about: str, value: str) -> None:
    """Raises Refused for what nobody can say of a text."""
    words = (YES, NO) if is_topic(about) else SAYABLE.get(about)
    if words is None:
        raise Refused(_("Plein does not know this kind of text."), field="about")
    if value not in words:
        raise Refused(_("Choose one of: %(words)s.") % {"words": ", ".join(words)}, field="value")


def _say(actor: Entrance, text: MomentText, about: str, value: str) -> Correction:
    """One correction for each thing: what was said before is changed, and History keeps it."""
    said = {"value": value, "seat_id": actor.seat_id, "said_at": now()}
    present = Correction.objects.filter(text=text, about=about).order_by("-said_at", "-id").first()
    if present is None:
        made: Correction = Correction.objects.create(moment_id=text.moment_id, text=text, about=about, **said)
        return made
    if present.value != value:
        Correction.objects.filter(id=present.id).update(**said)
        present.value = value
    return present
