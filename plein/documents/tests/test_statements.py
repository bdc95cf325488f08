# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bank statements: exact amounts with their sign, who stands at the other end, and whether the sums are right."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from plein.documents.files.documents import NO_SUM, documents_in
from plein.documents.files.limits import Limits
from plein.documents.files.records import Statement

FIXTURES = Path(__file__).parent / "fixtures"
CAMT = (FIXTURES / "camt053.xml").read_bytes()
GERMAN = b""":20:T1
:25:50880050/0194787400888EUR
:28C:4/1
:60F:C251231EUR100,00
:61:2512310102CR50,05NTRFNONREF//0724710333343453
:86:166?00GUTSCHRIFT?20EREF+2026-17?21 SVWZ+Rechnung 2026-1?227?31DE14508800500194785000?32KARL
?33 KAUFMANN
:61:2601020102RCR0,05NTRFNONREF
:86:/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/SPORTP
ARK/REMI/FACTUUR 9/EREF/NOTPROVIDED
:62F:C260102EUR150,00
-
:86:The end
"""


def statements_in(data: bytes, name: str) -> list[Statement]:
    found = documents_in(data, name, Limits())
    assert all(isinstance(one, Statement) for one in found)
    return [one for one in found if isinstance(one, Statement)]


def test_mt940_of_a_dutch_bank() -> None:
    first, second = statements_in((FIXTURES / "rabobank.sta").read_bytes(), "rabobank.sta")

    assert (first.account, first.opening) == ("NL71RABO0123456789", Decimal(1000))
    assert first.closing == Decimal(965)
    assert [one.amount for one in first.entries] == [-25, -10] and first.flaws == ()
    assert (first.entries[0].name, first.entries[0].account) == ("CONTRA ACCOUNT HOLDER", "NL70ABNA0987654321")
    assert first.entries[1].text == "Reference 201301234"
    assert second.opened_on == date(2013, 1, 8)


def test_mt940_with_structure_and_a_reversal() -> None:
    [found] = statements_in(GERMAN, "konto.sta")
    paid, taken = found.entries

    assert (found.account, found.currency, found.flaws) == ("50880050/0194787400888", "EUR", ())
    # The day of booking has no year: it is the one nearest to the day of value.
    assert (paid.valued_on, paid.booked_on) == (date(2025, 12, 31), date(2026, 1, 2))
    assert (paid.amount, paid.name, paid.reference, paid.text) == (
        Decimal("50.05"),
        "KARL KAUFMANN",
        "2026-17",
        "Rechnung 2026-17",
    )
    assert (taken.amount, taken.is_reversal, taken.name, taken.reference) == (Decimal("-0.05"), True, "SPORTPARK", "")
    assert taken.text == "FACTUUR 9" and taken.account == "NL91ABNA0417164300"


def test_sums_that_are_not_right_are_said() -> None:
    [found] = statements_in(GERMAN.replace(b"EUR150,00", b"EUR151,00"), "konto.sta")
    assert [flaw.words for flaw in found.flaws] == [NO_SUM]


def test_camt() -> None:
    [found] = statements_in(CAMT, "camt.xml")
    [entry] = found.entries

    assert (found.account, found.owner, found.opening) == ("NL26VAYB8060476890", "FINPETROL", Decimal("18.15"))
    assert (entry.amount, entry.name, entry.account) == (Decimal("8.85"), "NAME NAME", "NL56AGDH9619008421")
    assert (entry.booked_on, entry.valued_on) == (date(2014, 12, 31), date(2015, 1, 2))


def test_the_payments_of_one_entry_are_told_apart_when_they_add_up() -> None:
    start, end = CAMT.index(b"<TxDtls>"), CAMT.index(b"</TxDtls>") + 9
    part = CAMT[start:end].replace(b'<Amt Ccy="SEK">0</Amt>', b'<Amt Ccy="EUR">%s</Amt>')
    for amounts, expected in (((b"8.00", b"0.85"), ["8.00", "0.85"]), ((b"8.00", b"0.80"), ["8.85"])):
        twice = b"".join(part.replace(b"%s", amount) for amount in amounts)
        [found] = statements_in(CAMT[:start] + twice + CAMT[end:], "camt.xml")
        assert [one.amount for one in found.entries] == [Decimal(one) for one in expected]
        assert {one.place for one in found.entries} == {1}
