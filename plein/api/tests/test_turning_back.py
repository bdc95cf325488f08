# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turning operations back through the door: one's own, as far as nothing was changed since."""

from plein.api.tests.conftest import Calling
from plein.core.models import Operation
from plein.core.operations import operation
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.seats import entered


def test_a_member_turns_back_their_own_operation_through_the_door(cast: Cast, calling: Calling) -> None:
    with entered(cast.bob):
        make_person("Van Bob")
    caller = calling(cast.bob, "write")
    [own] = [one for one in caller.read("/operations")["items"] if one["verb"] == "create_person"]

    done = caller.send("POST", f"/operations/{own['id']}/undo")

    assert own["may_undo"] and own["by"]["name"] == "Bob" and done.status_code == 200
    assert done.json()["turned_back"] > 0 and done.json()["left_alone"] == 0
    assert caller.read("/relations")["items"] == []
    again = caller.send("POST", f"/operations/{own['id']}/undo")
    assert again.status_code == 409 and again.json()["code"] == "undone"
    caller.send("POST", f"/operations/{done.json()['operation']}/undo")
    assert [item["name"] for item in caller.read("/relations")["items"]] == ["Van Bob"]
    assert caller.read("/operations")["items"][0]["door"] == "api"


def test_what_was_changed_since_is_left_alone_and_counted(cast: Cast, calling: Calling) -> None:
    with entered(cast.bob):
        person = make_person("Eerst")
        first = Operation.objects.order_by("-id").values_list("id", flat=True)[0]
        with operation("edit_relation"):
            Relation.objects.filter(id=person.id).update(place="Ommen")

    done = calling(cast.bob, "write").send("POST", f"/operations/{first}/undo").json()

    assert done["left_alone"] == 1 and done["turned_back"] == 0
