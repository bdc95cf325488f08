# SPDX-License-Identifier: AGPL-3.0-or-later
"""How well and how fast one profile is recognised among very many people: `python -m bench --only matching`.

Run as ``python -m bench.matching PEOPLE`` with PLEIN_HOME set, it makes them, asks, prints what it found, and takes the
people away again. Their keys by name are made by Plein's own functions, their other keys as triggers make them.
"""

import importlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched, islice
from statistics import quantiles
from time import perf_counter, thread_time
from typing import Any
from uuid import UUID

import django

from bench.network import database_cpu
from bench.people import Somebody, people, profiles
from bench.server import CACHE, Home, say
from bench.table import Row, below
from plein.operate.cluster import Cluster, cluster_of
from plein.operate.places import places

SMALL, LARGE = 100_000, 1_000_000
#: So many profiles of people who are there, and so many of people who are not.
ASKED, SEED = 1_500, 7
MEMORY = "shared_buffers = '2GB'\n"
_PERSON = "id workspace_id circle_id kind name sort_name given_name infix family_name headline place country language"
_PERSON += " about photo is_ours do_not_contact do_not_contact_reason source version created_at updated_at"
_KEY = "workspace_id circle_id relation_id origin_id kind value"
AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one profile: whether it was linked by itself, to the right one, and whether the right one led."""

    verdict: str
    is_right: bool
    wall: float
    cpu: float


def _id(truth: int) -> UUID:
    return UUID(int=(1 << 124) + truth)


def _persons(batch: Iterable[Somebody], workspace: int, circle: int) -> Iterator[tuple[Any, ...]]:
    names, now = importlib.import_module("plein.relations.names"), importlib.import_module("plein.core.ids").now()
    for one in batch:
        told = names.parse_name(one.name)
        yield (_id(one.truth), workspace, circle, "person", one.name, told.sorting, told.given, told.infix, told.family,
               "", one.place, "", "", "", "", False, False, "", "import", 1, now, now)  # fmt: skip


def _keys(batch: Iterable[Somebody], workspace: int, circle: int) -> Iterator[tuple[Any, ...]]:
    """Those that are not of a name alone."""
    profiles_ = importlib.import_module("plein.identity.profiles")
    for one in batch:
        name, company = profiles_.name_core(one.name), profiles_.company_core(one.organization)
        told = [("c", f"{company}|{name.given}"), ("d", f"{company}|{name.family}")]
        told += [("e", one.email.lower())] if one.email else []
        told += [("p", f"+31{one.phone[1:]}")] if one.phone else []
        told += [("h", f"{profiles_.letters(one.handle)} ")] if one.handle else []
        told += [("z", one.postcode.lower())] if one.postcode else []
        for kind, value in told:
            yield workspace, circle, _id(one.truth), _id(one.truth), kind, value


def _copied(admin: Any, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    statement = f"COPY {table} ({', '.join(columns.split())}) FROM STDIN"
    with admin.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _fill(cluster: Cluster, count: int) -> None:
    with cluster.connect("plein") as admin:
        workspace, everyone = admin.execute(
            "SELECT workspace_id, id FROM trust_circle WHERE kind = 'everyone' ORDER BY workspace_id LIMIT 1"
        ).fetchone() or (0, 0)
        indexes = admin.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('identity_key', 'relations_relation')"
            " AND indexname NOT LIKE '%_pkey'"
        ).fetchall()
        for name, _definition in indexes:
            admin.execute(f"DROP INDEX {name}")
        admin.execute("SET session_replication_role = replica")
        admin.execute("SET maintenance_work_mem = '512MB'")
        admin.execute("SELECT set_config('plein.workspace', %s, false)", [str(workspace)])
        # Those who are there once more come last.
        for batch in batched(islice(people(count + count // 4, seed=SEED), count), AT_ONCE, strict=False):
            _copied(admin, "relations_relation", _PERSON, _persons(batch, workspace, everyone))
            _copied(admin, "identity_key", _KEY, _keys(batch, workspace, everyone))
            admin.execute("SELECT plein_identity_of_people(%s, %s)", [workspace, [_id(one.truth) for one in batch]])
        admin.execute("SET session_replication_role = DEFAULT")
        for name, definition in indexes:
            if name.startswith(("identity", "relations_by_place")):
                admin.execute(definition)
        admin.execute("SELECT plein_identity_count()")
        admin.commit()
        admin.autocommit = True
        for table in ("identity_key", "identity_term", "relations_relation"):
            admin.execute(f"VACUUM (ANALYZE, FREEZE) {table}")
        admin.execute("CHECKPOINT")


def _profile(one: Somebody) -> Any:
    return importlib.import_module("plein.identity.profiles").Profile(
        names=(one.name,),
        emails=tuple(filter(None, [one.email])),
        phones=tuple(filter(None, [one.phone])),
        handles=tuple(filter(None, [one.handle])),
        organization=one.organization,
        place=f"{one.postcode} {one.place}".strip(),
    )


def _answers(asked: Iterable[Somebody], backend: int) -> Iterator[tuple[Somebody, Answer, float, float, Any]]:
    match = importlib.import_module("plein.identity.queries").match
    for one in asked:
        profile = _profile(one)
        before, own, began = database_cpu(backend), thread_time(), perf_counter()
        found = match(profile)
        wall = 1000 * (perf_counter() - began)
        cpu = 1000 * (thread_time() - own) + database_cpu(backend) - before
        best = found.best
        is_right = best is not None and best.id == _id(one.truth)
        bits = best.bits if best else -99.0
        ahead = bits - max((other.bits for other in found.candidates[1:]), default=-99.0)
        why = [(each.field, each.level, round(each.bits, 1)) for each in best.reasons] if best else []
        yield one, Answer(found.verdict, is_right, wall, cpu), bits, ahead, why


def _asked(count: int) -> dict[str, Any]:
    connection = importlib.import_module("django.db").connection
    entered = importlib.import_module("plein.trust.seats").entered
    user = importlib.import_module("plein.trust.models").User.objects.order_by("id").first()
    known = list(profiles(count, ASKED, seed=SEED))
    unknown = list(profiles(count, ASKED, seed=SEED, unknown=True))
    with entered(user), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
        list(_answers(known[:60], backend))
        told = {"known": list(_answers(known, backend)), "unknown": list(_answers(unknown, backend))}
    if os.environ.get("BENCH_TELL"):
        _tell(told)
    right, wrong = ([each[1] for each in told[name]] for name in ("known", "unknown"))
    linked = [one for one in right if one.verdict == "automatic"]
    falsely = sum(one.verdict == "automatic" for one in wrong)
    return {
        "top": sum(one.is_right for one in right) / ASKED,
        "precision": sum(one.is_right for one in linked) / max(len(linked) + falsely, 1),
        "recall": sum(one.is_right for one in linked) / ASKED,
        "falsely": falsely / ASKED,
        "queue": sum(one.verdict == "review" for one in right + wrong) / (2 * ASKED),
        "wall": [one.wall for one in right + wrong],
        "cpu": [one.cpu for one in right + wrong],
    }


def _tell(told: dict[str, Any]) -> None:
    """Whoever was linked wrongly, and who was not found."""
    for name, answers in told.items():
        for one, answer, bits, ahead, why in answers:
            if (answer.verdict == "automatic") != (name == "known" and answer.is_right) or not answer.is_right:
                sys.stderr.write(f"{name} {answer} {bits:.1f} +{ahead:.1f} {why} {one}\n")


def main() -> int:
    """Make them, ask, and say what was found."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
    count = int(sys.argv[1])
    cluster = cluster_of(places(), say)
    with cluster.in_use():
        django.setup()
        _fill(cluster, count)
        with importlib.import_module("plein.core.isolation").no_workspace("bench"):
            told = _asked(count)
    sys.stdout.write(json.dumps(told))
    return 0


def _home(count: int) -> Home:
    home = Home(CACHE / f"matching-{count}")
    home.remove()
    with home.cluster().in_use():
        home.way_in()
    home.stopped()
    (home.cluster().folder / "own.conf").write_text(MEMORY)
    return home


def rows(command: str, *, quick: bool) -> list[Row]:
    """Among 100,000 people, and among a million unless it is to be quick."""
    found: list[Row] = []
    for count in (SMALL,) if quick else (SMALL, LARGE):
        home = _home(count)
        say(f"Making {count:,} people to recognise")
        try:
            found += _rows(json.loads(home.run(sys.executable, "-m", "bench.matching", str(count))), count, command)
        finally:
            home.remove()
    return found


def _rows(told: dict[str, Any], count: int, command: str) -> Iterator[Row]:
    where, words = f"{command} --only matching", f"One profile among {count:,}"
    wall = quantiles(told["wall"], n=100)
    yield below(f"{words}: p50", wall[49], 2, "ms", where, digits=2)
    yield Row(f"{words}: p95", f"{wall[94]:.2f} ms", where)
    yield below(f"{words}: p99", wall[98], 10, "ms", where, digits=2)
    yield Row(f"{words}: processor time, mean", f"{sum(told['cpu']) / len(told['cpu']):.2f} ms", where)
    for name, goal, what in (
        ("top", 0.97, "the right one comes first"),
        ("precision", 0.99, "precision of what is linked by itself, one known to one unknown"),
        ("recall", 0.75, "recall of that"),
    ):
        yield Row(f"{words}: {what}", f"{told[name]:.4f}", where, f">= {goal:g}", told[name] >= goal)
    yield Row(
        f"{words}: unknown people linked falsely", f"{told['falsely']:.4f}", where, "<= 0.005", told["falsely"] <= 0.005
    )
    yield Row(f"{words}: left to be decided", f"{told['queue']:.3f}", where)


if __name__ == "__main__":
    sys.exit(main())
