# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import os
import re
from typing import Any

from plein.api.tests.bodies import carry_out
from plein.api.tests.conftest import Answer, Caller, Calling
from plein.api.tests.test_permissions import operations
from plein.api.tests.world import HIDDEN, World, fill
from plein.core.ids import new_id
from plein.testing.cast import Cast

#: Of all ids every so many-th is tried in a place, at night more.
APART = 4 if os.environ.get("PLEIN_NIGHTLY") else 24
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def everything(caller: Caller, world: World) -> list[Any]:
    """All that a caller can read without guessing an id."""
    paths = [
        "/me",
        "/relations?limit=200",
        "/relations?kind=person&sort=-place",
        "/relations?kind=organization&sort=updated",
        f"/relations?q={HIDDEN}",
        f"/search?q={HIDDEN}",
        "/search?q=zilverspr",
        "/search?q=piet",
        "/search?q=offerte",
        "/operations?limit=200",
        f"/relations/{world.person}",
        f"/relations/{world.organization}",
        f"/relations/{world.organization}/timeline",
        f"/relations/{world.person}/timeline?when=coming",
        f"/moments/{world.moment}",
    ]
    return [caller.read(path) for path in paths]


def told(answer: Answer, *identifiers: object) -> tuple[int, str, Any]:
    """What an answer tells apart from the ids that were asked for."""
    text = answer.content.decode()
    for identifier in identifiers:
        text = text.replace(str(identifier), "…")
    return answer.status_code, text, {name: value for name, value in answer.headers.items() if name != "Content-Length"}


def test_what_is_for_one_pair_of_eyes_shows_nowhere_else(cast: Cast, calling: Calling) -> None:
    world = fill(cast.alice)
    hidden = (world.hidden_person, world.hidden_moment, world.hidden_operation)

    of_alice = json.dumps(everything(calling(cast.alice, "all"), world), ensure_ascii=False)
    of_bob = json.dumps(everything(calling(cast.bob, "all"), world), ensure_ascii=False)

    assert all(str(one) in of_alice for one in hidden) and HIDDEN in of_alice
    assert not any(str(one) in of_bob for one in hidden)
    assert HIDDEN not in of_bob.replace(f"q={HIDDEN}", "")


def test_every_id_that_somebody_sees_is_to_a_stranger_like_one_that_never_was(cast: Cast, calling: Calling) -> None:
    world = fill(cast.alice)
    seen = sorted(set(UUID.findall(json.dumps(everything(calling(cast.alice, "all"), world)))))
    stranger = calling(cast.charlie, "all")
    own = set(UUID.findall(stranger.get("/me").content.decode() + stranger.get("/operations").content.decode()))
    addressed = [one for one in operations() if "_id}" in one[1]]
    assert len(seen) > 30 and len(addressed) > 40

    different = []
    for number, (method, path, name) in enumerate(addressed):
        if number % 20 == 0:
            stranger = calling(cast.charlie, "all")
        never = str(new_id())
        of_never = dict.fromkeys(re.findall(r"{(\w+_id)}", path), never)
        wanted = told(carry_out(stranger, method, path, name, world, **of_never), never)
        assert wanted[0] == 404, (name, wanted)
        # The ids that belong in this place, and in turn some of all others.
        tried = [world.ids, *(dict.fromkeys(of_never, one) for one in seen[number % APART :: APART] if one not in own)]
        for ids in tried:
            asked = {place: ids[place] for place in of_never}
            got = told(carry_out(stranger, method, path, name, world, **asked), *asked.values())
            if (got[0], got[2]) != (wanted[0], wanted[2]) or got[1] != wanted[1]:
                different.append((method, path, ids, got))

    assert different == []


def test_ids_in_other_places_tell_a_stranger_nothing(cast: Cast, calling: Calling) -> None:
    world = fill(cast.alice)
    stranger = calling(cast.charlie, "all")

    for identifier in (world.person, world.moment, world.operation, world.hidden_person):
        assert stranger.read("/search", q=str(identifier))["items"] == []
        assert stranger.read("/relations", q=str(identifier))["items"] == []
        for place in (f"2026-01-01T00:00:00Z~{identifier}",):
            assert stranger.read("/operations", cursor=place) == stranger.read(
                "/operations", cursor=f"2026-01-01T00:00:00Z~{new_id()}"
            )
