# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is not in the circles of confidential relations gets the same bytes as if those relations had never been."""

import os
from collections import Counter
from zlib import crc32

import pytest

from plein.testing.addresses import World
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.figures import Judge, Note
from plein.tests.twins.asking import Asker, Difference, askers_of, asks, compare, standing_still
from plein.tests.twins.crawl import Asked, everything
from plein.tests.twins.hidden import MARKER
from plein.tests.twins.other_doors import other_doors
from plein.tests.twins.wishes import wishes
from plein.tests.twins.worlds import MAY_CHANGE, People, measure, twin_worlds

IS_NIGHT = bool(os.environ.get("PLEIN_NIGHTLY"))
#: Per commit few hidden relations and one request of so many, always the same; every night all.
HIDDEN = 200 if IS_NIGHT else 4
ONE_OF = 1 if IS_NIGHT else 160
GOAL = 20_000
pytestmark = pytest.mark.django_db(transaction=True)


def one_of_each(found: list[Difference]) -> list[Difference]:
    """The first difference of each address, for there may be thousands."""
    return list({f"{one.asked.door} {one.asked.pattern}": one for one in reversed(found)}.values())[:60]


def is_drawn(who: Asker, one: Asked, number: int, one_of: int) -> bool:
    """Whether a request is in the sample; ids are new each time and say nothing, its place in the crawl does."""
    return crc32(f"{who.name} {one.door} {one.method} {one.pattern} {number}".encode()) % one_of == 0


@pytest.mark.timeout(14_400)
def test_no_outsider_can_tell_the_worlds_apart_and_every_insider_can(
    cast: Cast,
    world: World,
    test_database: TestDatabase,
    monkeypatch: pytest.MonkeyPatch,
    note: Note,
    judge: Judge,
) -> None:
    found: list[Difference] = []
    pairs, statuses, seen = 0, Counter[str](), Counter[str]()
    outsiders: list[Asker] = []
    insiders: list[Asker] = []

    def sign_in(people: People) -> None:
        outsiders.extend(askers_of(people.outsiders, cast, outside=True))
        insiders.extend(askers_of(people.insiders, cast, outside=False))

    with twin_worlds(test_database, cast, world, HIDDEN, sign_in) as twins, standing_still(monkeypatch) as begin:
        assert {name: count for name, count in twins.touched.items() if name not in MAY_CHANGE} == {}
        measure(twins, cast)
        crawl = [one for part in (everything, wishes, other_doors) for one in part(twins.visible, twins.hidden)]
        for who in outsiders:
            for number, one in enumerate(crawl):
                if asks(who, one) and is_drawn(who, one, number, ONE_OF):
                    full, bare = compare(twins, who, one, begin)
                    pairs += 1
                    statuses[f"{full.status // 100}xx"] += 1
                    if full != bare:
                        found.append(Difference(who.name, one, full, bare))
        telling = (f"/relations/{twins.hidden.ids['relation_id']}", f"search?q={MARKER}", f"search/?q={MARKER}")
        for who in insiders:
            for number, one in enumerate(crawl):
                is_telling = one.door not in ("web", "api") or one.path.rstrip("/").endswith(telling)
                if is_telling or is_drawn(who, one, number, ONE_OF * 2):
                    full, bare = compare(twins, who, one, begin)
                    seen[f"{who.name}, {one.door}: {'differs' if full != bare else 'alike'}"] += 1
    note(
        hidden_relations=HIDDEN,
        rows_that_were_taken_away=sum(twins.rows.values()),
        addresses_asked=len(crawl),
        pairs=pairs,
        answers=statuses,
        differences=len(found),
        insiders=seen,
    )
    knowing = [f"{who}, {door}: differs" for who in twins.people.insiders for door in ("web", "api", "assistant")]
    # Alice made all of it herself, so nobody tells her of it.
    knowing += [f"dora, {door}: differs" for door in ("stream", "digest")]
    blind = [one for one in knowing if not seen[one]]
    if IS_NIGHT:
        judge(
            "twin worlds: answers that differ for outsiders",
            goal=f"0 of >= {GOAL:,}",
            measured=f"{len(found)} of {pairs:,}",
            is_good=not found and pairs >= GOAL,
        )
        judge(
            "twin worlds: insiders who see the difference, by door",
            goal="all",
            measured=f"{len(knowing) - len(blind)} of {len(knowing)}",
            is_good=not blind,
        )
    assert not found, f"{len(found)} of {pairs}\n" + "\n".join(str(one) for one in one_of_each(found))
    assert blind == []
    assert not IS_NIGHT or pairs >= GOAL
