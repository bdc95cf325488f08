# SPDX-License-Identifier: AGPL-3.0-or-later
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plein.consent.models import ConsentList, Decision, InForce, NeverContact, Subject
from plein.consent.queries import decided, may_send, purpose_called
from plein.consent.tests.conftest import ADDRESS, SignIn, purpose
from plein.core.models import Operation
from plein.core.sheets import NotRead, read_sheet
from plein.relations.models import Relation
from plein.testing.factories import make_contact_point, make_decision, make_person
from plein.trust.models import User
from plein.trust.seats import entered

LIST = (
    "E-mailadres;Toestemming;Datum;Opmerking\n"
    f"{ADDRESS};ja;3-5-2024;beurs\n"
    "nobody@nowhere.example;nee;2024-05-03;\n"
    "geen adres;ja;;\n"
    f"{ADDRESS};misschien;;\n"
    "sanne@info.example;ja;;\n"
)


def upload(client: Client, data: bytes = LIST.encode(), name: str = "beurs.csv") -> str:
    """Take a list in; the address where it is looked at."""
    answer = client.post("/import/consent/", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content
    return answer.headers["Location"]


@pytest.fixture
def two(alice: User, henk: Relation) -> None:
    """Two people with one address."""
    with entered(alice):
        for name in ("Sanne de Wit", "Sanne Smit"):
            make_contact_point(make_person(name), "email", "sanne@info.example")


def choices(client: Client, path: str, user: User, **changes: Any) -> dict[str, Any]:
    form = client.get(path).context["form"]
    columns = {bound.html_name: bound.value() or "" for bound in form.columns}
    return {**columns, "purpose": str(purpose(user, "newsletter").id), "state": "given", "unmatched": "wait", **changes}


def test_one_looks_before_anything_counts(bob: User, two: None, signed_in: SignIn) -> None:
    client = signed_in(bob)
    path = upload(client)
    assert "beurs.csv" in client.get("/import/consent/").text
    wanted = choices(client, path, bob)
    assert (wanted["column_email"], wanted["column_state"], wanted["column_date"]) == ("0", "1", "2")

    page = client.post(path, {**wanted, "act": "look"}).text

    assert "1 line is about somebody we know." in page and "1 is about nobody we know." in page
    assert "3 cannot be read." in page and "“misschien” is neither yes nor no" in page
    assert "Several people have this address" in page and "nobody@nowhere.example" in page
    with entered(bob):
        assert not Decision.objects.exists()


def test_it_is_one_operation_that_can_be_turned_back_and_twice_changes_nothing(
    bob: User, two: None, henk: Relation, signed_in: SignIn
) -> None:
    client = signed_in(bob)
    for _time in range(2):
        path = upload(client)
        assert client.post(path, {**choices(client, path, bob), "act": "go"}).status_code == 302
    with entered(bob):
        known = Decision.objects.get(subject__relation_id=henk.id)
        waiting = Decision.objects.get(subject__relation_id__isnull=True)
        assert (known.state, known.point_value, known.how, known.note) == ("given", ADDRESS, "import", "beurs")
        assert (waiting.state, waiting.point_value) == ("refused", "nobody@nowhere.example")
        assert str(known.decided_at.date()) == "2024-05-03"
        assert ConsentList.objects.exclude(rows=[]).count() == 0
        first, second = Operation.objects.filter(verb="import_consents").order_by("started_at")
    done = client.get(path).text
    assert "Stood already" in done and "nobody@nowhere.example" in done
    assert client.post(path, {"act": "go"}).status_code == 200

    assert client.post(f"/undo/{first.id}/", headers={"HX-Request": "true"}).status_code == 204
    with entered(bob):
        assert InForce.objects.count() == 0 and Decision.objects.count() == 2
        assert second.id != first.id


TWICE = (
    "E-mailadres;Toestemming;Datum\n"
    f"{ADDRESS};ja;3-5-2024\n{ADDRESS};nee;4-6-2024\n{ADDRESS};ja;2-1-2023\n"
    "nobody@nowhere.example;ja;3-5-2024\nnobody@nowhere.example;nee;4-6-2024\n"
    "piet@post.example;ja;\npiet@post.example;nee;\n"
    "new@nowhere.example;ja;\nnew@nowhere.example;nee;\n"
)


def test_a_list_with_older_and_several_answers_of_one_person_changes_nothing_the_second_time(
    bob: User, henk: Relation, signed_in: SignIn
) -> None:
    client, counts, standing = signed_in(bob), [], []
    with entered(bob) as actor:
        piet = make_person("Piet Post")
        make_contact_point(piet, "email", "piet@post.example")
        make_decision(actor, henk, "newsletter", "withdrawn", point_kind="email", point_value=ADDRESS)
    for _time in range(3):
        path = upload(client, TWICE.encode())
        assert client.post(path, {**choices(client, path, bob), "act": "go"}).status_code == 302
        with entered(bob):
            counts.append((Decision.objects.count(), InForce.objects.count()))
            of_henk = decided([henk.id])[henk.id]
            standing.append(([one.state for one in of_henk], [one.state for one in decided([piet.id])[piet.id]]))

    assert counts == [(8, 8)] * 3
    assert standing == [(["withdrawn"], ["refused"])] * 3
    with entered(bob):
        make_contact_point(make_person("Nieuw"), "email", "new@nowhere.example")
        states = Decision.objects.filter(point_value="new@nowhere.example").values_list("state", flat=True)
        assert list(states) == ["refused"]


def test_a_waiting_no_counts_for_whoever_it_turns_out_to_be(bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    path = upload(client)
    with entered(bob):
        wanted = purpose_called("personal")
        assert wanted is not None
    client.post(path, {**choices(client, path, bob), "purpose": str(wanted.id), "act": "go"})
    with entered(bob):
        make_contact_point(make_person("Nieuw"), "email", "nobody@nowhere.example")
        assert may_send(["nobody@nowhere.example"])["nobody@nowhere.example"].reason == "no"
        person = Relation.objects.get(name="Nieuw")
    assert "said no" in client.get(f"/relations/{person.id}/consent/").text
    assert "nobody@nowhere.example" in client.get(f"/relations/{person.id}/consent/all/").text


def test_who_said_no_may_go_on_the_never_list_by_an_administrator(
    alice: User, bob: User, two: None, signed_in: SignIn
) -> None:
    for user, status in ((bob, 422), (alice, 302)):
        client = signed_in(user)
        path = upload(client)
        wanted = choices(client, path, user, unmatched="never")
        assert client.post(path, {**wanted, "act": "go"}).status_code == status
    with entered(alice):
        assert NeverContact.objects.count() == 1 and Subject.objects.count() == 1
    path = upload(signed_in(alice))
    page = signed_in(alice).post(path, {**choices(signed_in(alice), path, alice), "act": "look"}).text
    assert "on the list that is never used" in page


def test_a_workbook_is_read_too(bob: User, henk: Relation, signed_in: SignIn) -> None:
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Naam", "Email", "Purpose"])
        sheet.write_row(1, 0, ["Henk", ADDRESS, "nieuwsbrief"])
    client = signed_in(bob)
    path = upload(client, made.getvalue(), "beurs.xlsx")
    client.post(path, {**choices(client, path, bob, purpose=""), "act": "go"})

    with entered(bob):
        assert Decision.objects.get().purpose_id == purpose(bob, "newsletter").id


@pytest.mark.parametrize("data", [b"", b"   ", b"only a head\n", b"PK\x03\x04nothing", b"a,b\n" + b"x,y\n" * 20_001])
def test_what_cannot_be_read_gets_a_sentence(bob: User, data: bytes, signed_in: SignIn) -> None:
    answer = signed_in(bob).post("/import/consent/", {"file": SimpleUploadedFile("x.csv", data)})

    assert answer.status_code == 422
    assert any(words in answer.text for words in ("empty", "no rows", "cannot be read", "more than"))
    with entered(bob):
        assert not ConsentList.objects.exists()


def workbook(sheet: bytes, shared: bytes = b"<sst/>") -> bytes:
    """A workbook with this for its first sheet."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", shared)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return made.getvalue()


ROW = b'<row><c t="inlineStr"><is><t>a</t></is></c></row>'
ENTITY = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst><si><t>&e;</t></si></sst>'


HARM = {
    "swells": lambda: workbook(b"<sheetData>" + b" " * (220 << 20) + b"</sheetData>"),
    "many rows": lambda: workbook(b"<sheetData>" + ROW * 20_100 + b"</sheetData>"),
    "entity": lambda: workbook(b"<sheetData>" + ROW * 3 + b"</sheetData>", ENTITY),
    "cut off": lambda: workbook(b"<sheetData>" + ROW * 3),
    "points nowhere": lambda: workbook(b'<sheetData><row><c t="s"><v>99</v></c></row></sheetData>'),
}


@pytest.mark.parametrize("name", HARM)
def test_a_workbook_that_was_made_to_do_harm_is_refused(name: str) -> None:
    with pytest.raises(NotRead):
        read_sheet(HARM[name]())


def test_without_saying_who_or_for_what_nothing_is_noted(bob: User, two: None, signed_in: SignIn) -> None:
    client = signed_in(bob)
    path = upload(client)
    answer = client.post(path, {**choices(client, path, bob), "column_email": "", "purpose": "", "act": "go"})

    assert answer.status_code == 422
    assert "Say which column tells who it is" in answer.text and "Say for what." in answer.text
    with entered(bob):
        assert not Decision.objects.exists()


def test_who_may(alice: User, bob: User, gina: User, charlie: User, signed_in: SignIn) -> None:
    path = upload(signed_in(bob))

    assert signed_in(gina).get("/import/consent/").status_code == 403
    for user in (alice, charlie):
        assert signed_in(user).get(path).status_code == 404
        assert signed_in(user).post(f"{path}discard/").status_code == 404
    assert signed_in(bob).post(f"{path}discard/").status_code == 302
    with entered(bob):
        assert not ConsentList.objects.exists()
