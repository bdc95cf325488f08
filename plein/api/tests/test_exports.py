# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists as files, asked for and fetched: what comes out goes in again as it was, for whose eyes it is."""

import json
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plein.api.tests.conftest import Caller, Calling
from plein.core.ids import now
from plein.dav import exports
from plein.imports.models import ContactImport
from plein.imports.runner import Runner
from plein.lists.export import actions
from plein.moments.actions import plan_appointment
from plein.moments.actions.participants import Part
from plein.relations.actions import add_contact_point
from plein.testing.cast import Cast
from plein.testing.factories import make_membership, make_moment, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

COLUMNS = "place,country,language,email,phone,role,organization"


def fill(alice: User) -> None:
    with entered(alice) as actor:
        henk = make_person("Henk van Dijk", place="Zwolle", country="NL", language="nl")
        for text in ("henk@dijk.example", "+31612345678"):
            add_contact_point(actor=actor, relation=henk, text=text)
        make_membership(henk, make_organization("Dijk & Zoon", place="Ommen"), role="directeur")
        make_person("=Rik; de, Boer", place="Helsinki", country="FI", language="en")
        make_person("Geheim", circle_id=only_me())


def fetched(caller: Caller, **asked: Any) -> bytes:
    made = caller.write("POST", "/exports", asked)
    told = caller.read(f"/exports/{made['id']}")
    answer = caller.get(made["file"])
    assert answer.status_code == 200, answer.content
    assert told["id"] == made["id"] and not made["asks_for_proof"]
    return bytes(answer.fetched)


def brought_in(cast: Cast, caller: Caller, name: str, content: bytes, **choices: Any) -> dict[str, Any]:
    """The address book in Charlie's workspace, by the door: sent, mapped, looked at, and written."""
    sent = caller.upload("/imports/contacts", file=SimpleUploadedFile(name, content)).json()
    if choices:
        columns = [choices.get(heading, column) for heading, column in zip(sent["head"], sent["columns"], strict=True)]
        caller.write("POST", f"/imports/contacts/{sent['id']}/choices", {"columns": columns})
        with entered(cast.charlie):
            ContactImport.objects.filter(id=sent["id"]).update(state="preview")
    caller.write("POST", f"/imports/contacts/{sent['id']}/start")
    done = Runner(cast.charlie, cast.elsewhere, UUID(sent["id"])).run()
    return {"counts": done.counts, "head": sent["head"], "columns": sent["columns"]}


def rows_of(caller: Caller, list_: str = "people") -> list[dict[str, Any]]:
    """A list without what is different in every workspace."""
    found = json.loads(fetched(caller, list=list_, format="json", columns=COLUMNS if list_ == "people" else "place"))
    for row in found:
        del row["id"]
        row |= {key: cell["name"] for key, cell in row.items() if isinstance(cell, dict)}
    return sorted(found, key=lambda row: str(row["name"]))


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods", "json", "vcard"])
def test_people_come_in_as_they_went_out(cast: Cast, calling: Calling, format: str) -> None:
    fill(cast.alice)
    bob, charlie = calling(cast.bob, "all"), calling(cast.charlie, "all")
    before = rows_of(bob)

    content = fetched(bob, list="people", format=format, columns=COLUMNS)
    if format == "vcard":
        brought_in(cast, charlie, "firms.vcf", fetched(bob, list="organizations", format="vcard"))
    done = brought_in(cast, charlie, f"people.{format}", content)

    assert done["counts"]["new"] == 2, done
    assert [row["name"] for row in before] == ["=Rik; de, Boer", "Henk van Dijk"]
    # On a card there is no language.
    untold = {"language": None} if format == "vcard" else {}
    assert rows_of(charlie) == [row | untold for row in before]
    assert b"Geheim" not in content


def test_organizations_come_in_as_they_went_out(cast: Cast, calling: Calling) -> None:
    fill(cast.alice)
    bob, charlie = calling(cast.bob, "all"), calling(cast.charlie, "all")
    content = fetched(bob, list="organizations", format="csv", columns="place")

    brought_in(cast, charlie, "firms.csv", content, Name="organization")

    assert rows_of(charlie, "organizations") == rows_of(bob, "organizations")


def test_the_agenda_goes_out_as_a_calendar_and_as_tables(cast: Cast, calling: Calling) -> None:
    with entered(cast.alice) as actor:
        henk = make_person("Henk")
        soon, part = now() + timedelta(days=1), [Part(henk.id)]
        plan_appointment(actor=actor, occurred_at=soon, participants=part, subject="Offerte bespreken")
        make_moment(henk, kind="email", title="Nieuwsbrief")
    alice = calling(cast.alice, "read")

    calendar = fetched(alice, list="calendar", format="ics").decode()
    tables = {name: fetched(alice, list="calendar", format=name) for name in ("csv", "xlsx", "ods", "json")}
    moments = json.loads(fetched(alice, list="moments", format="json"))

    assert calendar.count("BEGIN:VEVENT") == 1 and "Offerte bespreken" in calendar
    assert "Offerte" in tables["csv"].decode() and "Nieuwsbrief" not in tables["csv"].decode()
    assert len(json.loads(tables["json"])) == 1 and tables["xlsx"][:2] == tables["ods"][:2] == b"PK"
    assert len(moments) == 2


def test_only_who_asked_may_fetch_and_only_what_there_is(
    cast: Cast, calling: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(cast.alice)
    bob, guest = calling(cast.bob, "read"), calling(cast.gina, "all")
    made = bob.write("POST", "/exports", {"list": "people", "format": "csv", "filter": "place:is:Zwolle"})

    assert made["rows"] == 1
    assert calling(cast.alice, "read").get(made["file"]).status_code == 404
    assert bob.get(f"/exports/{made['id'][:-2]}xx").status_code == 404
    assert guest.send("POST", "/exports", json={"list": "people"}).status_code == 403
    for wrong in (
        {"list": "people", "format": "ics"},
        {"list": "moments", "format": "vcard"},
        {"list": "people", "filter": "nothing:is:x"},
        {"list": "people", "columns": "nothing"},
        {"list": "elephants"},
        {"list": "people", "format": "exe"},
    ):
        assert bob.send("POST", "/exports", json=wrong).status_code == 422, wrong
    monkeypatch.setattr(exports, "GOOD_FOR", timedelta(seconds=-1))
    assert bob.get(made["file"]).status_code == 404


def test_a_large_one_asks_for_a_proof_and_not_too_often(
    cast: Cast, calling: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(cast.alice)
    monkeypatch.setattr(actions, "REMEMBERED_ABOVE", 1)
    # By name: what the package calls `exports` is its router.
    monkeypatch.setattr(import_module("plein.dav.api.exports"), "REMEMBERED_ABOVE", 1)
    plain, proven = calling(cast.bob, "read", is_proven=False), calling(cast.bob, "read")

    assert plain.send("POST", "/exports", json={"list": "people"}).status_code == 403
    made = proven.write("POST", "/exports", {"list": "people"})
    assert made["asks_for_proof"] and plain.get(made["file"]).status_code == 403
    assert [proven.get(made["file"]).status_code for _number in range(6)] == [200] * 5 + [429]
