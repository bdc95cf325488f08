# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an owner does so that a language model is asked, and what a worker keeps of its answers."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from plein.core import outside, web_client
from plein.core.audit import audit
from plein.core.events import publish
from plein.core.ids import now
from plein.moments.actions import keep_opinions
from plein.opinions.asking import NoOpinion, Opinion, Question, Target, ask_about, tokens_at_most
from plein.opinions.budget import note_spending, spent
from plein.opinions.events import EndpointChosen
from plein.opinions.keys import forget_key, keep_key, key_for
from plein.opinions.models import Endpoint
from plein.opinions.queries import endpoint
from plein.opinions.refusals import CannotAsk
from plein.opinions.vocabulary import SENTENCE, Unit
from plein.trust.circles import UnknownCircle, circle_for
from plein.trust.permissions import permit, require_proof
from plein.trust.seats import Entrance

MOST_BUDGET = 1_000_000_000
#: How long one waits after failures: double each time; and where only a person can help.
FIRST, LONGEST, LASTING = 30.0, 3600.0, timedelta(hours=12)
#: What is asked to see whether it works: of nobody.
_TRIAL = Question("Could you please send me a quote for two garden sheds before Friday?", ("request", "complaint"))


@dataclass(frozen=True, slots=True)
class EndpointFacts:
    """A language model as an owner describes it; `agrees` is that they agree with the sentence."""

    address: str
    model: str
    audiences: tuple[str, ...]
    unit: str
    per_month: int
    per_day: int
    agrees: bool


@dataclass(frozen=True, slots=True)
class Work:
    """What came of asking about a few texts: rows to keep, and how much more or less than set aside it took."""

    rows: Sequence[dict[str, Any]]
    calls: int
    tokens: int
    trouble: NoOpinion | None = None


def set_endpoint(*, actor: Entrance, facts: EndpointFacts, key: str = "") -> Endpoint:
    """Ask this language model from now on about what comes in and Plein is not sure about; raises CannotAsk.

    An empty key leaves the one there is, if that was given for the same address.
    """
    permit(actor, "own")
    require_proof(actor)
    values = _checked(facts)
    present = endpoint()
    is_same = present is not None and (present.address, present.model, sorted(present.circles)) == (
        values["address"], values["model"], values["circles"],
    )  # fmt: skip
    values |= {"agreed_by_id": actor.seat_id, "agreed_to": SENTENCE, "failures": 0, "next_try_at": None, "problem": ""}
    if key:
        keep_key(str(values["address"]), key)
    if present is None:
        present = Endpoint.objects.create(**values)
    else:
        # What came in under another agreement is not asked about under this one.
        began = present.agreed_at if is_same else now()
        Endpoint.objects.filter(id=present.id).update(**values, agreed_at=began)
        present.refresh_from_db()
    audit("agree_endpoint", kind="setting", about=present.id, sentence=SENTENCE, circles=len(present.circles))
    publish(EndpointChosen())
    return present


def remove_endpoint(*, actor: Entrance) -> None:
    """Ask no language model any more, and forget the key; what it thought of texts stays until they are read anew."""
    permit(actor, "own")
    for one in Endpoint.objects.all():
        audit("remove_endpoint", kind="setting", about=one.id)
    Endpoint.objects.all().delete()
    forget_key()


def try_endpoint(*, actor: Entrance) -> Opinion:
    """Ask about a sentence that nobody wrote; it counts. Raises NoOpinion, and CannotAsk when the budget is spent."""
    permit(actor, "own")
    found = endpoint()
    if found is None:
        raise CannotAsk(_("There is no language model yet. Describe one first."))
    if spent(found).left < cost(found, _TRIAL):
        raise CannotAsk(_("The budget is spent: nothing is asked until there is more."))
    opinion = ask_about(target_of(found), _TRIAL)
    note_spending(calls=1, tokens=opinion.tokens)
    if not opinion.labels:
        raise NoOpinion(_("It answers, but not as it was asked to. Choose another model."))
    Endpoint.objects.filter(id=found.id).update(failures=0, next_try_at=None, problem="")
    publish(EndpointChosen())
    return opinion


def target_of(found: Endpoint) -> Target:
    """Whom to ask; raises Unopenable."""
    return Target(found.address, found.model, key_for(found.address))


def cost(found: Endpoint, question: Question) -> int:
    """What a question takes of the budget at most."""
    return tokens_at_most(Target(found.address, found.model), question) if found.unit == Unit.TOKENS else 1


def keep_work(*, actor: Entrance, found: Endpoint, work: Work) -> None:
    """Keep what was answered and what it took; after trouble, rest."""
    permit(actor, "read")
    keep_opinions(actor=actor, rows=work.rows)
    note_spending(calls=work.calls, tokens=work.tokens)
    rows = Endpoint.objects.filter(id=found.id)
    if work.trouble is not None:
        rest = _rest(found.failures + 1, work.trouble)
        rows.update(failures=found.failures + 1, next_try_at=now() + rest, problem=str(work.trouble)[:300])
    elif found.failures:
        rows.update(failures=0, next_try_at=None, problem="")


def _rest(failures: int, trouble: NoOpinion) -> timedelta:
    """How long to leave it alone: give or take a quarter, so that not everybody comes back at once."""
    if trouble.is_lasting:
        return LASTING
    wait = min(FIRST * 2 ** min(failures - 1, 10), LONGEST) * random.uniform(0.75, 1.25)  # noqa: S311
    return timedelta(seconds=max(wait, trouble.wait or 0.0))


def _checked(facts: EndpointFacts) -> dict[str, Any]:
    if not facts.agrees:
        raise CannotAsk(_("Nothing leaves before you agree with the sentence."), "agrees")
    if not facts.model.strip():
        raise CannotAsk(_("Write the name of the model, as its server knows it."), "model")
    if facts.unit not in Unit.values:
        raise CannotAsk(_("Choose what the budget counts."), "unit")
    if not 0 < facts.per_day <= facts.per_month <= MOST_BUDGET:
        raise CannotAsk(_("Write at least 1 a day, and in a month no less than in a day."), "per_month")
    return {
        "address": _checked_address(facts.address.strip()),
        "model": facts.model.strip()[:120],
        "circles": _circles(facts.audiences),
        "unit": facts.unit,
        "per_month": facts.per_month,
        "per_day": facts.per_day,
    }


def _checked_address(address: str) -> str:
    try:
        parts = web_client.split(address)
        if parts.query or parts.fragment or len(address) > 500:
            raise CannotAsk(_("Write where the interface begins, like https://model.example.com/v1"), "address")
        outside.host_name(parts.hostname or "")
    except (outside.NotAllowed, ValueError) as trouble:
        raise CannotAsk(
            _("Write where the interface begins, like https://model.example.com/v1"), "address"
        ) from trouble
    if parts.scheme != "https" and not settings.PLEIN_ENDPOINT_INSIDE:
        raise CannotAsk(_("Texts only leave by https. Write the address with https."), "address")
    return address.rstrip("/")


def _circles(audiences: Sequence[str]) -> list[int]:
    if not audiences:
        raise CannotAsk(_("Choose of which circles texts may go."), "audiences")
    try:
        return sorted({circle_for(one) for one in audiences})
    except UnknownCircle as trouble:
        raise CannotAsk(_("Choose one of the circles you are in."), "audiences") from trouble
