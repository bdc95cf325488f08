# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list of one's connections on a network makes ties, and of nobody is guessed who they are."""

import argparse
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.cli import network as command
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.core.sheets import NotRead
from plein.network.actions import Brought, load_connections
from plein.network.connections import Holds, read_connections
from plein.network.models import Half
from plein.network.queries import Question, introductions
from plein.network.tests.conftest import Network
from plein.network.vocabulary import Ground
from plein.relations.actions import create_person
from plein.relations.digests import digests_of
from plein.relations.models import ContactPointLink, ErasedAddress, Relation, Tie
from plein.testing.budgets import within_budget
from plein.testing.factories import make_contact_point, make_membership, make_organization
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
__all__ = ["calling"]
type SignIn = Callable[[User], Client]
LINKEDIN = b"""Notes:
"When exporting your connection data, you may notice that some of the email addresses are missing, as, for example,
people may have chosen otherwise, see ""privacy"" there"

First Name,Last Name,URL,Email Address,Company,Position,Connected On
Henk,Vos,https://www.linkedin.com/in/henkvos,,Vos BV,Directeur,12 Mar 2021
Ans,Bos,https://www.linkedin.com/in/ans-b,ANS@bos.example,,,01 Jan 2020
Rik,Jansen,https://www.linkedin.com/in/rik-j,,Isala,Inkoop,05 May 2022
Nora,Nieuw,https://www.linkedin.com/in/nora,nora@nieuw.example,Nieuw,Oprichter,30 Sep 2023
"""


@pytest.fixture
def known(alice: User, network: Network) -> Network:
    """Henk is known by his profile and Ans by her address; of Rik only the name is known."""
    with entered(alice):
        make_contact_point(network.henk, "handle", "in/henkvos")
        with operation("edit"):
            ContactPointLink.objects.get(relation=network.henk).contact_point.__class__.objects.update(
                network="linkedin"
            )
            Relation.objects.filter(id=network.rik.id).update(sort_name="jansen rik")
        make_contact_point(network.ans, "email", "ans@bos.example")
    return network


def brought_in(user: User, data: bytes = LINKEDIN, **more: Any) -> Brought:
    with entered(user) as actor:
        return load_connections(actor=actor, connections=read_connections(data), **more)


def figures(brought: Brought) -> tuple[int, int, int, int, int]:
    return brought.ties, brought.people, brought.present, brought.left_out, len(brought.unsure)


def ties(user: User, kind: str = "connected") -> dict[tuple[str, str], date | None]:
    with entered(user):
        found = Tie.objects.filter(kind=kind).select_related("one", "other")
        return {(one.one.name, one.other.name): one.starts_on for one in found}


def test_the_list_of_linkedin_ties_the_colleague_to_everybody_on_it(alice: User, known: Network) -> None:
    brought = brought_in(alice)
    assert figures(brought) == (3, 1, 0, 0, 1)
    assert ties(alice) == {
        ("Alice", "Henk Vos"): date(2021, 3, 12),
        ("Alice", "Ans Bos"): date(2020, 1, 1),
        ("Alice", "Nora Nieuw"): date(2023, 9, 30),
    }
    (rik,) = brought.unsure
    assert (rik.connection.name, [one.id for one in rik.people]) == ("Rik Jansen", [known.rik.id])
    with entered(alice):
        nora = Relation.objects.get(name="Nora Nieuw")
        assert (nora.headline, nora.source) == ("Oprichter, Nieuw", "import")
        points = ContactPointLink.objects.filter(relation=nora).values_list("contact_point__value", flat=True)
        assert set(points) == {"in/nora", "nora@nieuw.example"}
        half = Half.objects.filter(near_id=known.alice.id, far_id=nora.id).values_list("ground", "weight")
        assert list(half) == [(Ground.CONNECTED, 0.2)]
        undo(brought.operation_id)
        assert not Relation.objects.filter(name="Nora Nieuw").exists()
    assert ties(alice) == {}


def test_the_same_list_again_makes_nothing_twice(alice: User, known: Network) -> None:
    nameless = LINKEDIN + b"Zonder,Adres,,,,,\n"
    assert figures(brought_in(alice, nameless))[:2] == (4, 2)
    before = ties(alice)
    assert figures(brought_in(alice, nameless)) == (0, 0, 4, 0, 1)
    assert ties(alice) == before


def test_people_who_are_not_here_stay_away_when_one_wants_it_so(alice: User, known: Network) -> None:
    assert figures(brought_in(alice, makes_people=False)) == (2, 0, 0, 1, 1)


def test_who_is_meant_is_decided_and_known_from_then_on(alice: User, known: Network) -> None:
    line = 4
    brought = brought_in(alice, decided={line: known.rik.id})
    assert figures(brought) == (4, 1, 0, 0, 0)
    assert ("Alice", "Rik Jansen") in ties(alice)
    assert figures(brought_in(alice)) == (0, 0, 4, 0, 0)
    with entered(alice):
        undo(brought.operation_id)
    assert figures(brought_in(alice, decided={line: None}))[:2] == (4, 2)
    with entered(alice):
        assert Relation.objects.filter(name="Rik Jansen").count() == 2


def test_who_somebody_of_a_known_name_is_is_told_by_all_that_is_said(alice: User, known: Network) -> None:
    """The same name at the same rare employer is the one; the name alone is asked about."""
    with entered(alice) as actor:
        wilma = create_person(actor=actor, name="Wilhelmina Achterberg-Zuiderhoek", place="Ommen")
        make_membership(wilma, make_organization("Zuiderhoekse Rietdekkers"))
        make_contact_point(wilma, "email", "w.achterberg@zuiderhoek-riet.example")
    head = "First Name,Last Name,Email Address,Company\n"
    name = "Wilhelmina,Achterberg-Zuiderhoek"

    alone = brought_in(alice, f"{head}{name},,\n".encode())
    line = f"{name},wilhelmina@zuiderhoek-riet.example,Zuiderhoekse Rietdekkers\n"
    told = brought_in(alice, f"{head}{line}".encode())

    assert [[one.id for one in unsure.people] for unsure in alone.unsure] == [[wilma.id]]
    assert (told.unsure, told.ties, told.people) == ([], 1, 0)
    assert ("Alice", wilma.name) in ties(alice)


def test_a_list_may_be_for_some_eyes_only(alice: User, bob: User, known: Network) -> None:
    brought_in(alice, circle="me")
    assert len(ties(alice)) == 3 and ties(bob) == {}
    with entered(bob):
        assert not Relation.objects.filter(name="Nora Nieuw").exists()
        assert not Half.objects.filter(ground=Ground.CONNECTED).exists()


def test_whom_one_follows_is_tied_one_way_and_introduces_nobody(alice: User, known: Network) -> None:
    data = b"naam;profiel;datum\nNora;https://bsky.app/profile/nora.example;3-4-2024\n"
    assert figures(brought_in(alice, data, holds=Holds.FOLLOWED))[:2] == (1, 1)
    assert figures(brought_in(alice, data, holds=Holds.FOLLOWERS)) == (1, 0, 0, 0, 0)
    assert ties(alice, "follows") == {("Alice", "Nora"): date(2024, 4, 3), ("Nora", "Alice"): date(2024, 4, 3)}
    with entered(alice) as actor:
        nora = Relation.objects.get(name="Nora")
        assert introductions(Question(nora), seat_id=actor.seat_id).paths == ()


def test_over_a_connection_one_may_ask_for_an_introduction(alice: User, known: Network) -> None:
    brought_in(alice)
    with entered(alice) as actor:
        nora = Relation.objects.get(name="Nora Nieuw")
        (path,) = introductions(Question(nora), seat_id=actor.seat_id).paths
        assert path.strength == pytest.approx(0.2)


def test_who_was_erased_does_not_come_back(alice: User, known: Network) -> None:
    with entered(alice), operation("test"):
        for digest in digests_of("email", "nora@nieuw.example"):
            ErasedAddress.objects.create(digest=digest)
    assert figures(brought_in(alice)) == (2, 0, 0, 1, 1)


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "empty"), (b"a,b\n1,2\n", "names no name"), (b"name,place\nRik,Zwolle\n", "names no name")],
)
def test_what_is_no_list_is_said(data: bytes, words: str) -> None:
    with pytest.raises(NotRead, match=words):
        read_connections(data)


def test_days_and_addresses_that_are_none_are_left_out() -> None:
    rows = "name,email,on\nA,nobody,2024-13-01\nB,b@x.example,31 Foo 2024\n,,\nC,c@x.example,7 okt 2021\n"
    found = read_connections(b"\xef\xbb\xbf" + rows.replace("on\n", "since\n", 1).encode())
    assert [(one.name, len(one.contacts), one.on) for one in found] == [
        ("A", 0, None), ("B", 1, None), ("C", 1, date(2021, 10, 7)),
    ]  # fmt: skip


def test_the_page_asks_who_is_meant(alice: User, known: Network, signed_in: SignIn) -> None:
    client, path = signed_in(alice), "/import/connections/"
    with within_budget(__file__, "connections"):
        assert "Bring in connections" in client.get(path).text
    sent = {"holds": "connections", "circle": "everyone", "makes_people": "on"}
    assert client.post(path, sent).status_code == 422
    assert client.post(path, {**sent, "file": SimpleUploadedFile("a.csv", b"x")}).status_code == 422
    asked = client.post(path, {**sent, "file": SimpleUploadedFile("Connections.csv", LINKEDIN)})
    assert asked.status_code == 200 and "Who is meant?" in asked.text and "3 ties are new" in asked.text
    (_one, line) = asked.context["unsure"][0]
    answer = {**sent, "decide": "1", "line-1": line, "choice-1": str(known.rik.id)}
    assert client.post(path, answer).status_code == 302
    assert ("Alice", "Rik Jansen") in ties(alice)
    for odd in ({"choice-1": "perhaps"}, {"line-1": "[]"}, {"line-1": "{"}):
        assert client.post(path, {**answer, **odd}).status_code == 302
    assert client.post(path, {**answer, "circle": "team:nobody"}).status_code == 422
    with entered(alice):
        undo(Operation.objects.filter(verb="load_connections").earliest("id").id)


def test_a_program_and_the_command_line_do_the_same(
    alice: User, bob: User, known: Network, calling: Calling, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    caller = calling(alice, "write")
    told = caller.upload("/network/connections", file=SimpleUploadedFile("c.csv", LINKEDIN)).json()
    assert (told["ties"], told["people"]) == (3, 1)
    assert told["unsure"] == [
        {"line": 4, "name": "Rik Jansen", "people": [{"id": str(known.rik.id), "name": "Rik Jansen"}]}
    ]
    file = SimpleUploadedFile("c.csv", LINKEDIN)
    told = caller.upload("/network/connections", file=file, decided=f"4={known.rik.id}").json()
    assert (told["ties"], told["unsure"]) == (1, [])
    assert caller.upload("/network/connections", file=SimpleUploadedFile("c.csv", b"")).status_code == 422
    assert calling(bob, "write").upload("/network/connections", file=file).status_code == 422

    stored = tmp_path / "Connections.csv"
    stored.write_bytes(LINKEDIN)
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    command.run(parser.parse_args(["connections", str(stored), "--user", alice.email, "--json"]))
    found = json.loads(capsys.readouterr().out)
    assert (found["ties"], found["present"], found["unsure"]) == (0, 4, [])
