# SPDX-License-Identifier: AGPL-3.0-or-later
"""The suggestions that a message gives rise to, each kind by itself; what is done already is not suggested again."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plein.inbox.offers.facts import Facts, Stretch
from plein.inbox.offers.kinds import Kind, Offer
from plein.inbox.offers.people import of_addresses, of_leaving, of_roles, of_strangers
from plein.inbox.offers.telling import of_absence, of_moves, of_profiles
from plein.moments.models import Participant
from plein.recognition.mentions.days import Meant

MOST = 8
_CALL = re.compile(r"\b(call|phone|ring|bel(?:len|t|letje)?|terugbellen|telefonisch|opbellen)\b", re.IGNORECASE)
_DELIVERY = re.compile(
    r"\b(deliver\w*|shipment|ship|lever\w*|bezorg\w*|aflever\w*|oplever\w*|units?|order|bestelling)\b",
    re.IGNORECASE,
)
_MOVE = re.compile(
    r"\b(mov\w+|postpone\w*|later|earlier|rather|instead|reschedul\w*|delay\w*|"
    r"push\w*|bring forward|"
    r"verzet\w*|verplaats\w*|uitstel\w*|uitgesteld\w*|liever|eerder|"
    r"vervroeg\w*|opschuiv\w*|doorschuiv\w*|in plaats van)\b",
    re.IGNORECASE,
)
_DEADLINE = re.compile(
    r"(\bbefore|\bby|\bno later than|\bnot later than|\bdeadline\w*|\bdue|\buntil"
    r"|\bvoor|\bvóór|\buiterlijk|\btot)\W*$",
    re.IGNORECASE,
)


def offers_in(facts: Facts) -> list[Offer]:
    """What Plein suggests, in the order in which one would do it."""
    finders: tuple[Callable[[Facts], Iterator[Offer]], ...] = (
        of_strangers, of_appointments, of_deliveries, of_moves, of_roles, of_leaving, of_absence, of_deadlines,
        of_addresses, of_profiles,
    )  # fmt: skip
    found = {offer.key: offer for find in finders for offer in find(facts)}
    return list(found.values())[:MOST]


def of_appointments(facts: Facts) -> Iterator[Offer]:
    """Plan a call or a meeting at the time that was proposed; with a day alone, see to it that it is agreed."""
    is_call = bool(_CALL.search(facts.said))
    if not (facts.heard.holds("appointment") or (is_call and facts.heard.holds("request"))) or facts.person is None:
        return
    days = [(one, meant) for one, meant in facts.days() if not meant.is_month and not _moves_delivery(one)]
    exact = next(((one, meant) for one, meant in days if meant.at is not None), None)
    if exact is not None:
        yield from _planned(facts, *exact, is_call=is_call)
        return
    day = days[0][1].day if days else facts.today + timedelta(days=1)
    pattern = _("Call %(name)s") if is_call else _("Agree on a time with %(name)s")
    evidence = days[0][0].sentence if days else _sentence_with(_CALL, facts) if is_call else ""
    yield from _todo(facts, pattern % {"name": facts.name}, day, evidence)


def _planned(facts: Facts, one: Stretch, meant: Meant, *, is_call: bool) -> Iterator[Offer]:
    if meant.at is None or facts.person is None:
        return
    at = timezone.make_aware(datetime.combine(meant.day, meant.at))
    taken = Participant.objects.filter(relation_id=facts.person.id, occurred_at=at, moment__state="planned")
    if taken.exists() or meant.day < facts.today:
        return
    title = _("Plan a call with %(name)s") if is_call else _("Plan an appointment with %(name)s")
    when = date_format(timezone.localtime(at), "l j F, H:i")
    yield Offer(
        Kind.APPOINTMENT,
        title % {"name": facts.name},
        _("%(when)s, for an hour, in your agenda") % {"when": when},
        one.sentence,
        {"at": at.isoformat(), "kind": "call" if is_call else "meeting"},
    )


def of_deliveries(facts: Facts) -> Iterator[Offer]:
    """Whoever wants what we deliver at another time: somebody has to move it."""
    for one, _meant in facts.days():
        if _moves_delivery(one):
            title = _("Move the delivery: %(when)s") % {"when": one.text}
            yield from _todo(facts, title, facts.today + timedelta(days=1), one.sentence)
            return


def _moves_delivery(one: Stretch) -> bool:
    return bool(_DELIVERY.search(one.sentence) and _MOVE.search(one.sentence))


def of_deadlines(facts: Facts) -> Iterator[Offer]:
    """What they want from us before a day."""
    if not any(facts.heard.holds(label) for label in ("request", "question", "complaint", "buying_intent")):
        return
    for one, meant in facts.days():
        if not meant.is_month and _DEADLINE.search(facts.text[max(0, one.start - 24) : one.start]):
            title = _("For %(name)s: %(what)s") % {"name": facts.name or _("the sender"), "what": one.sentence}
            yield from _todo(facts, title[:300], meant.day, one.sentence)
            return


def _todo(facts: Facts, title: str, day: object, evidence: str) -> Iterator[Offer]:
    if title in facts.todos:
        return
    detail = _("On your list, for %(day)s") % {"day": date_format(day, "j F")}  # type: ignore[arg-type]
    yield Offer(Kind.TODO, title, detail, evidence, {"title": title, "due": str(day)})


def _sentence_with(pattern: re.Pattern[str], facts: Facts) -> str:
    from_here = pattern.search(facts.said)
    return facts.sentence(from_here.start()) if from_here else ""
