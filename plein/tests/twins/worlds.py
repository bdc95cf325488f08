# SPDX-License-Identifier: AGPL-3.0-or-later
"""Builds one world with hidden relations in it, and its twin: a copy from which every trace of them is taken.

What belongs to the hidden part is known by when it was written, not by its circle: every row that a transaction of the
insiders left. So a row that landed in the wrong circle stays behind in the one world only, and the crawl meets it. Ids,
times and the order of rows are those of the same rows, so that nothing must be normalised away.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
from django.db import connections
from django.test import override_settings
from psycopg import sql

from plein.core.isolation.engine.base import DatabaseWrapper
from plein.identity.queries.duplicates import open_pairs
from plein.identity.tests.twice import compared
from plein.lists.actions import save_view
from plein.lists.query import ViewQuery
from plein.moments.actions import Part, create_todo, record_moment
from plein.moments.recogniser import Recogniser
from plein.network.actions import measure_influence, take_snapshot
from plein.network.queries.following import this_moment
from plein.network.snapshot.sight import sight
from plein.notifications.tests.at_work import work
from plein.operate.places import places
from plein.recognition.model import LIGHT
from plein.relations.actions import add_contact_point, add_membership, create_organization, create_person, edit_relation
from plein.relations.models import Relation
from plein.testing.addresses import World
from plein.testing.cast import Cast, without_reactions
from plein.testing.database import TestDatabase
from plein.tests.twins.hidden import make_hidden
from plein.trust.actions import change_seat, give_seat, make_team, make_user
from plein.trust.models import Role, Seat, User
from plein.trust.seats import Entrance, entered

TWIN = "plein_twin_"
#: Rows that the hidden part may change without anybody being able to tell; each with the reason.
MAY_CHANGE = {
    "core_audit_head": "where the chain of the audit log ends; only who manages reads the log",
    "trust_rate_count": "how often something was asked, of whatever kind; nobody reads it",
}


@dataclass(frozen=True)
class People:
    """Everybody who asks: who is in the circles of the hidden relations, and who is not."""

    insiders: dict[str, User]
    outsiders: dict[str, User]


@dataclass
class Twins:
    """Two connections, to the world with the hidden relations and to the one without."""

    full: DatabaseWrapper
    bare: DatabaseWrapper
    visible: World
    hidden: World
    people: People
    #: How many rows the hidden part is made of, by table.
    rows: dict[str, int]
    #: Visible rows that the hidden part changed or removed.
    touched: dict[str, int]

    @contextmanager
    def in_the(self, world: DatabaseWrapper) -> Iterator[None]:
        """Everything inside asks this world's database, and has its snapshots."""
        before = connections["default"]
        connections["default"] = world
        name = str(world.settings_dict["NAME"])
        try:
            with override_settings(PLEIN_SNAPSHOTS=places().home / "snapshots" / name):
                yield
        finally:
            connections["default"] = before


def make_people(cast: Cast) -> People:
    """Somebody for each role outside the circles, and the two who are in them."""
    outsiders = {"member": cast.bob, "reader": cast.gina, "other workspace": cast.charlie}
    with without_reactions():
        for role in (Role.OWNER, Role.ADMINISTRATOR, Role.MANAGER):
            outsiders[role.value] = colleague(cast, f"outside-{role.value}", role)
        outsiders["suspended"] = colleague(cast, "suspended", Role.MEMBER)
        dora = colleague(cast, "dora", Role.MEMBER)
    with entered(cast.alice) as actor:
        board = Seat.objects.filter(user__in=[cast.alice, dora]).values_list("id", flat=True)
        make_team(actor=actor, name="Board", seats=list(board))
        gone = Seat.objects.get(user=outsiders["suspended"])
        change_seat(actor=actor, seat=gone, role=Role.MEMBER, is_active=False)
    return People({"alice": cast.alice, "dora": dora}, outsiders)


def colleague(cast: Cast, name: str, role: Role) -> User:
    user = make_user(email=f"{name}@plein.example", name=name.title(), language="en")
    give_seat(workspace=cast.here, user=user, role=role)
    return user


def make_visible(actor: Entrance, turn: int, many: int) -> tuple[Relation, Relation]:
    """People and companies for everyone here, with something of everything; a known one and a company of them."""
    company = create_organization(actor=actor, name=f"Bakkerij Dijkstra {turn}")
    for number in range(many):
        person = create_person(actor=actor, name=f"Sanne Dijkman {turn}{number:02}")
        add_contact_point(actor=actor, relation=person, text=f"sanne{turn}{number}@dijkman.example")
        add_membership(actor=actor, person=person, organization=company, role="bakker")
        place = ("Zwolle", "Ommen", "")[number % 3]
        edit_relation(actor=actor, relation=person, changes={"place": place}, based_on=person.version)
        if number % 4 == 0:
            record_moment(
                actor=actor, kind="call", participants=[Part(person.id)], subject="Brood", text="Over brood, @Bob."
            )
            create_todo(actor=actor, title="Brood halen", relation_id=person.id)
    twice = create_person(actor=actor, name=person.name)
    add_contact_point(actor=actor, relation=twice, text=f"sanne{turn}{many - 1}@dijkman.example")
    save_view(actor=actor, name=f"Bakkers {turn}", query=ViewQuery("person", q="bakker"), audience="everyone")
    return person, company


class Builder:
    """Makes visible and hidden things in turns, and remembers which transactions were hidden."""

    def __init__(self, database: TestDatabase, cast: Cast) -> None:
        self.database, self.cast = database, cast
        self.spans: list[tuple[int, int]] = []
        self.ids: dict[str, UUID] = {}
        self.touched: dict[str, int] = {}

    def visible(self, turn: int, many: int) -> tuple[Relation, Relation]:
        with entered(self.cast.bob) as bob:
            make_visible(bob, turn, many)
        with entered(self.cast.alice) as alice:
            made = make_visible(alice, turn + 5, many)
        work()
        self.recognise()
        return made

    def recognise(self) -> None:
        """What the queue does besides: look at the texts, as those who wrote them."""
        for user in (self.cast.alice, self.cast.bob):
            Recogniser(user, self.cast.here).run(tier=LIGHT)

    def hidden(self, numbers: range, known: Relation, company: Relation) -> None:
        with self.database.cluster.connect(self.database.name) as admin:
            before = rows_by_table(admin)
            first = next_transaction(admin)
            for number in numbers:
                # Nobody attaches two hundred files in a few seconds but who makes a world.
                admin.execute("DELETE FROM trust_rate_count")
                with entered(self.cast.alice) as alice:
                    self.ids = make_hidden(alice, number, known, company) | {"beside": known.id}
            work()
            self.recognise()
            last = next_transaction(admin)
            self.spans.append((first, last))
            after = rows_by_table(admin, [(first, last)])
        for name, count in before.items():
            if count != after.get(name, 0):
                self.touched[name] = self.touched.get(name, 0) + count - after.get(name, 0)


def tables_of(admin: psycopg.Connection) -> list[str]:
    rows = admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename").fetchall()
    return [name for (name,) in rows]


def next_transaction(admin: psycopg.Connection) -> int:
    """The number of a transaction of its own, which every later one is above."""
    [number] = admin.execute("SELECT pg_current_xact_id()::text::bigint").fetchone() or [0]
    return int(number)


def written_within(spans: list[tuple[int, int]]) -> str:
    return " OR ".join(f"xmin::text::bigint BETWEEN {first} AND {last}" for first, last in spans) or "false"


def rows_by_table(admin: psycopg.Connection, without: list[tuple[int, int]] | None = None) -> dict[str, int]:
    """How many rows each table has, apart from those written within these spans."""
    counted = {}
    for name in tables_of(admin):
        statement = f"SELECT count(*) FROM {name} WHERE NOT ({written_within(without or [])})"
        [counted[name]] = admin.execute(statement).fetchone() or [0]
    return counted


def take_away(admin: psycopg.Connection, spans: list[tuple[int, int]]) -> dict[str, int]:
    """Removes what was written within the spans, past all triggers; how many rows, by table."""
    removed = {}
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        for name in (one for one in tables_of(admin) if one not in MAY_CHANGE):
            count = admin.execute(f"DELETE FROM {name} WHERE {written_within(spans)}").rowcount
            if count:
                removed[name] = count
    return removed


@contextmanager
def copied(database: TestDatabase, name: str) -> Iterator[None]:
    """A copy of the database under a name, for as long as the block lasts."""
    connections.close_all()
    with database.cluster.connect() as admin:
        for (old,) in admin.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [TWIN]
        ).fetchall():
            if not Path("/proc", old.removeprefix(TWIN)).exists() or old == name:
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        admin.execute(copy.format(sql.Identifier(name), sql.Identifier(database.name)))
    try:
        yield
    finally:
        connections.close_all()
        with database.cluster.connect() as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def twin_worlds(
    database: TestDatabase, cast: Cast, visible: World, many: int, sign_in: Callable[[People], None]
) -> Iterator[Twins]:
    """Both worlds: `many` hidden relations were made in two turns between visible ones.

    `sign_in` makes sessions and tokens while there is one world still, so that they open both.
    """
    people = make_people(cast)
    builder = Builder(database, cast)
    known, company = builder.visible(1, 12)
    builder.hidden(range(many // 2), known, company)
    known, company = builder.visible(2, 12)
    builder.hidden(range(many // 2, many), known, company)
    builder.visible(3, 6)
    sign_in(people)
    name = f"{TWIN}{os.getpid()}"
    with copied(database, name):
        with database.cluster.connect(name) as admin:
            rows = take_away(admin, builder.spans)
        full = connections["default"]
        bare = DatabaseWrapper({**full.settings_dict, "NAME": name}, "default")
        try:
            yield Twins(full, bare, visible, World(builder.ids), people, rows, builder.touched)  # type: ignore[arg-type]
        finally:
            bare.close()


def measure(twins: Twins, cast: Cast) -> None:
    """Figures of a night, a snapshot and who may be here twice in both worlds, by somebody who sees what is hidden."""
    for each in (twins.full, twins.bare):
        with twins.in_the(each):
            with entered(cast.alice) as alice:
                assert measure_influence(actor=alice).people > 0
                assert take_snapshot(actor=alice).relations > 0
            compared(cast.alice)
            with entered(cast.alice):
                assert open_pairs().count() > 0
                assert sight(this_moment()) is not None
