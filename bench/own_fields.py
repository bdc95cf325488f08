# SPDX-License-Identifier: AGPL-3.0-or-later
"""Run as ``python -m bench.own_fields`` with PLEIN_HOME set: gives everybody values in two fields of the company's own.

A segment that a tenth, a fifth or more of all people are in, and a number of seats. Both are asked for in filters.
What is there already stays.
"""

import importlib
import os
import sys
from itertools import batched
from typing import Any

import django

from plein.operate.cluster import cluster_of
from plein.operate.places import places

SEGMENTS = ("gold", "silver", "bronze", "iron", "clay")
#: Of ten people one is gold, two are silver, and so on.
SHARES = (0, 1, 1, 2, 2, 2, 3, 3, 4, 4)
MOST_SEATS, BATCH = 200, 10_000


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _fields(actor: Any) -> list[Any]:
    """The two fields, made when they are not there yet."""
    actions = importlib.import_module("plein.metadata.actions")
    catalog = importlib.import_module("plein.metadata.queries").catalog
    known = catalog()
    if known.by_key("bench_seats", "person") is None:
        group = actions.add_group(actor=actor, name_nl="Meting", name_en="Bench")
        choices = [{"key": one, "nl": one, "en": one} for one in SEGMENTS]
        for type, key, more in (("choice", "bench_segment", {"choices": choices}), ("number", "bench_seats", {})):
            details = {"label_nl": key, "label_en": key, "kinds": ["person"], **more}
            actions.add_field(actor=actor, group=group, type=type, key=key, details=details)
        # Before there are values: then each gets its cell as it is written.
        actions.ensure_indexed(catalog().fields)
        known = catalog()
    return [known.by_key(key, "person") for key in ("bench_segment", "bench_seats")]


def fill(actor: Any) -> int:
    """Values for everybody; returns for how many they were written now."""
    relations = importlib.import_module("plein.relations.models").Relation
    values = importlib.import_module("plein.relations.values").RelationValues
    operation = importlib.import_module("plein.core.operations").operation
    segment, seats = _fields(actor)
    if values.objects.filter(group_id=segment.group_id).exists():
        return 0
    count = 0
    people = relations.objects.filter(kind="person").order_by("id").values_list("id", flat=True).iterator(BATCH)
    with operation("generate"):
        for batch in batched(people, BATCH):
            rows = []
            for person in batch:
                count += 1
                chosen = SEGMENTS[SHARES[person.int % len(SHARES)]]
                kept = {str(segment.id): chosen, str(seats.id): person.int // 16 % MOST_SEATS}
                rows.append(values(group_id=segment.group_id, relation_id=person, values=kept))
            values.objects.bulk_create(rows, batch_size=BATCH)
            _say(f"{count:,} people have values")
    return count


def main() -> int:
    """Make the fields and fill them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
    cluster = cluster_of(places(), _say)
    with cluster.in_use():
        django.setup()
        users = importlib.import_module("plein.trust.models").User
        entered = importlib.import_module("plein.trust.seats").entered
        isolation = importlib.import_module("plein.core.isolation")
        with isolation.no_workspace("bench"):
            owner = users.objects.order_by("created_at").first()
        with entered(owner) as actor:
            fill(actor)
        with entered(owner), importlib.import_module("django.db").connection.cursor() as cursor:
            cursor.execute("SELECT plein_gather_statistics()")
        importlib.import_module("django.db").connections.close_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
