# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list as a file: exactly what it shows, in cells that carry nothing out, for who may."""

import csv
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from plein.core.ids import new_id
from plein.core.isolation import no_workspace
from plein.core.models import Operation
from plein.core.operations import operation
from plein.lists.export import actions, streaming
from plein.lists.export.actions import TooManyExports, export_list
from plein.lists.export.cells import SIGNS, UNSEEN, plain, safe
from plein.lists.export.streaming import Look, Stopped, file_name
from plein.lists.export.writers import Column, CsvWriter, JsonWriter, XlsxWriter
from plein.lists.fields import Chosen, Money, Ref, Value
from plein.lists.kinds import kind_of
from plein.lists.query import ViewQuery
from plein.relations.actions import create_person
from plein.testing.factories import make_person
from plein.trust.actions import change_password
from plein.trust.models import Seat, User
from plein.trust.seats import NoSeat, entered

type SignIn = Callable[[User], Client]
LETTERS = "=+-@|\uff1d'\"\n\r\t ;,0123 a(\ufeff\u200b\u2028"


def exported(user: User, view: dict[str, str], look: Look | None = None) -> bytes:
    """The file of a view of people."""
    with entered(user) as actor:
        made = export_list(
            actor=actor, query=ViewQuery.read(kind_of("person"), view), look=look or Look(with_bom=False)
        )
    return b"".join(made.pieces())


def rows(content: bytes, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator))


@given(st.text(alphabet=LETTERS, max_size=30) | st.text(max_size=30))
def test_a_text_comes_out_of_its_cell_as_it_went_in(text: str) -> None:
    assert plain(safe(text)) == text


@given(st.lists(st.lists(st.text(alphabet=LETTERS, max_size=12), min_size=1, max_size=3), min_size=1, max_size=4))
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_read_again_is_what_was_written(separator: str, written: list[list[str]]) -> None:
    writer = CsvWriter(separator=separator)
    content = writer.begin([Column("a", "A")]) + writer.write([new_id()] * len(written), written)

    assert [[plain(cell) for cell in row] for row in rows(content, separator)[1:]] == written


def test_no_cell_begins_a_formula_behind_anything_that_is_not_seen() -> None:
    hidden = ("", " ", "\t", "\r", "\n", "\u00a0", "\ufeff", "\u200b", "\u3000", "\u2028", "\x1f", '"', " \t\u200d")
    signs = "=+-@|\uff1d\uff0b\uff0d\uff20\uff5c\ufe66"
    for before in ("", "x\n", "x\r", "x;", "x,", "x\t", "x; "):
        for unseen in hidden:
            for sign in signs:
                cell = safe(f"{before}{unseen}{sign}cmd|' /C calc'!A0")
                for part in re.split(r"[,;\t\r\n\u2028]", cell):
                    first = re.sub(f"^[{UNSEEN}]*", "", part)[:1]
                    assert not first or not re.match(f"[{SIGNS}]", first), (before, unseen, sign, cell)


def test_numbers_and_plain_words_stay_as_they_are() -> None:
    for text in (
        "+31 6 1234 5678",
        "+31 (0)38-123",
        "-5",
        "Jansen - de Vries",
        "rik@example.com",
        "3 = 3",
        "Ommen",
        "",
    ):
        assert safe(text) == text
    assert safe("-5 graden") == "'-5 graden"


def test_every_sign_that_unicode_holds_equal_or_hides_is_known() -> None:
    unseen, signs = re.compile(f"[{UNSEEN}]"), re.compile(f"[{SIGNS}]")
    for letter in map(chr, range(0x110000)):
        if unicodedata.category(letter) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
            assert unseen.match(letter), hex(ord(letter))
        elif unicodedata.normalize("NFKC", letter) in ("=", "+", "-", "@", "|"):
            assert signs.match(letter), hex(ord(letter))


def test_the_file_holds_exactly_what_the_list_shows(alice: User) -> None:
    with entered(alice) as actor:
        for name, place in (("Rik van Dijk", "Zwolle"), ("Anna Bakker", "Ommen"), ("=HYPERLINK(1)", "Zwolle")):
            create_person(actor=actor, name=name, place=place, owner_id=actor.seat_id)

    whole = rows(exported(alice, {"columns": "place,owner"}))
    narrowed = rows(exported(alice, {"f": "place:is:Zwolle", "columns": "owner,place", "sort": "-name"}))
    grouped = rows(exported(alice, {"group": "place", "columns": "owner"}))

    assert whole[0] == ["Name", "Place", "Owner"]
    assert sorted(row[0] for row in whole[1:]) == ["'=HYPERLINK(1)", "Anna Bakker", "Rik van Dijk"]
    assert narrowed[0] == ["Name", "Owner", "Place"]
    assert [row[0] for row in narrowed[1:]] == ["Rik van Dijk", "'=HYPERLINK(1)"]
    assert grouped[0] == ["Place", "Name", "Owner"]
    assert [row[0] for row in grouped[1:]] == ["Ommen", "Zwolle", "Zwolle"]


def test_pages_of_any_size_make_the_same_file(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with entered(alice):
        for number in range(7):
            make_person(f"Henk {number}", place=("Ommen", "Zwolle")[number % 2])
    view = {"group": "place"}
    whole = exported(alice, view)

    for size in (1, 2, 3):
        monkeypatch.setattr(streaming, "BATCH", size)
        assert exported(alice, view) == whole
    assert len(rows(whole)) == 8


def test_cells_are_written_as_the_reader_writes_them(alice: User) -> None:
    values: list[Value] = [
        "-x", True, None, 3, Decimal("1234.50"), Money(Decimal("9.95")), Money(Decimal(1), "USD"), date(2026, 11, 24),
        datetime(2026, 11, 24, 10, 30, tzinfo=UTC), time(9, 5), Ref(None, "=Rik"), Chosen("a", "A"),
        ("een", Ref(None, "@twee")),
    ]  # fmt: skip
    columns = [Column(str(place), "") for place in range(len(values))]

    def line(language: str) -> list[str]:
        with translation.override(language):
            writer = CsvWriter(separator=";", with_bom=False)
            return rows(writer.begin(columns) + writer.write([new_id()], [values]), ";")[1]

    assert line("en") == [
        "'-x", "yes", "", "3", "1234.50", "9.95", "1 USD", "2026-11-24", "2026-11-24 11:30", "09:05", "'=Rik", "A",
        "een; '@twee",
    ]  # fmt: skip
    assert line("nl")[4:7] == ["1234,50", "9,95", "1 USD"]
    writer = JsonWriter()
    made = writer.begin(columns) + writer.write([new_id()], [values]) + b"".join(writer.end())
    kept = json.loads(made)[0]
    assert (kept["0"], kept["4"], kept["5"]) == ("-x", "1234.50", {"amount": "9.95", "currency": "EUR"})
    assert (kept["8"], kept["11"], kept["12"]) == (
        "2026-11-24T10:30:00+00:00",
        "a",
        ["een", {"id": None, "name": "@twee"}],
    )


def sheet_of(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def test_a_spreadsheet_has_real_numbers_and_days_and_no_formula() -> None:
    writer = XlsxWriter(name="People [all]: now?")
    folder = writer.folder.name
    values: list[Value] = [
        "=1+1", "http://example.com", Decimal("12.5"), Money(Decimal("9.95")), date(2026, 11, 24),
        datetime(2026, 11, 24, 10, 30, tzinfo=UTC), date(1850, 1, 1), time(12), True, ("a", "b"), "x" * 40_000,
    ]  # fmt: skip
    writer.begin([Column(str(place), "=head") for place in range(len(values))])
    writer.write([new_id()], [values])
    content = b"".join(writer.end())
    writer.close()
    sheet = sheet_of(content)

    assert "<f>" not in sheet and "hyperlink" not in sheet
    assert "=1+1" in sheet and "<v>12.5</v>" in sheet and "<v>9.95</v>" in sheet
    assert "<v>46350</v>" in sheet and "<v>46350.4791" in sheet and "1850-01-01" in sheet and "<v>0.5</v>" in sheet
    assert "x" * 32_767 in sheet and "x" * 32_768 not in sheet
    assert not Path(folder).exists(), "nothing stays on the disk"


def test_a_sheet_that_is_full_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(XlsxWriter, "MOST_ROWS", 3)
    writer = XlsxWriter(name="People")
    writer.begin([Column("name", "Name")])
    writer.write([new_id()] * 5, [[f"Henk {number}"] for number in range(5)])
    with zipfile.ZipFile(BytesIO(b"".join(writer.end()))) as archive:
        assert sum(name.startswith("xl/worksheets/sheet") for name in archive.namelist()) == 3
    writer.close()


def test_nobody_takes_along_what_they_may_not_see(alice: User, bob: User, charlie: User, gina: User) -> None:
    with entered(alice) as actor:
        create_person(actor=actor, name="Geheim", circle_key="me")
        make_person("Bekend")

    assert [row[0] for row in rows(exported(bob, {}))[1:]] == ["Bekend"]
    assert rows(exported(charlie, {}))[1:] == []
    with pytest.raises(PermissionDenied):
        exported(gina, {})


def test_what_is_large_is_remembered_and_limited(alice: User, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "REMEMBERED_ABOVE", 2)
    monkeypatch.setattr(actions, "REMEMBERED_ABOVE", 2)
    monkeypatch.setattr(streaming, "BATCH", 2)
    with entered(alice):
        for number in range(5):
            make_person(f"Henk {number}", place="Ommen" if number < 2 else "Zwolle")

    exported(alice, {"f": "place:is:Ommen"})
    with entered(alice):
        assert not Operation.objects.filter(verb="export_list").exists()
    for _number in range(5):
        exported(alice, {})
    with pytest.raises(TooManyExports, match="Wait"):
        exported(alice, {})
    exported(alice, {"f": "place:is:Ommen"})
    exported(bob, {})
    with entered(alice) as actor:
        facts = [one.facts for one in Operation.objects.filter(verb="export_list", seat_id=actor.seat_id)]
    assert facts == [{"kind": "person", "rows": 5, "format": "csv", "view": None}] * 5


def test_who_is_suspended_meanwhile_gets_no_further(alice: User, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "BATCH", 2)
    with entered(alice):
        for number in range(5):
            make_person(f"Henk {number}")

    def begun(**view: str) -> Any:
        with entered(bob) as actor:
            made = export_list(actor=actor, query=ViewQuery.read(kind_of("person"), view), look=Look())
        pieces = made.pieces()
        assert b"Henk 1" in next(pieces)
        return pieces

    first, second = begun(), begun()
    with entered(alice), operation("change_seat"):
        Seat.objects.filter(user=bob).update(role="guest")
    with pytest.raises(PermissionDenied):
        next(first)
    with entered(alice), operation("change_seat"):
        Seat.objects.filter(user=bob).update(is_active=False)
    with pytest.raises(NoSeat):
        next(second)


def test_a_view_that_changes_under_way_is_not_mixed(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "BATCH", 1)
    with entered(alice) as actor:
        make_person("Henk 0")
        make_person("Henk 1")
        made = export_list(actor=actor, query=ViewQuery.read(kind_of("person"), {}), look=Look())
    pieces = made.pieces()
    next(pieces)
    made.columns = ("", "name")
    with pytest.raises(Stopped):
        next(pieces)


def test_the_page_asks_and_sends(alice: User, bob: User, gina: User, signed_in: SignIn) -> None:
    with entered(alice):
        make_person("Henk", place="Zwolle")
        before = Operation.objects.count()
    address = reverse("lists:export", args=["person"])
    client = signed_in(bob)

    asked = client.get(address, {"f": "place:is:Zwolle"}, headers={"HX-Request": "true"}).content.decode()
    assert 'value="f=place%3Ais%3AZwolle"' in asked and "<html" not in asked
    sent = client.post(address, {"view": "f=place%3Ais%3AZwolle&columns=place", "format": "csv", "separator": ";"})
    assert (sent.status_code, sent["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert sent["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert b"".join(sent).decode() == "Name;Place\r\nHenk;Zwolle\r\n"
    sheet = client.post(address, {"view": "", "format": "xlsx"})
    assert "Henk" in sheet_of(b"".join(sheet))
    assert json.loads(b"".join(client.post(address, {"view": "", "format": "json"})))[0]["name"]["name"] == "Henk"
    assert client.post(address, {"view": "", "format": "exe"}).status_code == 422
    assert client.post(address, {"view": "f=place:is", "format": "csv"}).status_code in (200, 422)
    assert client.post(address, {"view": "f=nothing:is:x", "format": "csv"}).status_code == 422
    assert client.get(reverse("lists:export", args=["elephant"])).status_code == 404
    assert signed_in(gina).post(address, {"view": "", "format": "csv"}).status_code == 403
    with entered(alice):
        assert Operation.objects.count() == before


def test_too_many_large_ones_are_answered_with_how_long_to_wait(
    alice: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plein.lists.export.actions.REMEMBERED_ABOVE", 0)
    with entered(alice):
        make_person("Henk")
    client, address = signed_in(alice), reverse("lists:export", args=["person"])

    for _number in range(5):
        assert client.post(address, {"view": "", "format": "csv"}).status_code == 200
    refused = client.post(address, {"view": "", "format": "csv"})
    assert refused.status_code == 429 and 3500 < int(refused["Retry-After"]) <= 3600
    assert "Wait 60 minutes" in refused.content.decode()


def test_a_large_one_asks_once_more_who_one_is_and_then_comes(
    alice: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plein.lists.export.actions.REMEMBERED_ABOVE", 1)
    with entered(alice):
        make_person("Henk")
    with no_workspace("test"):
        change_password(user=alice, password="a long enough sentence")  # noqa: S106
    client, address, sent = signed_in(alice), reverse("lists:export", args=["person"]), {"view": "", "format": "csv"}
    with no_workspace("test"):
        session = client.session
        session.pop("proved_at")
        session.save()
    assert client.post(address, sent).streaming
    with entered(alice):
        make_person("Ingrid")

    asked = client.post(address, sent)
    assert "Is it you?" in asked.content.decode() and 'name="format" value="csv"' in asked.content.decode()
    made = client.post(address, sent | {"proof_password": "a long enough sentence"})
    assert made.streaming


@pytest.mark.parametrize(("name", "file"), [("People", "people"), ("../../étc/päss", "tc-p-ss"), ("", "list")])
def test_a_file_has_a_name_that_every_system_keeps(name: str, file: str) -> None:
    assert file_name(name) == file
