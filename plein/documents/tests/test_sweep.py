# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shared invoices and statements yield the figures that separate scripts counted; differences are explained."""

import json
import os
import re
import tarfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from plein.documents.files.documents import documents_in
from plein.documents.files.limits import Limits, Refused
from plein.documents.files.records import Document, Invoice, Statement

DATA = Path(os.environ.get("PLEIN_SWEEP_DATA", ".")) / "value"
pytestmark = pytest.mark.sweep
#: Rules that the files of SI-UBL 2.0 break and that are not among those Plein judges by: lists of codes, what stands
#: twice where it may stand once, sums by category, and the extension for blocked accounts.
NOT_JUDGED = ("BR-S-08", "UBL-CR-561", "UBL-SR-", "ext-gaccount")


def unpacked(name: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    with tarfile.open(DATA / name) as archive:
        archive.extractall(folder, filter="data")
    found: dict[str, Any] = json.loads((DATA / "expected.json").read_text())[name]
    return folder, found


def read(path: Path) -> list[Document]:
    try:
        return documents_in(path.read_bytes(), path.name, Limits())
    except Refused:
        return []


def _told(found: Invoice) -> dict[str, Any]:
    return {
        "id": found.number,
        "issue_date": str(found.issued_on),
        "currency": found.currency or None,
        "lines": len(found.lines),
        "payable": found.payable,
        "tax_exclusive": found.net,
        "supplier": [found.seller.name] if found.seller.name else [],
        "customer": [found.buyer.name] if found.buyer.name else [],
    }


def test_every_invoice_says_what_was_counted(tmp_path: Path) -> None:
    folder, expected = unpacked("ubl-invoices.tar.gz", tmp_path)
    total, read_well = Decimal(), 0
    for name, wanted in expected["per_file"].items():
        found = read(folder / name)
        if "id" not in wanted:
            # Orders are no invoices. The script that counted did not read CII; Plein does.
            assert len(found) == (wanted.get("root") == "CrossIndustryInvoice"), name
            continue
        [invoice] = found
        assert isinstance(invoice, Invoice)
        amounts = {key: wanted[key] and Decimal(wanted[key]) for key in ("payable", "tax_exclusive")}
        assert _told(invoice) == {key: wanted[key] for key in _told(invoice)} | amounts, name
        total += invoice.payable or 0
        read_well += 1
    assert read_well == 221
    # That script rounds to cents; one invoice has four decimals.
    assert total.quantize(Decimal("0.01")) == Decimal(str(expected["sum_payable"]))


def test_verdicts_on_invoices_of_the_present_standard(tmp_path: Path) -> None:
    """No honest invoice is called wrong; of those that are, Plein knows which."""
    folder, expected = unpacked("ubl-invoices.tar.gz", tmp_path)
    missed = []
    for name, wanted in expected["per_file"].items():
        if "SI-UBL-2.0" not in name or "id" not in wanted:
            continue
        [invoice] = read(folder / name)
        assert isinstance(invoice, Invoice)
        errors = any(flaw.is_error for flaw in invoice.flaws)
        verdict = "error" if errors else "warning" if invoice.flaws else "ok"
        if wanted["verdict"] == "ok":
            assert verdict == "ok", (name, invoice.flaws)
        elif verdict != wanted["verdict"]:
            missed.append(name)
    assert [name for name in missed if not any(part in name for part in NOT_JUDGED)] == []


def test_every_statement_in_camt(tmp_path: Path) -> None:
    folder, expected = unpacked("camt.tar.gz", tmp_path)
    for name, wanted in expected.items():
        found = [one for one in read(folder / name) if isinstance(one, Statement)]
        totals: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
        currencies = {}
        for number, statement in enumerate(found):
            for entry in statement.entries:
                totals[number, entry.place] += entry.amount
                currencies[number, entry.place] = entry.currency
        amounts = [(abs(sum), currencies[key], "CRDT" if sum >= 0 else "DBIT") for key, sum in totals.items()]
        assert (len(found), len(totals)) == (wanted["statements"], wanted["entries"]), name
        assert amounts == [(Decimal(amount), *rest) for amount, *rest in wanted["amounts"]], name


def _in_yaml(path: Path) -> list[Decimal]:
    """The amounts of the entries in the expected parse, which names Python objects and is read as text."""
    _before, _mark, rest = path.read_text().partition("\ntransactions:")
    number = r"!!python/object/apply:decimal.Decimal \['([-\d.]+)'\]"
    pattern = rf"    amount: !!python/object:mt940.models.\w+\n\s+amount: {number}"
    return [Decimal(one) for one in re.findall(pattern, rest)]


def test_every_statement_in_mt940(tmp_path: Path) -> None:
    folder, expected = unpacked("mt940.tar.gz", tmp_path)
    compared = 0
    for name, wanted in expected.items():
        found = [one for one in read(folder / name) if isinstance(one, Statement)]
        entries = [entry for statement in found for entry in statement.entries]
        if not wanted["tag20"]:
            # A piece of a message for somebody's unit test, without an account: no statement.
            assert found == [], name
            continue
        counted = (len(found), len(entries), sum(one.closing is not None for one in found))
        assert counted == (wanted["tag20"], wanted["statement_lines_61"], wanted["closing_62"]), name
        yaml = (folder / name).with_suffix(".yml")
        if yaml.exists() and (amounts := _in_yaml(yaml)):
            # The parse takes money that a reversal takes out again for money in; the bank's own balances say out.
            assert [abs(one.amount) if one.is_reversal else one.amount for one in entries] == amounts, name
            compared += len(amounts)
    assert compared > 150
