# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the pages do, through the REST door: each write by its form, with its version, as one operation."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plein.api.tests.bodies import PNG
from plein.api.tests.conftest import Caller, Calling
from plein.api.tests.world import World, fill
from plein.core.ids import new_id, now
from plein.metadata.actions import add_field, add_group
from plein.moments.models import MomentSubject
from plein.testing.cast import Cast
from plein.trust.seats import entered


@pytest.fixture
def world(cast: Cast) -> World:
    return fill(cast.alice)


@pytest.fixture
def caller(cast: Cast, calling: Calling) -> Caller:
    return calling(cast.bob, "write")


def refused(caller: Caller, method: str, path: str, json: Any, status: int = 422) -> Any:
    answer = caller.send(method, path, json=json)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_a_person_is_added_with_what_is_at_hand(caller: Caller, world: World) -> None:
    sent = {
        "kind": "person",
        "name": "Rik van Dijk",
        "email": "Rik@VanDijk.example",
        "phone": "06 1234 5678",
        "organization": "Van Dijk Installatietechniek",
        "role": "zoon",
        "place": "Ommen",
        "audience": "me",
    }

    answer = caller.send("POST", "/relations", json=sent)
    person = answer.json()

    assert answer.status_code == 201 and (person["given_name"], person["infix"]) == ("Rik", "van")
    assert [point["value"] for point in person["contact_points"]] == ["rik@vandijk.example", "+31612345678"]
    assert person["memberships"][0]["relation"]["id"] == str(world.organization)
    assert person["seen_by"] == "Only you see this"
    caller.write("POST", f"/operations/{answer.headers['Plein-Operation']}/undo")
    assert caller.get(f"/relations/{person['id']}").status_code == 404


def test_the_form_of_the_page_says_what_is_wrong(caller: Caller, world: World) -> None:
    assert refused(caller, "POST", "/relations", {"kind": "person", "name": " "})["fields"] == {
        "name": "A name is needed, the rest can come later."
    }
    wrong = refused(caller, "POST", "/relations", {"kind": "person", "name": "A", "email": "geen adres"})
    assert "email" in wrong["fields"]
    assert (
        "organization"
        in refused(caller, "POST", "/relations", {"kind": "organization", "name": "A", "organization": "B"})["fields"]
    )
    assert (
        "audience"
        in refused(caller, "POST", "/relations", {"kind": "person", "name": "A", "audience": "team:x"})["fields"]
    )
    path = f"/relations/{world.person}"
    assert "country" in refused(caller, "PATCH", path, {"version": 1, "country": "XX"})["fields"]
    assert "name" in refused(caller, "PATCH", path, {"version": 1, "name": "Iemand Anders"})["fields"]
    assert "owner_id" in refused(caller, "PATCH", path, {"version": 1, "owner_id": str(new_id())})["fields"]
    assert "version" in refused(caller, "PATCH", path, {"place": "Ommen"})["fields"]
    dates = {"relation": str(world.organization), "starts_on": "2024-02-01", "ends_on": "2023-02-01"}
    assert "ends_on" in refused(caller, "POST", f"{path}/memberships", dates)["fields"]
    assert (
        "relation"
        in refused(caller, "POST", f"{path}/ties", {"relation": str(new_id()), "kind": "knows:out"})["fields"]
    )
    body = {"kind": "visit", "relation": str(world.person)}
    assert "text" in refused(caller, "POST", "/moments", body)["fields"]
    assert (
        "occurred_at"
        in refused(caller, "POST", "/moments", {**body, "text": "x", "occurred_at": "2199-01-01T00:00:00Z"})["fields"]
    )


def test_an_edit_changes_what_was_sent_and_nothing_else(caller: Caller, world: World) -> None:
    path = f"/relations/{world.person}"
    before = caller.read(path)

    after = caller.write("PATCH", path, {"version": before["version"], "given_name": "Henk", "family_name": "Dijkstra"})

    assert after["name"] == "Henk Dijkstra" and after["place"] == before["place"]
    assert after["version"] > before["version"]


def test_who_was_second_gets_both_values_and_loses_nothing(caller: Caller, world: World) -> None:
    path = f"/relations/{world.person}"
    version = caller.read(path)["version"]
    caller.write("PATCH", path, {"version": version, "place": "Hattem"})

    told = refused(caller, "PATCH", path, {"version": version, "place": "Ommen"}, 409)

    assert told["code"] == "conflict" and told["version"] == caller.read(path)["version"]
    assert told["conflicts"] == {"place": {"theirs": "Hattem", "yours": "Ommen"}}
    assert caller.read(path)["place"] == "Hattem"


def test_parts_of_a_relation_are_added_changed_and_taken_away(caller: Caller, world: World) -> None:
    path = f"/relations/{world.person}"
    point = caller.write("POST", f"{path}/contact-points", {"text": "038 123 4567", "label": "thuis"})
    assert caller.write("PATCH", f"{path}/contact-points/{point['id']}", {"label": "werk"})["value"] == "+31381234567"
    caller.write("POST", f"{path}/contact-points/{point['id']}/revoke")
    assert [one["id"] for one in caller.read(path)["revoked_contact_points"]] == [point["id"]]
    caller.write("POST", f"{path}/contact-points/{point['id']}/restore")
    tie = caller.write("POST", f"{path}/ties", {"relation": str(world.organization), "kind": "advised:in"})
    assert tie["words"] == "advised by"
    caller.write("DELETE", f"{path}/ties/{tie['id']}")
    [role] = caller.read(path)["memberships"]
    caller.write("POST", f"{path}/memberships/{role['id']}/end")
    interest = caller.write("POST", f"{path}/interests", {"text": "Schaken"})
    day = caller.write("POST", f"{path}/dates", {"kind": "birthday", "on": "1969-07-20"})
    label = caller.write("POST", f"{path}/tags", {"name": "klant"})
    caller.write("PUT", f"{path}/favourite", {"is_favourite": True})

    person = caller.read(path)

    assert person["is_favourite"] and label["id"] in [one["id"] for one in person["tags"]]
    assert interest["id"] in [one["id"] for one in person["interests"]]
    assert day["id"] in [one["id"] for one in person["dates"]]
    for part in (f"interests/{interest['id']}", f"dates/{day['id']}", f"tags/{label['id']}"):
        caller.write("DELETE", f"{path}/{part}")
    assert [one["name"] for one in caller.read(path)["tags"]] == ["Vaste klant"]


def test_a_photo_goes_up_comes_down_and_goes_away(caller: Caller, world: World) -> None:
    path = f"/relations/{world.person}/photo"

    assert caller.upload(path, photo=SimpleUploadedFile("a.txt", b"text")).status_code == 422
    assert caller.upload(path, photo=SimpleUploadedFile("a.png", PNG)).status_code == 204
    assert caller.get(path).content == PNG
    caller.write("DELETE", path)
    assert caller.get(path).status_code == 404


def test_a_moment_of_every_kind_is_recorded_read_changed_and_removed(caller: Caller, world: World) -> None:
    made = {}
    for kind in ("visit", "call", "voicemail", "meeting", "letter", "email", "text", "chat", "post", "note"):
        moment = caller.write(
            "POST",
            "/moments",
            {"kind": kind, "relation": str(world.person), "people": [str(world.organization)], "text": f"Een {kind}."},
        )
        assert moment["kind"] == kind and moment["text"] == f"Een {kind}."
        assert {str(world.person), str(world.organization)} <= {part["relation"] for part in moment["participants"]}
        made[kind] = moment
    call = made["call"]
    changed = caller.write(
        "PATCH", f"/moments/{call['id']}", {"version": call["version"], "outcome": "Akkoord", "title": "Dak"}
    )
    assert (changed["outcome"], changed["title"], changed["text"]) == ("Akkoord", "Dak", "Een call.")
    told = refused(caller, "PATCH", f"/moments/{call['id']}", {"version": call["version"], "outcome": "Nee"}, 409)
    assert told["conflicts"] == {"outcome": {"theirs": "Akkoord", "yours": "Nee"}}
    caller.write("DELETE", f"/moments/{call['id']}")
    assert caller.get(f"/moments/{call['id']}").status_code == 404


def test_an_appointment_is_planned_and_takes_place(caller: Caller, world: World) -> None:
    at = (now() + timedelta(days=3)).isoformat()
    body = {"kind": "visit", "relation": str(world.person), "subject": "Dak", "occurred_at": at}
    planned = caller.write("POST", "/appointments", body)
    other = caller.write("POST", "/appointments", body)
    assert planned["state"] == "planned" and planned["ends_at"]

    done = caller.write(
        "POST", f"/moments/{planned['id']}/complete", {"version": planned["version"], "outcome": "Akkoord"}
    )
    off = caller.write("POST", f"/moments/{other['id']}/cancel", {"version": other["version"]})

    assert (done["state"], done["outcome"], off["state"]) == ("done", "Akkoord", "cancelled")
    assert refused(caller, "POST", f"/moments/{other['id']}/complete", {"version": 1}, 409)["code"] == "conflict"


def test_a_series_is_planned_for_oneself_from_its_first_second(cast: Cast, caller: Caller, world: World) -> None:
    body = {"kind": "meeting", "relation": str(world.person), "subject": "Overname", "circle": "me"}
    plan = {"repeat": "FREQ=WEEKLY;COUNT=3"}
    caller.write("POST", "/appointments", body | {"occurred_at": (now() + timedelta(days=1)).isoformat(), "plan": plan})
    for user, count in ((cast.bob, 3), (cast.alice, 0)):
        with entered(user):
            assert MomentSubject.objects.filter(title="Overname").count() == count
    wrong = body | {"occurred_at": now().isoformat(), "plan": {"repeat": "FREQ=NOOIT"}}
    assert "repeat" in refused(caller, "POST", "/appointments", wrong, 422)["fields"]


def test_files_go_up_and_down_and_a_participant_is_corrected(caller: Caller, world: World) -> None:
    path = f"/moments/{world.moment}"
    answer = caller.upload(f"{path}/files", files=[SimpleUploadedFile("dak.txt", b"pannen")])
    [file] = answer.json()["items"]
    assert answer.status_code == 201 and caller.get(f"/files/{file['id']}").fetched == b"pannen"
    caller.write("DELETE", f"/files/{file['id']}")
    assert caller.get(f"/files/{file['id']}").status_code == 404
    participant = world.ids["participant_id"]

    moment = caller.write("PUT", f"{path}/participants/{participant}", {"relation": None})

    [part] = [one for one in moment["participants"] if one["id"] == participant]
    assert part["relation"] is None
    assert (
        "relation"
        in refused(caller, "PUT", f"{path}/participants/{participant}", {"relation": str(new_id())})["fields"]
    )


def test_a_follow_up_becomes_a_to_do_that_is_ticked_and_unticked(caller: Caller, world: World) -> None:
    todo = caller.write("POST", f"/moments/{world.moment}/follow-up", {"due_on": "2030-01-02"})
    assert (todo["title"], todo["due_on"], todo["moment"]) == ("Nabellen", "2030-01-02", str(world.moment))
    path = f"/todos/{todo['id']}"

    todo = caller.write("PATCH", path, {"version": todo["version"], "due_at": "13:30", "relation": str(world.person)})
    assert todo["due_at"] == "13:30" and todo["relation"]["name"] == "Henk van Dijk" and todo["due_on"] == "2030-01-02"
    assert caller.write("POST", f"{path}/tick")["done_at"]
    assert [one["id"] for one in caller.read("/todos", done="true")["items"]] == [todo["id"]]
    assert caller.write("POST", f"{path}/untick")["done_at"] is None
    caller.write("DELETE", path)
    assert caller.get(path).status_code == 404


def test_a_draft_is_kept_for_oneself(cast: Cast, calling: Calling, caller: Caller, world: World) -> None:
    path = f"/relations/{world.person}/draft"

    caller.write("PUT", path, {"kind": "call", "text": "Half gesch"})

    assert caller.read(path)["content"]["text"] == "Half gesch"
    assert calling(cast.alice).read(path)["content"] == {}
    caller.write("DELETE", path)
    assert caller.read(path)["content"] == {}


def test_many_relations_are_filed_given_away_and_removed_at_once(caller: Caller, world: World) -> None:
    ids = [str(world.person), str(world.organization), str(world.hidden_person), str(new_id())]

    tagged = caller.write("POST", "/relations/tagged", {"ids": ids, "name": "Beurs"})
    removed = caller.write("POST", "/relations/removed", {"ids": ids})

    assert (tagged["count"], removed["count"]) == (2, 2)
    caller.write("POST", f"/operations/{removed['operation']}/undo")
    assert caller.read(f"/relations/{world.person}")["tags"]


def test_who_hides_a_relation_from_themselves_is_told_that_nothing_was_done(caller: Caller, world: World) -> None:
    caller.write("PUT", f"/relations/{world.person}/audience", {"audience": "me"})

    assert caller.read(f"/relations/{world.person}")["seen_by"] == "Only you see this"
    assert (
        "audience"
        in refused(caller, "PUT", f"/relations/{world.person}/audience", {"audience": "team:elders"})["fields"]
    )
    assert refused(caller, "PUT", f"/moments/{world.moment}/audience", {"text": "team:elders"})["fields"]


def test_own_fields_are_written_and_read_beside_ours(cast: Cast, caller: Caller, world: World) -> None:
    with entered(cast.alice) as alice:
        group = add_group(actor=alice, name_nl="Zaken", name_en="Business")
        details = {"label_en": "Budget", "kinds": ["person", "moment"]}
        add_field(actor=alice, group=group, type="number", key="budget", details=details)
    path = f"/relations/{world.person}"
    before = caller.read(path)
    assert before["custom"] == {"segment": None, "budget": None}

    after = caller.write("PATCH", path, {"version": before["version"], "custom": {"budget": 1200}})

    assert after["custom"]["budget"] == 1200 and caller.read(path, fields="custom.budget") == {
        "custom": {"budget": 1200}
    }
    sent = {"version": after["version"], "custom": {"budget": "veel", "onbekend": 1}}
    assert refused(caller, "PATCH", path, sent)["fields"].keys() == {"custom.budget", "custom.onbekend"}
    group_id = next(iter(after["custom_versions"]))
    late = {"version": after["version"], "custom": {"budget": 9}, "custom_versions": {group_id: 1}}
    caller.write("PATCH", path, {"version": after["version"], "custom": {"budget": 1300}})
    told = refused(caller, "PATCH", path, late, 409)
    assert told["conflicts"] == {"custom.budget": {"theirs": 1300, "yours": 9}}
    moment = caller.write("POST", "/moments", {"kind": "call", "relation": str(world.person), "text": "x",
                                               "custom": {"budget": 5}})  # fmt: skip
    assert moment["custom"] == {"budget": 5}


def test_many_rows_are_changed_followed_and_turned_back(caller: Caller, world: World) -> None:
    acts = {one["act"]: one for one in caller.read("/lists/person/acts")["items"]}
    assert acts["tag"]["fields"][0]["name"] == "name" and acts["delete"]["is_removal"]

    run = caller.write("POST", "/lists/person/acts/tag", {"view": "f=place:is:Zwolle", "values": {"name": "Beurs"}})

    assert (run["total"], run["changed"], run["look"]) == (1, 1, "done")
    assert "Beurs" in [one["name"] for one in caller.read(f"/relations/{world.person}")["tags"]]
    assert caller.write("POST", f"/runs/{run['id']}/undo")["look"] == "undone"
    assert refused(caller, "POST", f"/runs/{run['id']}/pause", None, 409)["code"] == "not_possible"
    path = "/lists/person/acts/tag"
    assert "view" in refused(caller, "POST", path, {"view": "f=nope:is:1", "values": {"name": "x"}})["fields"]
    assert (
        "values.name" in refused(caller, "POST", path, {"ids": [str(world.person)], "values": {"name": ""}})["fields"]
    )
    assert "ids" in refused(caller, "POST", path, {"values": {"name": "x"}})["fields"]
    assert refused(caller, "POST", "/lists/person/acts/melt", {"ids": [str(world.person)]}, 404)
    assert caller.read("/runs")["items"][0]["id"] == run["id"]


def test_a_view_is_kept_read_changed_and_removed(cast: Cast, calling: Calling, caller: Caller, world: World) -> None:
    body = {"kind": "person", "name": "In Zwolle", "query": "f=place:is:Zwolle", "audience": "everyone"}
    view = caller.write("POST", "/views", body)
    path = f"/views/{view['id']}"

    assert [row["name"] for row in calling(cast.gina).read(f"{path}/rows")["items"]] == ["Henk van Dijk"]
    assert refused(calling(cast.alice, "write"), "DELETE", path, None, 403)["code"] == "not_allowed"
    caller.write("PUT", f"{path}/pin", {"is_pinned": True})
    assert caller.read("/views", kind="person")["items"][0]["is_pinned"]
    changed = caller.write("PATCH", path, {"version": view["version"], "query": "f=place:is:Ommen", "name": "In Ommen"})
    assert (changed["name"], caller.read(f"{path}/rows")["items"]) == ("In Ommen", [])
    assert refused(caller, "PATCH", path, {"version": view["version"], "name": "Te laat"}, 409)["code"] == "conflict"
    assert "query" in refused(caller, "POST", "/views", {**body, "query": "f=circle_id:is:1"})["fields"]
    caller.write("DELETE", path)
    assert caller.get(path).status_code == 404


def test_a_mail_is_written_sent_and_taken_back(cast: Cast, calling: Calling, caller: Caller, world: World) -> None:
    letter = {"to": "henk@vandijk.example", "subject": "Dak", "text": "Dag Henk", "relation": str(world.person)}
    mail = caller.write("POST", "/mails", letter)
    path = f"/mails/{mail['id']}"
    assert mail["state"] == "draft" and calling(cast.alice).get(path).status_code == 404
    caller.upload(f"{path}/files", files=[SimpleUploadedFile("offerte.txt", b"12,-")])
    assert [one["name"] for one in caller.read(path)["files"]] == ["offerte.txt"]
    assert "to" in refused(caller, "PUT", path, {**letter, "to": "geen adres"})["fields"]

    sent = caller.send("POST", f"{path}/send", json={})

    assert sent.json()["state"] == "waiting" and sent.json()["moment"]
    caller.write("POST", f"/operations/{sent.headers['Plein-Operation']}/undo")
    assert caller.read(path)["state"] == "draft"
    caller.write("PUT", f"/relations/{world.person}/do-not-contact", {"reason": "Vroeg erom"})
    assert "to" in refused(caller, "POST", f"{path}/send", {})["fields"]
    caller.write("DELETE", path)


def test_templates_and_own_fields_are_set_up(cast: Cast, calling: Calling, world: World) -> None:
    alice = calling(cast.alice, "all")
    body = {"kind": "template", "name": "Dank", "text": "Dag {{nergens}}", "circle": "everyone"}
    assert "text" in refused(alice, "POST", "/templates", body)["fields"]
    template = alice.write("POST", "/templates", {**body, "text": "Dank u"})
    alice.write("PATCH", f"/templates/{template['id']}", {"version": template["version"], "name": "Dank u wel"})
    assert [one["name"] for one in alice.read("/templates")["items"]] == ["Dank u wel"]
    choices = [{"nl": "Goud"}, {"nl": "Zilver"}]
    own = {
        "group": world.ids["group_id"],
        "type": "choice",
        "label_nl": "Rang",
        "kinds": ["person"],
        "choices": choices,
    }
    field = alice.write("POST", "/fields", own)
    assert [one["nl"] for one in field["choices"]] == ["Goud", "Zilver"]
    changed = alice.write("PATCH", f"/fields/{field['id']}", {"version": field["version"], "label_nl": "Rangorde"})
    assert (changed["label_nl"], changed["kinds"], len(changed["choices"])) == ("Rangorde", ["person"], 2)
    assert alice.write("POST", f"/fields/{field['id']}/retire")["is_retired"]
