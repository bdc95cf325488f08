# SPDX-License-Identifier: AGPL-3.0-or-later
"""An invoice becomes a letter to or from whom it is with, once; a payment on a statement is seen to pay it."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.isolation import in_operation
from plein.core.models import Operation
from plein.core.operations import begin, undo
from plein.documents.bringing import Brought, Wishes, bring_in
from plein.documents.files import read_files
from plein.documents.models import FileRecord
from plein.documents.money import bills_of, totals_of
from plein.documents.tests.test_invoices import CII
from plein.documents.tests.test_statements import GERMAN
from plein.moments.models import Moment, Participant
from plein.relations.models import Relation
from plein.testing.factories import make_contact_point, make_organization
from plein.trust.models import User, Workspace
from plein.trust.seats import entered

__all__ = ["calling"]

type SignIn = Callable[[User], Client]


@pytest.fixture
def park(alice: User) -> Relation:
    """The customer on the invoice; we are its seller."""
    with entered(alice):
        Workspace.objects.update(name="Van Dijk Hekwerken")
        return make_organization("Sportpark", place="Zwolle")


def bring(user: User, folder: Path, *, way: str = "", circle: str = "everyone", **files: bytes) -> list[Brought]:
    paths = []
    for name, data in files.items():
        paths.append(folder / name.replace("_", "."))
        paths[-1].write_bytes(data)
    answers = list(read_files([(path, path.name) for path in paths]))
    with entered(user) as actor, in_operation(begin("import_documents").id):
        return [
            bring_in(actor=actor, path=path, answer=answer, wishes=Wishes(circle, way))
            for path, answer in zip(paths, answers, strict=True)
        ]


def placed(data: bytes, place: str = "Zwolle") -> bytes:
    """The invoice with the place of its buyer."""
    head, mark, tail = data.partition(b"<ram:BuyerTradeParty>")
    city = f"<ram:PostalTradeAddress>\n<ram:CityName>{place}</ram:CityName>".encode()
    return head + mark + tail.replace(b"<ram:PostalTradeAddress>", city, 1)


def test_an_invoice_becomes_a_letter_once_and_undo_takes_it_away(
    alice: User, bob: User, park: Relation, tmp_path: Path
) -> None:
    [first] = bring(alice, tmp_path, a_xml=placed(CII))
    assert (first.becomes, first.way, first.relation, first.kind) == ("new", "outbound", "Sportpark", "invoice")
    again = bring(alice, tmp_path, b_xml=placed(CII), c_xml=placed(CII) + b"\n", d_txt=b"no invoice", e_pdf=b"%PDF-1")
    assert [one.becomes for one in again] == ["same", "same", "skipped", "refused"]

    with entered(bob):
        moment = Moment.objects.get(id=str(first.moment_id))
        assert (moment.kind, moment.direction) == ("letter", "outbound")
        [bill] = bills_of(park.id)
        assert (bill.number, bill.amount, bill.is_ours, bill.paid_on) == ("2026-17", Decimal(1210), True, None)
    with entered(alice):
        undo(Operation.objects.filter(verb="import_documents").earliest("started_at").id)
        assert not Moment.objects.exists() and not FileRecord.objects.exists() and bills_of(park.id) == []


def test_a_payment_of_the_amount_that_names_the_number_is_seen(
    alice: User, bob: User, park: Relation, tmp_path: Path, signed_in: SignIn
) -> None:
    paid = GERMAN.replace(b"2512310102CR50,05", b"2602280228CR1210,00")
    other = paid.replace(b"2026-17", b"2026-175").replace(b"2026-1?227", b"2026-1?2275")
    bring(alice, tmp_path, a_xml=placed(CII), b_sta=other)
    with entered(alice):
        assert [one.paid_on for one in bills_of(park.id)] == [None]
        [total] = totals_of(bills_of(park.id))
        assert (total.sent, total.sent_open, total.received) == (Decimal(1210), Decimal(1210), Decimal())
    page = signed_in(bob).get(f"/relations/{park.id}/invoices/")
    assert "1,210.00" in page.text and "none seen" in page.text

    bring(alice, tmp_path, circle="me", c_sta=paid)

    with entered(alice):
        [bill] = bills_of(park.id)
        assert bill.paid_on is not None and totals_of([bill])[0].sent_open == 0
    # Who may not see the statement is not told of the payment on it.
    with entered(bob):
        assert [one.paid_on for one in bills_of(park.id)] == [None]


def test_the_page_tells_what_became_of_each_file(alice: User, park: Relation, signed_in: SignIn, gina: User) -> None:
    client = signed_in(alice)
    assert signed_in(gina).get("/import/documents/").status_code == 403
    assert "Choose one or more files." in client.post("/import/documents/", {}).text
    files = [SimpleUploadedFile("a.xml", placed(CII)), SimpleUploadedFile("b.pdf", b"%PDF-1")]
    page = client.post("/import/documents/", {"files": files, "way": "", "circle": "everyone"})
    assert page.status_code == 200
    for words in ("invoice 2026-17", "Sportpark", "came in", "This PDF is damaged"):
        assert words in page.text, words
    with entered(alice):
        [bill] = bills_of(park.id)
        assert f"/moments/{bill.moment_id}/" in page.text
        assert Operation.objects.filter(verb="import_documents").count() == 1


def test_who_is_not_certain_is_asked_and_learned_from(alice: User, park: Relation, tmp_path: Path) -> None:
    with entered(alice):
        make_contact_point(park, "email", "info@sportpark.example")
    [doubtful] = bring(alice, tmp_path, a_xml=CII)
    assert (doubtful.becomes, doubtful.relation) == ("doubtful", "Sportpark") and "Sportpark" in doubtful.reason
    with entered(alice):
        heard = Participant.objects.get(moment_id=str(doubtful.moment_id), role="to")
        assert (heard.relation_id, heard.heard_name) == (None, "Sportpark")

    swapped = CII.replace(b"BuyerTrade", b"XTrade").replace(b"SellerTrade", b"BuyerTrade")
    swapped = swapped.replace(b"XTrade", b"SellerTrade").replace(b"2026-17", b"S-1")
    [received] = bring(alice, tmp_path, b_xml=swapped)
    assert received.way == "inbound"
    strange = placed(CII.replace(b"Van Dijk Hekwerken", b"Iemand").replace(b"NL001234567B01", b"NL9"))
    assert [one.becomes for one in bring(alice, tmp_path, c_xml=strange)] == ["skipped"]
    assert [one.way for one in bring(alice, tmp_path, d_xml=strange, way="outbound")] == ["outbound"]


def paying(amount: str, names: str, place: int) -> bytes:
    """A statement with a payment of this amount that names these."""
    changed = GERMAN.replace(b"2512310102CR50,05", f"26022{place}022{place}CR{amount}".encode())
    return changed.replace(b"2026-17", names.encode()).replace(b"2026-1?227", names.encode())


def test_parts_are_added_up_and_several_are_paid_at_once(alice: User, park: Relation, tmp_path: Path) -> None:
    second = placed(CII).replace(b"2026-17", b"2026-18")
    bring(alice, tmp_path, a_xml=placed(CII), b_xml=second, c_sta=paying("400,00", "2026-17", 1))

    def seen() -> dict[str, tuple[Decimal, bool]]:
        with entered(alice):
            return {one.number: (one.paid, one.paid_on is not None) for one in bills_of(park.id)}

    assert seen() == {"2026-17": (Decimal(400), False), "2026-18": (Decimal(0), False)}
    with entered(alice):
        assert totals_of(bills_of(park.id))[0].sent_open == Decimal(2020)
    # A sum that is neither all of both nor tells which of them it is of.
    bring(alice, tmp_path, d_sta=paying("500,00", "2026-17 2026-18", 2))
    assert seen()["2026-17"] == (Decimal(400), False)
    bring(alice, tmp_path, e_sta=paying("2020,00", "2026-17 2026-18", 3))
    assert seen() == {"2026-17": (Decimal(1210), True), "2026-18": (Decimal(1210), True)}


def test_a_program_brings_documents_in_and_reads_them(alice: User, bob: User, park: Relation, calling: Calling) -> None:
    caller, files = calling(alice, "all"), [SimpleUploadedFile("a.xml", placed(CII)), SimpleUploadedFile("b.txt", b"x")]
    looked = caller.upload("/documents", files=files, dry="true").json()["items"]
    assert [one["becomes"] for one in looked] == ["new", "skipped"] and caller.read("/documents")["items"] == []
    files = [SimpleUploadedFile("a.xml", placed(CII)), SimpleUploadedFile("s.sta", paying("400,00", "2026-17", 1))]
    done = caller.upload("/documents", files=files, circle="me").json()["items"]
    assert [(one["becomes"], one["kind"]) for one in done] == [("new", "invoice"), ("new", "statement")]

    items = caller.read("/documents")["items"]
    assert {one["kind"] for one in items} == {"invoice", "statement"}
    [invoice] = caller.read("/documents", kind="invoice", number="2026-17")["items"]
    says = caller.read(f"/documents/{invoice['id']}")
    assert (says["amount"], says["says"]["buyer"]["name"], says["payments"]) == ("1210.000000", "Sportpark", [])
    first = caller.read("/documents", limit=1)
    [statement] = first["items"]
    assert "400.000000" in {one["amount"] for one in caller.read(f"/documents/{statement['id']}")["payments"]}
    assert len(caller.read("/documents", cursor=first["next"])["items"]) == 1
    bills = caller.read(f"/relations/{park.id}/invoices")
    assert [(one["number"], Decimal(one["paid"])) for one in bills["items"]] == [("2026-17", Decimal(400))]
    assert Decimal(bills["totals"][0]["sent_open"]) == Decimal(810)

    others = calling(bob, "all")
    assert others.read("/documents")["items"] == [] and others.get(f"/documents/{invoice['id']}").status_code == 404
    assert others.read(f"/relations/{park.id}/invoices")["items"] == []
