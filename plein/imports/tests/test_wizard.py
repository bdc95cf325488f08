# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.isolation import no_workspace
from plein.imports import carrying
from plein.imports.models import ContactImport, Foreseen, LeftOut
from plein.imports.tasks import look_ahead, undo_book
from plein.metadata.models import Field
from plein.relations.actions import add_contact_point, create_person
from plein.relations.models import Relation, RelationValues, Tagging
from plein.testing.budgets import within_budget
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
type SignIn = Callable[[User], Client]
TABLE = """Naam;E-mail;Plaats;Schoenmaat
Ada van der Bos;ada@bos.example;Zwolle;38
Jan Smit;jan@smit.example;Deventer;43
Info;info@huis.example;Kampen;
;;;
x;;Raalte;"""
COLUMNS = {"column-0": "name", "column-1": "email", "column-2": "place", "column-3": ""}
WISHES = {"match": "email", "mode": "both", "jobs": "ask", "circle": "", "tags": "beurs, pers"}


def send(client: Client, data: bytes, name: str = "adressen.csv") -> str:
    """Send a file; where it goes on."""
    begun = client.post("/import/contacts/uploads/", {"name": name, "size": len(data), "files": 1}).json()
    place = f"bytes 0-{len(data) - 1}/{len(data)}"
    kind = "application/octet-stream"
    answer = client.put(begun["url"], data, content_type=kind, headers={"Content-Range": place})
    return str(answer.json()["location"])


def work(user: User) -> list[str]:
    """Do what a worker would, of address books."""
    with no_workspace("test"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo' RETURNING task_name, args"
        )
        found = [(name, json.loads(args) if isinstance(args, str) else args) for name, args in cursor.fetchall()]
    done = [(name, args) for name, args in found if name.startswith("imports.")]
    for name, args in done:
        if name == "imports.look_ahead":
            look_ahead(**args)
        elif name == "imports.undo_book":
            undo_book(**args)
        else:
            carrying.bring_in(user, args["workspace"], args["import_id"], lambda: False)
    return [name for name, _args in done]


def shown(client: Client, address: str) -> str:
    """What a page says, with single spaces."""
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_table_is_sent_chosen_looked_at_decided_brought_in_and_undone(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        for name in ("Piet", "Info Huis"):
            add_contact_point(actor=actor, relation=create_person(actor=actor, name=name), text="info@huis.example")
        jan = create_person(actor=actor, name="Jan Smit", place="Raalte")
        add_contact_point(actor=actor, relation=jan, text="jan@smit.example")
    client = signed_in(alice)
    assert "No address book brought in yet" in shown(client, "/import/contacts/")

    place = send(client, TABLE.encode("cp1252"))
    with within_budget(__file__, "choosing"):
        choosing = shown(client, place)
    assert "Schoenmaat" in choosing and "ada@bos.example" in choosing and "Make a field of it" in choosing
    answer = client.post(f"{place}choices", COLUMNS | WISHES | {"column-3": "new:number"})
    assert answer.status_code == 302 and "every 1s" in shown(client, place)
    assert work(alice) == ["imports.look_ahead"]

    with within_budget(__file__, "what would become of it"):
        preview = shown(client, place)
    assert "Raalte</del> <ins>Deventer" in preview and "may be one of these" in preview
    with entered(alice):
        assert not Relation.objects.filter(name="Ada van der Bos").exists() and not Tagging.objects.exists()
        assert Field.objects.get().type == "number"
        doubtful = Foreseen.objects.get(what="doubtful")
        planned = ContactImport.objects.get()
        assert planned.foreseen == {"new": 2, "changed": 1, "doubtful": 1, "looked": 4, "is_all": True}
        piet = Relation.objects.get(name="Piet")
    page = shown(client, f"{place}?what=doubtful")
    assert "ada@bos.example" not in page and f'value="{piet.id}"' in page
    client.post(f"{place}decide", {f"entry-{doubtful.number}": str(piet.id)})

    client.post(f"{place}start")
    assert work(alice) == ["imports.bring_in"]
    with within_budget(__file__, "done"):
        assert "It is all in" in shown(client, place)
    with entered(alice):
        ada = Relation.objects.get(name="Ada van der Bos")
        assert list(RelationValues.objects.get(relation=ada).values.values()) == [38]
        assert Relation.objects.get(id=piet.id).place == "Kampen"
        assert not Foreseen.objects.exists() and Tagging.objects.filter(relation=jan).count() == 2

    client.post(f"{place}undo")
    assert work(alice) == ["imports.undo_book"]
    assert "has gone again" in shown(client, place)
    with entered(alice):
        assert not Relation.objects.filter(name="Ada van der Bos").exists()
        assert Relation.objects.get(id=jan.id).place == "Raalte"
    with within_budget(__file__, "address books"):
        assert "adressen.csv" in shown(client, "/import/contacts/")


def test_a_table_is_read_otherwise_and_one_that_names_nobody_is_not_begun(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    place = send(client, "Müller;mueller@firma.example\n".encode("mac-roman"))
    before = shown(client, place)
    as_said = {"encoding": "mac-roman", "delimiter": "semicolon"}
    assert client.post(f"{place}writing", as_said).status_code == 302
    after = shown(client, place)

    assert "Müller" not in before and "Müller" in after
    refused = client.post(f"{place}choices", {"column-0": "note", "column-1": ""} | WISHES)
    assert refused.status_code == 422 and "Say which column" in refused.content.decode()
    assert client.post(f"{place}start").status_code == 302
    client.post(f"{place}cancel", {"keep": "1"})
    assert "Cancelled" in shown(client, place)


def test_what_is_no_address_book_is_said_and_not_kept(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)

    assert send(client, bytes(range(1, 32)) * 40, "foto.csv") == "/import/contacts/"
    assert "no table of text and no workbook" in shown(client, "/import/contacts/")
    with entered(alice):
        assert not ContactImport.objects.exists()


def test_what_was_left_out_comes_back_as_a_file(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    place = send(client, b"Naam;E-mail;Mobiel\n=cmd();x@bos.example;geen\n")
    client.post(f"{place}choices", {"column-0": "name", "column-1": "email", "column-2": "mobile"} | WISHES)
    work(alice)
    client.post(f"{place}start")
    work(alice)

    head, row = client.get(f"{place}left.csv").content.decode("utf-8-sig").strip().split("\r\n")
    assert head == "Naam,E-mail,Mobiel,line,why"
    assert row.startswith("'=cmd(),x@bos.example,geen,1,") and "phone number" in row


def test_nobody_else_sees_a_book_before_it_begins(alice: User, bob: User, signed_in: SignIn) -> None:
    place = send(signed_in(alice), TABLE.encode())
    other = signed_in(bob)

    assert other.get(place).status_code == 404 and "adressen" not in shown(other, "/import/contacts/")


def test_only_who_brought_it_hears_what_became_of_its_entries(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        lead = create_person(actor=actor, name="Ada van der Bos", circle_key="me")
        add_contact_point(actor=actor, relation=lead, text="ada@bos.example")
    mine, other = signed_in(alice), signed_in(bob)
    place = send(mine, b"Naam;E-mail;Plaats\nAda;ada@bos.example;Zwolle\n;;Kampen\n")
    chosen = {"column-0": "name", "column-1": "email", "column-2": "place"}
    mine.post(f"{place}choices", chosen | WISHES | {"circle": "everyone"})
    work(alice)
    mine.post(f"{place}start")
    work(alice)

    assert 'class="counts"' in shown(mine, place) and "left.csv" in shown(mine, place)
    heard = shown(other, place)
    assert "It is all in" in heard and 'class="counts"' not in heard and "left.csv" not in heard
    assert other.get(f"{place}left.csv").content.decode().strip().endswith("line,why")


@pytest.mark.parametrize("answer", ["new", "leave"])
def test_who_is_doubtful_may_be_new_or_left_out(alice: User, signed_in: SignIn, answer: str) -> None:
    with entered(alice) as actor:
        for name in ("Piet", "Kees"):
            add_contact_point(actor=actor, relation=create_person(actor=actor, name=name), text="info@huis.example")
    client = signed_in(alice)
    place = send(client, b"Naam,E-mail\nInfo,info@huis.example\n")
    client.post(f"{place}choices", {"column-0": "name", "column-1": "email"} | WISHES)
    work(alice)
    client.post(f"{place}decide", {"entry-1": answer, "entry-9": "new"})
    client.post(f"{place}start")
    work(alice)

    with entered(alice):
        planned: Any = ContactImport.objects.get()
        assert planned.counts == ({"new": 1} if answer == "new" else {"skipped": 1})
        assert LeftOut.objects.count() == (answer == "leave")


def test_a_program_sends_chooses_looks_and_brings_in(alice: User, bob: User, calling: Calling) -> None:
    by_token, other = calling(alice, "write"), calling(bob, "write")
    table = SimpleUploadedFile("lijst.csv", b"Naam;Mail;Waar\nAda Bos;ada@bos.example;Zwolle\n;;\n;;leeg\n")
    sent = by_token.upload("/imports/contacts", file=table)
    assert sent.status_code == 201, sent.content.decode()
    book = sent.json()
    assert (book["head"], book["columns"]) == (["Naam", "Mail", "Waar"], ["name", "email", ""])
    path = f"/imports/contacts/{book['id']}"
    assert other.get(path).status_code == 404

    wrong = by_token.send("POST", f"{path}/choices", json={"columns": ["name"]})
    assert wrong.status_code == 422 and "3 columns" in wrong.content.decode()
    chosen = {"columns": ["name", "email", "place"], "match": "email", "tags": ["beurs"], "circle": "everyone"}
    assert by_token.write("POST", f"{path}/choices", chosen)["state"] == "scanning"
    assert by_token.send("POST", f"{path}/start").status_code == 409
    work(alice)
    entries = by_token.read(f"{path}/entries")["items"]
    assert [(one["number"], one["becomes"]) for one in entries] == [(1, "new"), (2, "refused")]
    assert by_token.write("POST", f"{path}/start")["state"] == "running"
    assert not other.read(f"{path}/entries")["items"]
    work(alice)

    done, heard = by_token.read(path), other.read(path)
    assert (done["state"], done["counts"], done["position"]) == ("done", {"new": 1, "refused": 1}, 2)
    assert (heard["state"], heard["counts"], heard["foreseen"], heard["position"]) == ("done", {}, {}, 2)
    assert "names nobody" not in other.get(f"{path}/left-out").content.decode()
    assert "names nobody" in by_token.get(f"{path}/left-out").content.decode()
    with entered(bob):
        assert Relation.objects.get(name="Ada Bos").place == "Zwolle"
