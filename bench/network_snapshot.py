# SPDX-License-Identifier: AGPL-3.0-or-later
"""What questions to the network cost with a snapshot, what it costs to make one, and whether it says the same.

Run as ``python -m bench.network_snapshot NODES`` with PLEIN_HOME set, it makes one, asks, writes ties while it asks,
and compares; it prints what it found as JSON.
"""

import contextlib
import importlib
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from itertools import pairwise
from random import Random
from statistics import quantiles
from typing import Any

import django

from bench.measure import CALM
from bench.network import LARGE, SMALL, database_cpu, questions, timed
from bench.network_fill import SEED, filled
from bench.network_graph import Graph
from bench.network_page import pages
from bench.processes import contention
from bench.server import say
from bench.table import Row
from plein.operate.cluster import cluster_of
from plein.operate.places import places

#: Processor time at the median and at the 95th percentile, in the large network, without reading the feed.
GOALS = {
    "degree 2": (0.03, 0.1),
    "degree 3": (0.3, 1.3),
    "introduction to a person, 500 colleagues": (0.8, 1.8),
    "introduction to an organization, 500 colleagues": (3.4, 8),
    "mutual": (0.005, 0.005),
    "ego, 300": (0.3, 0.5),
}
PULL, TIES, SECONDS, MEGABYTES = 0.6, 3000, 15, 320
BATCH, BATCHES, UPDATES = 100, 120, 400
AT_ONCE = 50_000
_TIE = """
    INSERT INTO network_half (workspace_id, circle_id, near_id, far_id, ground, is_lasting, weight, is_shared,
                              to_person, asked_until, is_used)
    SELECT %(workspace)s, %(circle)s, e.near, e.far, 14, true, 0.4, true, true, 'infinity', true
      FROM unnest(%(one)s::uuid[], %(other)s::uuid[]) t (one, other)
     CROSS JOIN LATERAL (VALUES (t.one, t.other), (t.other, t.one)) e (near, far)
"""
_THEIRS = (
    "h.workspace_id = %s AND h.far_id = %s AND h.near_id IN"
    " (SELECT o.far_id FROM network_half o WHERE o.workspace_id = h.workspace_id AND o.near_id = %s)"
)
#: What is done to the ties to somebody, and how it is taken back; new ties are of a ground that the network has not.
_OTHERWISE = "CASE WHEN h.asked_until = 'infinity' THEN '-infinity'::timestamptz ELSE 'infinity' END"
_CHANGES = (
    (
        f"UPDATE network_half h SET weight = weight / 2 WHERE {_THEIRS}",
        f"UPDATE network_half h SET weight = weight * 2 WHERE {_THEIRS}",
    ),
    (f"UPDATE network_half h SET is_shared = NOT is_shared WHERE {_THEIRS}",) * 2,
    (f"UPDATE network_half h SET asked_until = {_OTHERWISE} WHERE {_THEIRS} AND h.to_person",) * 2,
    (f"DELETE FROM network_half h WHERE {_THEIRS} AND h.ground = 14", ""),
)
_NEW = "DELETE FROM network_half WHERE workspace_id = %s AND near_id = ANY (%s) AND ground = 14"


def _name(path: str) -> Any:
    module, _dot, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


def _made(user: Any) -> dict[str, float]:
    """Make a snapshot: what it costs."""
    entered, take = _name("plein.trust.seats.entered"), _name("plein.network.actions.take_snapshot")
    with entered(user) as actor:
        backend = _backend()
        began, own, theirs = time.perf_counter(), time.process_time(), database_cpu(backend)
        found = take(actor=actor)
        cpu = time.process_time() - own + (database_cpu(backend) - theirs) / 1000
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"wall": time.perf_counter() - began, "cpu": cpu, "megabytes": found.bytes / 2**20, "peak": peak}


def _backend() -> int:
    with _name("django.db.connection").cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@contextlib.contextmanager
def _held(walk: Any) -> Iterator[None]:
    """The feed is not read again: what the arrays alone cost."""
    walking = sys.modules["plein.network.snapshot.walking"]
    asked = walking.sight
    vars(walking)["sight"] = lambda moment: walk.sight
    try:
        yield
    finally:
        vars(walking)["sight"] = asked


def _sketched(of: Any) -> Any:
    """A picture as arrays, before there is an object for each line of it."""
    moment, lens = _name("plein.network.queries.following.this_moment"), _name("plein.network.queries.seeing.OPEN")
    return _name("plein.network.queries.ego.sketched")(of, moment(), limit=300, lens=lens)


def _asked(user: Any, graph: Graph) -> dict[str, Any]:
    entered, moment = _name("plein.trust.seats.entered"), _name("plein.network.queries.following.this_moment")
    walk = _name("plein.network.snapshot.walking.walk")
    with entered(user):
        backend, at = _backend(), moment()
        pulled = timed("reading the feed", [lambda: walk(at)] * 60, backend)
        whole = [asdict(timed(*one, backend)) for one in questions(graph)]
        with _held(walk(at)):
            arrays = [asdict(timed(*one, backend)) for one in questions(graph, picture=_sketched)]
        return {"pull": asdict(pulled), "whole": whole, "arrays": arrays}


def _written(user: Any, graph: Graph) -> dict[str, float]:
    """Ties in batches of a hundred, each batch committed, while somebody else asks and must see every one of them."""
    entered, degrees = _name("plein.trust.seats.entered"), _name("plein.network.queries.degrees")
    connection = _name("django.db.connection")
    random, ended, pulls = Random(SEED), threading.Event(), []  # noqa: S311

    def ask() -> None:
        walk, moment = (
            _name("plein.network.snapshot.walking.walk"),
            _name("plein.network.queries.following.this_moment"),
        )
        people = random.sample(range(graph.people), 500)
        while not ended.is_set():
            with entered(user):
                at = moment()
                began = time.perf_counter()
                walk(at)
                pulls.append((time.perf_counter() - began) * 1000)
                degrees(graph.id(people[len(pulls) % 500]), depth=2)
        connection.close()

    asker = threading.Thread(target=ask)
    asker.start()
    missed, began = 0, time.perf_counter()
    try:
        for number in range(BATCHES):
            ends = random.sample(range(1, graph.people), BATCH * 2)
            with entered(user) as actor, connection.cursor() as cursor:
                pairs = {
                    "one": [graph.id(each) for each in ends[:BATCH]],
                    "other": [graph.id(each) for each in ends[BATCH:]],
                }
                circle = _name("plein.core.isolation.default_circle_id")()
                cursor.execute(_TIE, {"workspace": actor.workspace_id, "circle": circle, **pairs})
            if number % 10 == 0:
                with entered(user):
                    missed += pairs["other"][0] not in degrees(pairs["one"][0], depth=2)[0].ids
        seconds = time.perf_counter() - began
    finally:
        ended.set()
        asker.join()
    low = quantiles(pulls, n=20)
    return {"ties": BATCH * BATCHES / seconds, "p50": low[9], "p95": low[18], "missed": missed}


def _changed(user: Any, graph: Graph, *, is_back: bool = False) -> None:
    """Ties that change and go at random, in many transactions; or all of that taken back."""
    entered, connection = _name("plein.trust.seats.entered"), _name("django.db.connection")
    random = Random(SEED + 1)  # noqa: S311
    chosen = [(random.choice(_CHANGES), graph.id(random.randrange(graph.people))) for _number in range(UPDATES)]
    for change, one in reversed(chosen) if is_back else chosen:
        if change[is_back]:
            with entered(user) as actor, connection.cursor() as cursor:
                cursor.execute(change[is_back], [actor.workspace_id, one, one])
    if is_back:
        for first in range(0, graph.people, AT_ONCE):
            ids = [graph.id(number) for number in range(first, min(first + AT_ONCE, graph.people))]
            with entered(user) as actor, connection.cursor() as cursor:
                cursor.execute(_NEW, [actor.workspace_id, ids])


def _compared(user: Any, graph: Graph) -> dict[str, int]:
    """How many answers differ from those of the database alone."""
    entered, alone = _name("plein.trust.seats.entered"), _name("plein.network.snapshot.sight.database_alone")
    following = sys.modules["plein.network.queries.following"]
    at = _name("plein.core.ids.now")()
    # What fades does so between two answers, too.
    vars(following)["now"] = lambda: at
    with entered(user):
        ties = _name("plein.network.queries.snapshots.compared")(5000)
        told, unlike = ties.asked, ["ties"] * ties.differences
        for words, asks in (*questions(graph), *_others(graph)):
            for ask in asks[::3]:
                answer = ask()
                with alone():
                    unlike += [words] * (answer != ask())
                told += 1
    for words in unlike:
        say(f"unlike the database: {words}")
    return {"asked": told, "differences": len(unlike)}


def _others(graph: Graph) -> Iterator[tuple[str, list[Callable[[], object]]]]:
    """More that a snapshot answers, of which only the answers are of interest."""
    asked, together = importlib.import_module("plein.network.queries"), _name("plein.network.queries.ours.known_alone")
    who_knows = _name("plein.network.queries.ours.who_knows")
    random = Random(SEED + 2)  # noqa: S311
    people = [graph.id(one) for one in random.sample(range(graph.people), 60)]
    us = [graph.id(one) for one in random.sample(range(graph.people), 100)]
    firms = [graph.id(graph.people + one) for one in random.sample(range(graph.organizations), 60)]
    yield "contacts of contacts", [partial(asked.reach, one) for one in people]
    yield "third degree", [partial(asked.reach, one, degree=3) for one in people[:12]]
    yield "whom both know", [partial(asked.shared, one, other) for one, other in pairwise(people)]
    yield "whom one of us alone knows", [partial(together, us, whose=one) for one in [None, *us[:30]]]
    yield "who of us knows an organization", [partial(who_knows, us, one) for one in firms]


def main() -> int:
    """Make a snapshot, ask, write and compare."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
    graph = Graph(int(sys.argv[1]), SEED)
    with cluster_of(places(), say).in_use():
        django.setup()
        with _name("plein.core.isolation.no_workspace")("bench"):
            user = _name("plein.trust.models.User").objects.order_by("id").first()
            busy = contention()
            told = {"made": _made(user), **_asked(user, graph)}
            told["busy"] = max(busy, contention())
            told["written"] = _written(user, graph)
            _changed(user, graph)
            told["compared"] = _compared(user, graph)
            # The next run, and others, find the network as it was.
            _changed(user, graph, is_back=True)
    sys.stdout.write(json.dumps(told))
    return 0


def _verdict(is_good: bool, busy: float) -> bool | None:
    return is_good or (None if busy > CALM else False)


def _asking(told: dict[str, Any], name: str, command: str, *, is_large: bool) -> Iterator[Row]:
    for one, whole in zip(told["arrays"], told["whole"], strict=True):
        cpu, wall = quantiles(one["cpu"], n=20), quantiles(whole["wall"], n=20)
        goal = GOALS[one["words"]]
        wanted = f"<= {goal[0]:g} / {goal[1]:g} ms" if is_large else ""
        verdict = _verdict(cpu[9] <= goal[0] and cpu[18] <= goal[1], told["busy"]) if is_large else None
        words = f"{name}, {one['words']}: CPU p50 / p95"
        yield Row(words, f"{cpu[9]:.2f} / {cpu[18]:.2f} ms", command, wanted, verdict)
        with_feed = quantiles(whole["cpu"], n=20)
        value = f"{with_feed[9]:.2f} / {with_feed[18]:.2f} ms, wall {wall[9]:.2f} / {wall[18]:.2f} ms"
        yield Row(f"  {one['words']}: with the feed", value, command)
    feed = quantiles(told["pull"]["cpu"], n=20)
    words, value = f"{name}, reading the feed: CPU p50 / p95", f"{feed[9]:.2f} / {feed[18]:.2f} ms"
    yield Row(words, value, command, f"<= {PULL} ms", _verdict(feed[9] <= PULL, told["busy"]))


def _rows(nodes: int, command: str) -> Iterator[Row]:
    home = filled(nodes)
    told = json.loads(home.run(sys.executable, "-m", "bench.network_snapshot", str(nodes)))
    busy, is_large, name = told["busy"], nodes == LARGE, f"Network of {nodes:,} with a snapshot"
    yield from _asking(told, name, command, is_large=is_large)
    made, written, compared = told["made"], told["written"], told["compared"]
    times = f"{made['cpu']:.1f} s CPU, {made['wall']:.1f} s wall"
    value = f"{times}, {made['megabytes']:.0f} MB, {made['peak']:,.0f} MB while made"
    wanted = f"< {SECONDS} s, < {MEGABYTES} MB" if is_large else ""
    verdict = _verdict(made["cpu"] < SECONDS and made["megabytes"] < MEGABYTES, busy) if is_large else None
    yield Row(f"{name}: made in", value, command, wanted, verdict)
    feed = f"feed {written['p50']:.2f} / {written['p95']:.2f} ms"
    value, wanted = f"{written['ties']:,.0f}/s, {feed}, {written['missed']} unseen", f">= {TIES:,}/s, 0 unseen"
    verdict = False if written["missed"] else _verdict(written["ties"] >= TIES, busy)
    yield Row(f"{name}: ties in batches of 100 while somebody asks", value, command, wanted, verdict)
    value = f"{compared['differences']} of {compared['asked']:,}"
    yield Row(f"{name}: answers unlike the database's", value, command, "0", not compared["differences"])


def snapshots(command: str) -> list[Row]:
    """The rows of both networks, and the whole request of the page in the large one."""
    rows = [row for nodes in (SMALL, LARGE) for row in _rows(nodes, command)]
    return rows + pages(LARGE, command.partition(" --only")[0], with_snapshot=True)


if __name__ == "__main__":
    sys.exit(main())
