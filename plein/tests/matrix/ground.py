# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who asks in the matrix, in whose circles the things are put, and the keeper that sees whether anything changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
from django.db import connection, transaction

from plein.api.tests.world import put_among_people
from plein.core.isolation import no_workspace
from plein.core.isolation.registry import guarded_tables
from plein.core.operations import operation
from plein.testing.cast import Cast, without_reactions
from plein.testing.database import TestDatabase
from plein.trust.actions import change_seat, give_seat, make_team, make_user
from plein.trust.circles import circle_of_people, circle_of_team, everyone, only_me
from plein.trust.models import Role, Seat, User
from plein.trust.seats import entered

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NOBODY, SUSPENDED, STRANGER = "nobody", "suspended", "stranger"
#: Places whose circle the askers are in, and those they are not in; NOWHERE is ids of nothing.
SEEN = ("everyone", "a team of theirs", "named among others")
HIDDEN = ("another team", "others by name", "only its author")
NOWHERE = "nowhere"
#: What counts visits, attempts and use, and the log, which also knows of looks and refusals; nobody's data.
UNCOUNTED = (
    "trust_session",
    "trust_rate_count",
    "trust_attempt",
    "trust_api_token",
    "core_audit_",
    "procrastinate_",
    "django_session",
)
CHECKSUM = """
CREATE OR REPLACE FUNCTION plein_trial_checksum() RETURNS text LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE name text; sum text; whole text := '';
BEGIN
    FOREACH name IN ARRAY %s LOOP
        EXECUTE format('SELECT coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM %%I t', name)
           INTO sum;
        whole := whole || name || sum;
    END LOOP;
    RETURN md5(whole);
END $$;
GRANT EXECUTE ON FUNCTION plein_trial_checksum() TO PUBLIC;
"""


@dataclass
class Ground:
    """The askers by role, the circles by place, and the administrator who puts things there."""

    admin: psycopg.Connection
    cast: Cast
    askers: dict[str, User | None]
    circles: dict[str, int]

    def put(self, place: str) -> None:
        """Everything of Alice's workspace goes into the circle of this place."""
        with self.admin.transaction():
            self.admin.execute("SET LOCAL session_replication_role = replica")
            for table in guarded_tables():
                if table.has_circle:
                    statement = f"UPDATE {table.name} SET circle_id = %s WHERE workspace_id = %s AND circle_id <> %s"
                    circle = self.circles[place]
                    self.admin.execute(statement, [circle, self.cast.here, circle])


def checksum() -> str:
    """Of all rows of all tables, past all policies, as they are in the running transaction."""
    with no_workspace("trial"), connection.cursor() as cursor:
        cursor.execute("SELECT plein_trial_checksum()")
        [sum_] = cursor.fetchone() or [""]
        return str(sum_)


def has_written() -> bool:
    """Whether the running transaction wrote anything at all, even if it took it back."""
    with no_workspace("trial"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        return bool((cursor.fetchone() or [False])[0])


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written inside is taken back, so that each cell finds the same world."""
    with transaction.atomic(), no_workspace("trial"):
        yield
        transaction.set_rollback(True)


def seats_of(users: list[User]) -> list[UUID]:
    return list(Seat.objects.filter(user__in=users).values_list("id", flat=True))


@contextmanager
def ground_of(database: TestDatabase, cast: Cast) -> Iterator[Ground]:
    """Somebody for each role, apart from Alice, who made what there is."""
    askers: dict[str, User | None] = {NOBODY: None, STRANGER: cast.charlie}
    with without_reactions():
        for role in (*Role.values, SUSPENDED):
            user = make_user(email=f"asks-{role}@plein.example", name=f"Asks {role}", language="en")
            give_seat(workspace=cast.here, user=user, role=Role.MEMBER if role == SUSPENDED else role)
            askers[role] = user
    put_among_people(user for user in askers.values() if user)
    with entered(cast.alice) as alice:
        mine, bobs = seats_of([cast.alice]), seats_of([cast.bob])
        all_ = seats_of([user for user in askers.values() if user and user != cast.charlie]) + mine
        with operation("change_circle"):
            circles = {
                "everyone": everyone(),
                "a team of theirs": circle_of_team(make_team(actor=alice, name="Theirs", seats=[*all_, *bobs])),
                "named among others": circle_of_people([*all_, *bobs]),
                "another team": circle_of_team(make_team(actor=alice, name="Board", seats=mine)),
                "others by name": circle_of_people([*mine, *bobs]),
                "only its author": only_me(),
            }
        gone = Seat.objects.get(user=askers[SUSPENDED])
        change_seat(actor=alice, seat=gone, role=Role.MEMBER, is_active=False)
    with database.cluster.connect(database.name) as admin:
        rows = admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        names = [name for (name,) in rows if not name.startswith(UNCOUNTED)]
        admin.execute(CHECKSUM % ("ARRAY['" + "','".join(names) + "']"))
        yield Ground(admin, cast, askers, circles)
