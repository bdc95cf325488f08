# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sample data of other systems, brought in as the tables they would hand over, against the figures expected of them."""

import csv
import gzip
import json
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from plein.imports.actions import Wishes
from plein.imports.models import ContactImport, LeftOut, MatchKey
from plein.imports.tests.test_contacts import bring
from plein.relations.models import ContactPoint, Membership, Relation
from plein.trust.models import User
from plein.trust.seats import entered

DATA = Path(os.environ.get("PLEIN_SWEEP_DATA", ".")) / "contacts"
pytestmark = pytest.mark.sweep


def expected(name: str) -> Any:
    return json.loads((DATA / "expected.json").read_text())[name]


def table(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def left_out(done: ContactImport) -> list[str]:
    return [f"{one.name}: {one.reason}" for one in LeftOut.objects.filter(contact_import=done)]


def congress(name: str) -> Any:
    return yaml.safe_load(gzip.decompress((DATA / "us-congress" / f"{name}.yaml.gz").read_bytes()))


def test_congress_is_everybody_once_with_each_committee_they_sit_in(alice: User, tmp_path: Path) -> None:
    wanted = expected("us-congress")
    people = congress("legislators-current")
    social = {one["id"]["bioguide"]: one["social"].get("twitter", "") for one in congress("legislators-social-media")}
    names = {one["id"]["bioguide"]: (one["name"]["first"], one["name"]["last"]) for one in people}
    head: tuple[str, ...] = ("first name", "last name", "twitter", "website")
    rows = [(*names[key], social.get(key, ""), one["terms"][-1].get("url", "")) for key, one in
            ((one["id"]["bioguide"], one) for one in people)]  # fmt: skip
    done = bring(alice, table(tmp_path / "people.csv", head, rows), Wishes(match=MatchKey.NOTHING))
    assert done.counts == {"new": wanted["people"]}

    # Who sits where, by the name on X: people without one are found by nothing else in these rows.
    seats = [(code, one) for code, members in congress("committee-membership-current").items() for one in members]
    assert len(seats) == wanted["membership_rows"]
    sits = [(*names[one["bioguide"]], social[one["bioguide"]], f"Committee {code}", one.get("title", ""))
            for code, one in seats if social.get(one["bioguide"])]  # fmt: skip
    head = ("first name", "last name", "twitter", "company", "title")
    again = bring(alice, table(tmp_path / "seats.csv", head, sits), Wishes(match=MatchKey.SEEMS))

    with entered(alice):
        assert set(again.counts) <= {"changed", "same"}, left_out(again)[:20]
        assert Relation.objects.filter(kind="person").count() == wanted["people"]
        assert ContactPoint.objects.filter(network="x").count() == wanted["twitter"]
        assert Relation.objects.filter(kind="organization").count() == len({code for code, _one in seats})
        assert Membership.objects.count() == len({(row[2].lower(), row[3]) for row in sits})


def northwind(what: str) -> list[list[str]]:
    text = gzip.decompress((DATA / "northwind-create.sql.gz").read_bytes()).decode()
    shape = rf"INSERT INTO {what}(?: \([^)]*\))?\s*VALUES\s*\((.*?)\);"
    found = []
    for values in re.findall(shape, text, re.DOTALL):
        cells = next(csv.reader([values.replace("\n", " ")], quotechar="'", skipinitialspace=True))
        found.append(["" if cell.strip() == "NULL" else cell for cell in cells])
    return found


def test_the_customers_and_suppliers_of_northwind_come_with_whom_to_ask_for(alice: User, tmp_path: Path) -> None:
    wanted = expected("northwind-create.sql.gz")
    customers, suppliers = northwind("Customers"), northwind("Suppliers")
    assert (len(customers), len(suppliers)) == (wanted["Customers"], wanted["Suppliers"])
    head = ("company name", "contact name", "contact title", "address", "city", "region", "postal code", "country",
            "phone", "fax")  # fmt: skip
    rows = [row[1:11] for row in [*customers, *suppliers]]
    done = bring(alice, table(tmp_path / "northwind.csv", head, rows), Wishes(match=MatchKey.NOTHING))

    named = [row for row in rows if row[1]]
    with entered(alice):
        assert done.counts.get("new", 0) + done.counts.get("changed", 0) == len(rows), left_out(done)[:20]
        assert Relation.objects.filter(kind="person").count() == len(named)
        firms = {" ".join(row[0].lower().split()) for row in rows}
        assert Relation.objects.filter(kind="organization").count() == len(
            {" ".join(one.lower().split()) for one in firms}
        )
        assert Membership.objects.count() == len([row for row in named if row[0]])


def test_the_accounts_of_salesforce_are_organizations_at_their_address(alice: User, tmp_path: Path) -> None:
    records = json.loads((DATA / "salesforce-ebikes" / "Accounts.json").read_text())["records"]
    head = [name for name in records[0] if name != "attributes"]
    rows = [[str(one.get(name, "")) for name in head] for one in records]
    head[0] = "Account Name"
    done = bring(alice, table(tmp_path / "accounts.csv", head, rows), Wishes())

    with entered(alice):
        assert done.counts == {"new": expected("salesforce-ebikes")["Accounts.json"]}, left_out(done)
        found = {one.name: one.place for one in Relation.objects.filter(kind="organization")}
        assert found == {one["Name"]: one["BillingCity"] for one in records}
        assert ContactPoint.objects.filter(kind="postal").count() == len(records)
