# SPDX-License-Identifier: AGPL-3.0-or-later
"""An answer takes as long whether or not there is something hidden: asked in turns, in both twin worlds."""

import gc
import math
from statistics import median
from time import perf_counter_ns

import pytest

from plein.api.tests.conftest import BASE
from plein.core.isolation.engine.base import DatabaseWrapper
from plein.testing.addresses import World
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.figures import Judge, Note
from plein.tests.twins.asking import Asker, askers_of, standing_still
from plein.tests.twins.crawl import HTMX, Asked
from plein.tests.twins.hidden import MARKER
from plein.tests.twins.worlds import People, Twins, measure, twin_worlds

pytestmark = [pytest.mark.nightly, pytest.mark.django_db(transaction=True)]
HIDDEN, ROUNDS = 200, 300
#: Medians that lie closer together than this are alike; so are samples that chance would draw this often.
CLOSE, CHANCE = 0.05, 0.01


def hot(twins: Twins) -> list[Asked]:
    """What is asked most, and what somebody would ask who wants to know whether a hidden thing is there."""
    name = "Piet+Zilverspar+Dijkca"
    other, known = twins.hidden.ids["relation_id"], twins.visible.ids["relation_id"]
    pages = ["people/", "today/", f"relations/{known}/", f"relations/{other}/", f"search/?q={MARKER}",
             "search/?q=dijk", f"search/?q={name}"]  # fmt: skip
    api = ["relations?limit=50", f"relations/{other}", f"search?q={MARKER}", f"similar?kind=person&name={MARKER}",
           f"search?q={name}", f"similar?kind=person&name={name}"]  # fmt: skip
    # Who stands beside something hidden, and who is hidden.
    for one in (twins.hidden.ids["beside"], other):
        pages += [f"network/?to={one}&from=colleagues", f"network/around/{one}/?view=table"]
        api += [f"network/introductions?to={one}&from=colleagues", f"network/degrees?of={one}&degree=3"]
    return [
        *(Asked("GET", f"/{path}", path) for path in pages),
        Asked("GET", f"/palette/?q={MARKER[:5]}", "palette", HTMX),
        Asked("GET", f"/relations/similar/?kind=person&name={MARKER}&email=piet0@{MARKER}.example", "similar", HTMX),
        *(Asked("GET", f"{BASE}/{path}", path, door="api") for path in api),
    ]


def chance_of(one: list[float], other: list[float]) -> float:
    """How often chance alone would part two samples as far as this (Mann-Whitney, by its normal approximation)."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(place for place, (_value, side) in enumerate(ranked, start=1) if side == 0)
    mean, spread = len(one) * (len(ranked) + 1) / 2, math.sqrt(len(one) * len(other) * (len(ranked) + 1) / 12)
    return math.erfc(abs(ranks - mean) / spread / math.sqrt(2))


def timed(twins: Twins, who: Asker, asked: Asked) -> tuple[list[float], list[float]]:
    """Milliseconds in both worlds; the order turns around each time."""
    worlds: tuple[tuple[DatabaseWrapper, list[float]], ...] = ((twins.full, []), (twins.bare, []))
    for number in range(ROUNDS + 5):
        for world, times in worlds if number % 2 else reversed(worlds):
            with twins.in_the(world):
                began = perf_counter_ns()
                who.ask(asked)
                took = (perf_counter_ns() - began) / 1e6
            if number >= 5:
                times.append(took)
    return worlds[0][1], worlds[1][1]


@pytest.mark.timeout(3_600)
def test_time_tells_nobody_of_what_is_hidden(
    cast: Cast,
    world: World,
    test_database: TestDatabase,
    monkeypatch: pytest.MonkeyPatch,
    note: Note,
    judge: Judge,
) -> None:
    told, figures = [], {}
    askers: list[Asker] = []

    def sign_in(people: People) -> None:
        askers.extend(askers_of({"member": people.outsiders["member"]}, cast, outside=False))

    with twin_worlds(test_database, cast, world, HIDDEN, sign_in) as twins, standing_still(monkeypatch):
        [who] = askers
        measure(twins, cast)
        for one in (twins.full, twins.bare):
            # As a night leaves it: neither world full of what was deleted, both of them counted.
            with test_database.cluster.connect(str(one.settings_dict["NAME"])) as admin:
                admin.autocommit = True
                admin.execute("VACUUM ANALYZE")
        gc.disable()
        try:
            for asked in hot(twins):
                # What seems to tell is asked anew: of 23 addresses, chance alone draws one in every four nights.
                for _attempt in range(2):
                    full, bare = timed(twins, who, asked)
                    apart, chance = median(full) / median(bare) - 1, chance_of(full, bare)
                    tells = abs(apart) >= CLOSE and chance <= CHANCE
                    if not tells:
                        break
                of_one = abs(median(full) - median(bare)) / HIDDEN
                took = f"{median(full):.2f} ms, {apart:+.1%} (p {chance:.3f}, {1e3 * of_one:.1f} us for each)"
                figures[f"{asked.door} {asked.pattern}"] = took
                if tells:
                    told.append((asked.path, apart, chance))
        finally:
            gc.enable()
    note(
        requests=2 * ROUNDS * len(figures),
        slow_or_fast=len(told),
        medians="; ".join(f"{k} {v}" for k, v in figures.items()),
    )
    judge(
        "twin worlds: hot addresses whose time tells",
        goal="0",
        measured=f"{len(told)} of {len(figures)}",
        is_good=not told,
    )
    assert told == []
