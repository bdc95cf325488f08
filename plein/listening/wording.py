# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an item reads: why it is shown, and what one does with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from plein.listening.queries import Item, Newcomer, Standing
from plein.listening.vocabulary import Doing
from plein.moments.recognised_words import LABEL_WORDS
from plein.relations.networks import NETWORKS

#: What one does with a post of each kind.
ACTS: dict[str, str | Promise] = {
    "question": pgettext_lazy("with a post", "Answer it"),
    "request": pgettext_lazy("with a post", "Answer it"),
    "complaint": pgettext_lazy("with a post", "Put it right"),
    "praise": pgettext_lazy("with a post", "Thank them"),
    "buying_intent": pgettext_lazy("with a post", "Get in touch"),
    "churn_threat": pgettext_lazy("with a post", "Get in touch"),
    "job_change": pgettext_lazy("with a post", "Note the job"),
    "introduction_request": pgettext_lazy("with a post", "Introduce somebody"),
    "referral": pgettext_lazy("with a post", "Thank them"),
    "idea": pgettext_lazy("with a post", "Thank them"),
}
#: What is going on with somebody.
WHAT: dict[str, str | Promise] = {
    "appointment": pgettext_lazy("going on", "you meet them"),
    "wants_to_buy": pgettext_lazy("going on", "they want to buy"),
    "todo": pgettext_lazy("going on", "something is to be done for them"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as a page shows it."""

    id: UUID
    name: str
    kind: str
    key: UUID | None
    at: datetime
    title: str
    text: str
    chip: str
    mood: str
    reason: str
    act: str
    href: str
    reply: str = ""
    doings: tuple[tuple[str, str], ...] = ()


def shown(
    item: Item,
    searches: Sequence[str],
    standing: Standing,
    *,
    can_write: bool = False,
) -> Shown:
    """An item in words, with what can be done with it in its place. Of what waits in the inbox the act leads there, of
    the rest to the contact moment.
    """
    moment, writer = item.moment, item.writer
    if moment.id in standing.waiting:
        href = f"{reverse('inbox:message', args=[moment.id])}?tab=heard"
    else:
        href = reverse("moments:moment", args=[moment.id])
    return Shown(
        id=moment.id,
        name=(writer.name or writer.heard) if writer is not None else _("Somebody"),
        kind=writer.kind if writer is not None else "",
        key=writer.relation_id if writer is not None else None,
        at=moment.occurred_at,
        title=moment.title,
        text=moment.text,
        chip=str(LABEL_WORDS[item.kind]) if item.kind else "",
        mood=item.mood,
        reason=reason_of(item, searches),
        act=str(ACTS.get(item.kind, _("Look at it"))),
        href=href,
        reply=reverse("outbox:reply", args=[moment.id]) if can_write and moment.id in standing.answerable else "",
        doings=tuple((one.value, str(one.label)) for one in _doings(item)) if can_write else (),
    )


def _doings(item: Item) -> list[Doing]:
    """What one may do with a post: follow whom we know, add whom we do not."""
    writer = item.writer
    whom = [Doing.FOLLOW] if item.is_known else [Doing.PERSON] if writer is not None and writer.name else []
    return [Doing.TODO, *whom, Doing.READ]


def reason_of(item: Item, searches: Sequence[str]) -> str:
    """Why it is shown, in sentences of their own."""
    sentences = []
    if searches:
        sentences.append(_("Heard for: %(names)s.") % {"names": ", ".join(searches)})
    if item.is_known:
        sentences.append(_("Somebody we know wrote it."))
    elif item.kind:
        sentences.append(_("We do not know who wrote it."))
    return " ".join(sentences)


def network_words(network: str) -> str:
    """A network as people call it."""
    if not network:
        return _("Feeds and others")
    return NETWORKS[network].label if network in NETWORKS else network


def time_taken(seconds: float) -> str:
    """How long something took, in minutes, hours or days."""
    minutes = max(1, round(seconds / 60))
    if minutes < 90:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    days = round(hours / 24)
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def newcomer_in_words(one: Newcomer) -> str:
    """Why a new follower is interesting."""
    names = {"name": one.near.name, "what": WHAT[one.what], "between": one.between.name if one.between else ""}
    if one.between is None:
        return _("They know %(name)s: %(what)s.") % names
    return _("They know %(between)s, who knows %(name)s: %(what)s.") % names
