# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every operation of the REST door × every role × every scope, against expectations written by hand."""

from dataclasses import dataclass
from typing import Any

from plein.api.tests.conftest import Caller, Calling
from plein.api.tests.world import World, fill
from plein.core.models import Operation
from plein.core.operations import operation
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.actions import change_seat
from plein.trust.models import Seat, User
from plein.trust.seats import entered

SCOPES = {"read", "write", "admin", "all"}
EVERYBODY = {"owner", "administrator", "manager", "member", "guest"}


@dataclass(frozen=True)
class Expected:
    """Who gets 200; the others of this workspace get 403, strangers `strangers`, everybody without a seat 401."""

    roles: set[str]
    scopes: set[str]
    strangers: int = 200


#: An operation that is not written down here is a failure: say who may do it, then write its cells.
EXPECTED = {
    "read_me": Expected(EVERYBODY, SCOPES),
    "search_everything": Expected(EVERYBODY, SCOPES),
    "list_relations_of_kind": Expected(EVERYBODY, SCOPES),
    "read_relation": Expected(EVERYBODY, SCOPES, strangers=404),
    "read_timeline": Expected(EVERYBODY, SCOPES, strangers=404),
    "read_moment": Expected(EVERYBODY, SCOPES, strangers=404),
    "list_operations": Expected(EVERYBODY, SCOPES),
    # An operation of somebody else: who does not lead may turn back only their own.
    "undo": Expected({"owner", "administrator", "manager"}, {"write", "all"}, strangers=404),
}


def operations() -> list[tuple[str, str, str]]:
    schema = Caller("").read("/openapi.json")
    return [
        (method.upper(), path, described["operationId"])
        for path, methods in schema["paths"].items()
        for method, described in methods.items()
    ]


def something_to_undo(alice: User) -> str:
    """An operation of Alice that can be turned back by whoever may."""
    with entered(alice):
        make_person("Verdwijnt")
        return str(Operation.objects.order_by("-id").values_list("id", flat=True)[0])


def is_still_there(alice: User) -> bool:
    with entered(alice):
        return Relation.objects.filter(name="Verdwijnt").exists()


def address(path: str, world: World, undoable: str) -> str:
    return (
        path.replace("{relation_id}", str(world.person))
        .replace("{moment_id}", str(world.moment))
        .replace("{operation_id}", undoable)
    )


def expected_status(wanted: Expected, who: str, scope: str) -> int:
    if who in ("anonymous", "suspended"):
        return 401
    if who == "stranger":
        return 403 if scope not in wanted.scopes else wanted.strangers
    return 200 if who in wanted.roles and scope in wanted.scopes else 403


def make_callers(cast: Cast, calling: Calling, colleagues: dict[str, User]) -> dict[tuple[str, str], Caller]:
    people = {**colleagues, "stranger": cast.charlie}
    callers = {(who, scope): calling(user, scope) for who, user in people.items() for scope in SCOPES}
    return callers | {("anonymous", ""): Caller("")}


def test_every_operation_is_written_down() -> None:
    assert {name for _method, _path, name in operations()} == EXPECTED.keys()


def test_every_cell_is_as_it_was_written_down(cast: Cast, calling: Calling, colleagues: dict[str, User]) -> None:
    world = fill(cast.alice)
    callers = make_callers(cast, calling, colleagues)
    wrong: list[Any] = []
    cells = 0

    for method, path, name in operations():
        undoable = something_to_undo(cast.alice) if method == "POST" else ""
        query = {"q": "henk"} if name == "search_everything" else None
        for (who, scope), caller in callers.items():
            answer = caller.send(method, address(path, world, undoable), query)
            cells += 1
            if answer.status_code != expected_status(EXPECTED[name], who, scope):
                wrong.append((name, who, scope, answer.status_code, answer.content))
            if method == "POST":
                if is_still_there(cast.alice) == (answer.status_code == 200):
                    wrong.append((name, who, scope, "changed although refused, or the other way round"))
                if answer.status_code == 200:
                    undoable = something_to_undo(cast.alice)

    assert wrong == []
    assert cells == len(EXPECTED) * (len(colleagues) + 1) * len(SCOPES) + len(EXPECTED)


def test_a_suspended_seat_is_refused_by_every_operation(cast: Cast, calling: Calling) -> None:
    world = fill(cast.alice)
    caller = calling(cast.bob, "all")
    with entered(cast.alice) as alice:
        change_seat(actor=alice, seat=Seat.objects.get(user=cast.bob), role="member", is_active=False)

    for method, path, name in operations():
        answer = caller.send(method, address(path, world, str(world.operation)))
        assert answer.status_code == expected_status(EXPECTED[name], "suspended", "all"), name


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
    assert again.status_code == 409 and again.json()["error"]["code"] == "undone"
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
