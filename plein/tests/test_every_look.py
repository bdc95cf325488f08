# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever names a relation, a contact moment or a to-do that not everyone may see says so in the audit log."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling
from plein.core.models import AuditEntry
from plein.moments.actions import change_moment_circle
from plein.moments.models import Moment
from plein.relations.actions import change_circle
from plein.relations.models import Relation
from plein.testing.addresses import World, every_address
from plein.testing.cast import give_second_proof
from plein.tests.test_url_walk import ENDLESS, read
from plein.trust.models import User
from plein.trust.seats import entered

API = "api/v1/"
SignIn = Callable[[User], Client]
PERSON, MOMENT, TODO = b"Henk van Dijk", b"Offerte 2026-311", b"Van Dijk bellen"
#: Where one finds by words, and words that find them without being what they are called.
FINDING = {"palette/": "q", "search/": "q", "relations/suggest/": "other_name", "api/v1/search": "q"}
MORE = {"other_name": {"kind": "person"}}
WORDS = ("Dijk", "311", "bellen")
#: Descriptions of the door, which show nothing of anybody.
ASIDE = ENDLESS | {"api/v1/openapi.json", "api/v1/docs"}
#: The names of the examples there are everybody's.
MADE_UP = {"style/"}


@pytest.fixture
def hidden(world: World, alice: User, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[bytes, UUID]]:
    """Henk is for Alice alone, with what belongs to him; and every look is a line, however soon after another."""
    with entered(alice) as actor:
        person = Relation.objects.get(id=world.ids["relation_id"])
        change_circle(actor=actor, relation=person, circle_key="me")
        moment = Moment.objects.get(id=world.ids["moment_id"])
        change_moment_circle(actor=actor, moment=moment, circle="me")
    monkeypatch.setattr("plein.core.chain.LOOK", timedelta())
    yield {PERSON: person.id, MOMENT: world.ids["moment_id"], TODO: world.ids["todo_id"]}


def looked_at(user: User, *, since: int) -> tuple[set[UUID], int]:
    """Which records the log says were looked at or taken along after that line, and the last line now."""
    with entered(user):
        lines = list(AuditEntry.objects.filter(seq__gt=since).order_by("seq"))
    return {record for line in lines for record in line.records}, lines[-1].seq if lines else since


def test_whatever_names_what_is_hidden_logs_the_look(
    world: World, hidden: dict[bytes, UUID], alice: User, signed_in: SignIn, calling: Calling
) -> None:
    give_second_proof(alice)
    by_token = Client(headers={"Authorization": f"Bearer {calling(alice, 'admin').token}"})
    clients = {True: by_token, False: signed_in(alice)}
    _seen, last = looked_at(alice, since=0)
    named, unlogged = 0, set()
    asked: list[tuple[str, dict[str, str]]] = [(route, {}) for route in every_address() if route not in ASIDE]
    asked += [(route, {name: words} | MORE.get(name, {})) for route, name in FINDING.items() for words in WORDS]
    for route, query in asked:
        headers = {"HX-Request": "true"} if query else {}
        text = read(clients[route.startswith(API)].get(world.path(route), query, headers=headers))
        seen, last = looked_at(alice, since=last)
        shown = {name for name in hidden if name in text}
        named += len(shown)
        unlogged |= {(route, name) for name in shown if hidden[name] not in seen}
    assert named > 70
    assert sorted(one for one in unlogged if one[0] not in MADE_UP) == []
