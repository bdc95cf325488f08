# SPDX-License-Identifier: AGPL-3.0-or-later
"""Statements in CODA: a fixed place for each fact, parts that are payments, references that were checked in Belgium."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plein.documents.files.coda import OTHER_COUNT
from plein.documents.files.coda_words import belgian_iban, belgian_ways
from plein.documents.files.documents import NO_SUM
from plein.documents.files.records import Statement
from plein.documents.tests.test_statements import statements_in

SAMPLE = (Path(__file__).parent / "fixtures" / "febelfin.cod").read_bytes()
ACCOUNT = "BE68539007547034"


def line(*pieces: tuple[int, str]) -> str:
    """A line with words at their places, counted from one as the standard does."""
    signs = [" "] * 128
    for place, words in pieces:
        signs[place - 1 : place - 1 + len(words)] = words
    assert len(signs) == 128
    return "".join(signs)


def money(euros: str) -> str:
    return f"{int(Decimal(euros).copy_abs() * 1000):015}"


def sign(euros: str) -> str:
    return "1" if euros.startswith("-") else "0"


def moved(sequence: int, detail: int, euros: str, said: str, kind: str = "0", way: str = "0") -> str:
    return line((1, "21"), (3, f"{sequence:04}{detail:04}"), (11, "BANKREF"), (32, sign(euros)), (33, money(euros)),
                (48, "020126"), (54, f"{kind}0150000"), (62, way), (63, said[:53]), (116, "030126"))  # fmt: skip


def second(sequence: int, detail: int, said: str = "", customer: str = "", back: str = "") -> str:
    return line((1, "22"), (3, f"{sequence:04}{detail:04}"), (11, said[:53]), (64, customer), (113, back))


def third(sequence: int, detail: int, account: str, name: str, said: str = "") -> str:
    return line((1, "23"), (3, f"{sequence:04}{detail:04}"), (11, account), (48, name), (83, said))


def statement(*lines: str, opening: str = "100.00", closing: str = "100.00", out: str = "0", into: str = "0") -> str:
    head = line((1, "0"), (6, "030126"), (12, "539"), (15, "05"), (25, "FILE1"), (128, "2"))
    first = line((1, "12001"), (6, ACCOUNT), (40, "EUR"), (43, sign(opening)), (44, money(opening)), (59, "010126"),
                 (65, "Acme NV"), (126, "007"))  # fmt: skip
    last = line((1, "8001"), (5, ACCOUNT), (42, sign(closing)), (43, money(closing)), (58, "030126"))
    end = line((1, "9"), (17, "000000"), (23, money(out)), (38, money(into)), (128, "2"))
    return "\r\n".join([head, first, *lines, last, end]) + "\r\n"


def the_one(text: str, name: str = "a.cod") -> Statement:
    [found] = statements_in(text.encode(), name)
    return found


def test_a_sample_of_a_bank() -> None:
    [found] = statements_in(SAMPLE, "CODA.txt")

    assert (found.syntax, found.number, found.account, found.owner) == (
        "CODA", "001 00099449", "BE47435000000080", "Testgebruiker21",
    )  # fmt: skip
    assert (found.opening, found.closing) == (Decimal(), Decimal("9405296.99"))
    assert found.closed_on == date(2006, 12, 7) and not found.flaws
    assert len({one.place for one in found.entries}) == 59
    # Wages that went to the bank as one amount are payments of their own.
    assert [(one.amount, one.name) for one in found.entries if one.place == 8][0] == (
        Decimal("-747.69"), "JANSSENS TUUR",
    )  # fmt: skip
    assert [one.reference for one in found.entries if one.place == 53] == ["269021157996"]
    # One payment with its charges stays one.
    assert [one.amount for one in found.entries if one.place == 4] == [Decimal("30.86")]


def test_words_are_joined_over_the_lines_and_information_says_more() -> None:
    said = "Invoice 2026-17 of January, and what was left open of Dec"
    lines = [
        moved(1, 0, "50.05", said),
        second(1, 0, said[53:] + "ember" + " " * 40, customer="NOTPROVIDED", back="2AC04"),
        third(1, 0, "NL91ABNA0417164300                EUR", "", said="2025"),
        line((1, "31"), (3, "00010001"), (11, "BANKREF"), (40, "1"), (41, "001Jansen BV")),
        line((1, "31"), (3, "00010002"), (11, "BANKREF"), (40, "0"), (41, "With thanks")),
        line((1, "32"), (3, "00010002"), (11, "from us")),
    ]
    [entry] = the_one(statement(*lines, closing="150.05", into="50.05")).entries

    assert (entry.amount, entry.currency, entry.bank_reference) == (Decimal("50.05"), "EUR", "BANKREF")
    assert (entry.booked_on, entry.valued_on) == (date(2026, 1, 3), date(2026, 1, 2))
    assert (entry.name, entry.account, entry.reference) == ("Jansen BV", "NL91ABNA0417164300", "")
    assert entry.text.startswith("Invoice 2026-17 of January, and what was left open of December")
    assert entry.text.endswith("With thanks from us")
    assert entry.is_reversal


@pytest.mark.parametrize(
    ("said", "reference", "text"),
    [("101123456789002", "123456789002", ""), ("102123456789002", "123456789002", ""),
     ("100RF18539007547034", "RF18539007547034", ""),
     ("127" + "020126" + "110" + "CREDITOR".ljust(35) + "MANDATE-9".ljust(35) + "Water in January", "MANDATE-9",
      "Water in January"),
     ("113" + "1" * 40, "", "")],
)  # fmt: skip
def test_what_stands_in_a_structure_is_a_reference(said: str, reference: str, text: str) -> None:
    lines = [moved(1, 0, "-5.00", said, way="1"), second(1, 0, said[53:106])]
    [entry] = the_one(statement(*lines, closing="95.00", out="5.00")).entries
    assert (entry.amount, entry.reference, entry.text) == (Decimal("-5.00"), reference, text)


def test_payments_that_were_put_together_are_told_apart_when_they_add_up() -> None:
    whole = [moved(1, 0, "30.00", "Terminal", "1"), third(1, 0, "", "Shop")]
    for kind, amounts, expected in (("5", "10 20", "10 20"), ("5", "10 19.99", "30"), ("8", "10 20", "30"),
                                    ("6", "30", "30")):  # fmt: skip
        parts = [moved(1, number, one, f"Part {number}", kind) for number, one in enumerate(amounts.split(), 1)]
        found = the_one(statement(*whole, *parts, closing="130.00", into="30.00"))
        assert [one.amount for one in found.entries] == [Decimal(one) for one in expected.split()]
        assert {(one.place, one.name) for one in found.entries} == {(1, "Shop")}
        assert found.flaws == ()


def test_what_does_not_add_up_is_said() -> None:
    lines = (moved(1, 0, "50.00", ""), moved(2, 0, "-20.005", ""))
    right = statement(*lines, closing="129.995", into="50.00", out="20.005")

    assert the_one(right).flaws == ()
    assert the_one(right).closing == Decimal("129.995")
    without = right.replace(lines[1] + "\r\n", "")
    assert [one.words for one in the_one(without).flaws] == [OTHER_COUNT, NO_SUM]


def test_files_as_they_travel() -> None:
    one = statement(moved(1, 0, "50.00", "Café"), closing="150.00", into="50.00")
    rows = one.replace("\r\n", "")
    trimmed = "\n".join(part.rstrip() for part in one.split("\r\n"))

    first, again = statements_in((one + one).encode("cp1252"), "two.cod")
    assert first == again == the_one(rows) == the_one(trimmed, "CODA.txt")
    assert [entry.text for entry in first.entries] == ["Café"]
    assert statements_in(one.replace("2\r\n12001", "1\r\n12001").encode(), "version-1.cod") == []


def test_an_account_of_before_there_were_ibans() -> None:
    assert belgian_iban("539007547034") == ACCOUNT
    assert belgian_iban("539007547035") == "539007547035"


def test_a_reference_of_an_invoice_is_known_however_it_is_written() -> None:
    ways = ("123456789002", "123/4567/89002")
    for written in ("+++123/4567/89002+++", "***123/4567/89002***", "123456789002"):
        assert belgian_ways(written) == ways
    assert belgian_ways("123456789003") == belgian_ways("2026-17") == ()
