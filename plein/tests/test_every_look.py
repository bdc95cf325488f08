# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever names a relation, a contact moment or a to-do that not everyone may see says so in the audit log."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling
from plein.core.models import AuditEntry, Operation
from plein.moments.actions import change_moment_circle
from plein.moments.models import Moment
from plein.relations.actions import change_circle, edit_relation
from plein.relations.models import Relation
from plein.testing.addresses import World, every_address
from plein.testing.cast import give_second_proof
from plein.tests.test_url_walk import ENDLESS, read
from plein.trust.models import User
from plein.trust.seats import entered

API = "api/v1/"
SignIn = Callable[[User], Client]
type Asked = tuple[tuple[str, dict[str, str], dict[str, str]], ...]
PERSON, MOMENT, TODO = b"Henk van Dijk", b"Offerte 2026-311", b"Van Dijk bellen"
#: Where one finds by words, and words that find them without being what they are called.
FINDING = {"palette/": "q", "search/": "q", "relations/suggest/": "other_name", "api/v1/search": "q"}
MORE = {"other_name": {"kind": "person"}}
WORDS = ("Dijk", "311", "bellen")
#: What names more when it is asked for more: the address, the parameters, and the ids that some of those are.
ASKED_FOR_MORE: Asked = (
    ("relations/<uuid:known>/merge/", {}, {"other": "relation_id"}),
    ("relations/<uuid:relation_id>/merge/", {}, {"other": "known"}),
    ("history/", {"kind": "x"}, {}),
    ("who-sees/relations/<uuid:known>/", {"audience": "me"}, {}),
    ("who-sees/relations/<uuid:relation_id>/", {"audience": "everyone"}, {}),
    ("who-sees/moments/<uuid:moment_id>/", {"audience": "everyone"}, {}),
    ("who-sees/ties/<uuid:ties/part_id>/", {"audience": "me"}, {}),
    ("who-sees/todos/<uuid:todo_id>/", {"audience": "me"}, {}),
    ("api/v1/relations/<uuid:known>/move", {"circle": "me"}, {}),
    ("api/v1/relations/<uuid:relation_id>/move", {"circle": "everyone"}, {}),
    ("api/v1/moments/<uuid:moment_id>/move", {"circle": "everyone"}, {}),
    ("api/v1/operations/<uuid:renamed>/undo", {}, {}),
)
#: What only looks, and is posted for what it is asked.
ASKED_BY_POST: Asked = (
    ("api/v1/relations/merge/preview", {}, {"into": "relation_id", "other": "known"}),
    ("api/v1/relations/merge/preview", {}, {"into": "known", "other": "relation_id"}),
    ("api/v1/operations/<uuid:renamed>/preview-undo", {}, {}),
)
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
        # Renamed and back: what turning the first back would do names them.
        for name in ("Henk van Dyk", PERSON.decode()):
            person.refresh_from_db()
            edit_relation(actor=actor, relation=person, changes={"name": name}, based_on=person.version)
        renamed = Operation.objects.filter(verb="edit_relation").order_by("-started_at")[1]
        world.ids["renamed"] = renamed.id
    monkeypatch.setattr("plein.core.chain.LOOK", timedelta())
    yield {PERSON: person.id, MOMENT: world.ids["moment_id"], TODO: world.ids["todo_id"]}


def filled(world: World, route: str) -> str:
    """An address with the ids by the names that stand in it."""
    return "/" + re.sub(r"<uuid:([^>]+)>", lambda name: str(world.ids[name[1]]), route)


def looked_at(user: User, *, since: int) -> tuple[set[UUID], int]:
    """Which records the log says were looked at or taken along after that line, and the last line now."""
    with entered(user):
        lines = list(AuditEntry.objects.filter(seq__gt=since).order_by("seq"))
    return {record for line in lines for record in line.records}, lines[-1].seq if lines else since


class Watch:
    """Asks as Alice, and remembers what named something hidden without a line in the log."""

    def __init__(self, alice: User, hidden: dict[bytes, UUID], pages: Client, door: Client) -> None:
        self.alice, self.hidden = alice, hidden
        self.clients = {True: door, False: pages}
        self.named: set[tuple[str, bytes]] = set()
        self.unlogged: set[tuple[str, bytes]] = set()
        _seen, self.last = looked_at(alice, since=0)

    def ask(self, route: str, path: str, query: dict[str, str], *, by_post: bool = False, is_part: bool = False) -> int:
        """One request, and whether what it showed is in the log."""
        client, headers = self.clients[route.startswith(API)], {"HX-Request": "true"} if is_part else {}
        if by_post:
            answer = client.post(path, query, content_type="application/json")
        else:
            answer = client.get(path, query, headers=headers)
        text = read(answer)
        seen, self.last = looked_at(self.alice, since=self.last)
        shown = {name for name in self.hidden if name in text}
        self.named |= {(route, name) for name in shown}
        self.unlogged |= {(route, name) for name in shown if self.hidden[name] not in seen}
        status: int = answer.status_code
        return status


@pytest.fixture
def watch(hidden: dict[bytes, UUID], alice: User, signed_in: SignIn, calling: Calling) -> Watch:
    give_second_proof(alice)
    by_token = Client(headers={"Authorization": f"Bearer {calling(alice, 'admin').token}"})
    return Watch(alice, hidden, signed_in(alice), by_token)


def test_whatever_names_what_is_hidden_logs_the_look(world: World, watch: Watch) -> None:
    asked: list[tuple[str, dict[str, str]]] = [(route, {}) for route in every_address() if route not in ASIDE]
    asked += [(route, {name: words} | MORE.get(name, {})) for route, name in FINDING.items() for words in WORDS]
    for route, query in asked:
        watch.ask(route, world.path(route), query, is_part=bool(query))
    assert len(watch.named) > 70
    assert sorted(one for one in watch.unlogged if one[0] not in MADE_UP) == []


def test_whatever_is_asked_for_more_logs_all_that_it_names(world: World, watch: Watch) -> None:
    for by_post, addresses in ((False, ASKED_FOR_MORE), (True, ASKED_BY_POST)):
        for route, plain, ids in addresses:
            query = plain | {name: str(world.ids[of]) for name, of in ids.items()}
            status = watch.ask(route, filled(world, route), query, by_post=by_post)
            assert status in (200, 422), (route, status)
    silent = {route for route, *_query in (*ASKED_FOR_MORE, *ASKED_BY_POST)} - {route for route, _name in watch.named}
    assert silent == set()
    assert watch.unlogged == set()
