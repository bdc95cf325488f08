# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people decided, for programs."""

from plein.api.tests.conftest import Calling
from plein.consent.models import Decision, Purpose
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_decision, make_person
from plein.trust.circles import only_me
from plein.trust.seats import entered

ADDRESS = "henk@vandijk.example"


def test_a_program_notes_reads_and_turns_back_what_somebody_said(cast: Cast, calling: Calling) -> None:
    with entered(cast.alice):
        henk = make_person()
        make_contact_point(henk, "email", ADDRESS)
    caller = calling(cast.bob, "all")
    known = {one["key"]: one for one in caller.read("/purposes")["items"]}
    assert known["newsletter"]["words"]["benefit_nl"].startswith("U hoort als eerste")
    with entered(cast.bob):
        assert not Purpose.objects.exists()

    said = {"purpose": known["newsletter"]["id"], "state": "given", "how": "form", "address": ADDRESS.upper()}
    answer = caller.send("POST", f"/relations/{henk.id}/consents", json=said)
    made = answer.json()

    assert (answer.status_code, made["address"], made["kind"], made["state"]) == (201, ADDRESS, "email", "given")
    [line] = [one for one in caller.read(f"/relations/{henk.id}/consents")["items"] if one["key"] == "newsletter"]
    assert line["state"] == "never" and line["decisions"][0]["id"] == made["id"]
    assert [one["id"] for one in caller.read("/consents", state="given")["items"]] == [made["id"]]
    assert caller.read("/consents", state="refused")["items"] == []
    subject = caller.read(f"/subjects/{made['subject']}")
    assert subject["relation"] == str(henk.id) and subject["decisions"][0]["is_in_force"]

    caller.write("POST", f"/operations/{answer.headers['Plein-Operation']}/undo")
    [past] = caller.read(f"/subjects/{made['subject']}")["decisions"]
    assert not past["is_in_force"] and past["taken_back_at"]
    assert caller.read("/consents")["items"] == []


def test_many_are_noted_or_none(cast: Cast, calling: Calling) -> None:
    with entered(cast.alice):
        people = [make_person(name) for name in ("Rik", "Sanne")]
        hidden = make_person("Geheim", circle_id=only_me())
    caller = calling(cast.bob, "write")
    purpose = caller.read("/purposes")["items"][2]["id"]
    items = [{"relation": str(one.id), "purpose": purpose, "state": "refused", "how": "mail"} for one in people]

    wrong = caller.send("POST", "/consents", json={"items": [*items, {**items[0], "relation": str(hidden.id)}]})
    assert wrong.status_code == 422 and "nobody here" in wrong.json()["fields"]["relation"]
    with entered(cast.bob):
        assert not Decision.objects.exists()
    assert caller.write("POST", "/consents", {"items": items}) == {"recorded": 2}
    assert caller.write("POST", "/consents", {"items": items}) == {"recorded": 0}


def test_what_is_for_one_pair_of_eyes_is_not_listed_for_others(cast: Cast, calling: Calling) -> None:
    with entered(cast.alice) as actor:
        hidden = make_person("Geheim", circle_id=only_me())
        decision = make_decision(actor, hidden, "newsletter", "refused")
    mine, his = (calling(user, "all") for user in (cast.alice, cast.bob))

    assert len(mine.read("/consents")["items"]) == 1 and his.read("/consents")["items"] == []
    for path in (f"/subjects/{decision.subject_id}", f"/relations/{hidden.id}/consents"):
        assert (mine.get(path).status_code, his.get(path).status_code) == (200, 404)


def test_wrong_wishes_get_a_sentence(cast: Cast, calling: Calling) -> None:
    with entered(cast.alice):
        henk = make_person()
    caller = calling(cast.bob, "write")
    purpose = caller.read("/purposes")["items"][0]["id"]
    right = {"purpose": purpose, "state": "given", "how": "call"}

    for change, field in (
        ({"purpose": str(henk.id)}, "purpose"),
        ({"address": "geen adres@"}, "address"),
        ({"moment": str(henk.id)}, "moment"),
        ({"decided_at": "2099-01-01T10:00:00Z"}, "decided_at"),
    ):
        answer = caller.send("POST", f"/relations/{henk.id}/consents", json={**right, **change})
        assert answer.status_code == 422 and field in answer.json()["fields"], answer.content
    with entered(cast.bob):
        assert not Decision.objects.exists()


def test_a_program_stops_using_what_is_known_of_somebody_and_begins_again(cast: Cast, calling: Calling) -> None:
    with entered(cast.alice):
        henk = make_person()
    caller, path = calling(cast.alice, "all"), f"/relations/{henk.id}/restriction"

    assert caller.write("PUT", path, {"reason": "Asked us"})["is_restricted"] is True
    assert caller.read(path)["reason"] == "Asked us"
    assert calling(cast.charlie, "all").send("GET", path).status_code == 404
    assert calling(cast.bob, "all").send("DELETE", path).status_code == 403
    assert caller.send("DELETE", path).status_code == 204
    assert caller.read(path) == {"is_restricted": False, "since": None, "reason": "", "by": None}
    assert caller.send("DELETE", path).status_code == 422
