# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards of the isolation, how to take each one away, and the short suite that must turn red without it.

Lock 1 (row-level security) is tried with managers that do not scope; lock 2 (scoped query sets) with row-level
security switched off; the finder without its predicates.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, connections, transaction

from plein.core.finding import finder, suggest
from plein.core.isolation import ContextMissing, nowhere
from plein.core.isolation.engine import base as engine
from plein.core.isolation.protection import APP
from plein.core.isolation.registry import guarded_tables
from plein.core.models import Change, SearchDocument
from plein.core.operations import EditConflict, changes_about, operation, save_edit
from plein.core.records import RecordQuerySet, UnscopedManager
from plein.lists.models import SavedView
from plein.metadata.actions import ensure_indexed, set_values
from plein.metadata.models import Field, FieldGroup
from plein.moments.models import MomentText, Participant
from plein.relations.actions import merge_relations
from plein.relations.models import Membership, Relation, RelationCell, RelationValues
from plein.testing.cast import Cast
from plein.testing.factories import make_field, make_group, make_membership, make_moment, make_organization, make_person
from plein.trust import permissions
from plein.trust.actions import make_team
from plein.trust.circles import only_me
from plein.trust.seats import NoSeat, entered

type Suite = Callable[[Cast], None]


@dataclass(frozen=True)
class Guard:
    """One guard: what it is, how to take it away, and what then must fail."""

    name: str
    removed: Callable[[], AbstractContextManager[None]]
    suite: Suite


@contextmanager
def by_owner(*statements: str, undone_by: tuple[str, ...] = ()) -> Iterator[None]:
    with connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    try:
        yield
    finally:
        with connections["owner"].cursor() as cursor:
            for statement in undone_by:
                cursor.execute(statement)


@contextmanager
def replaced(owner: object, name: str, value: object) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


def without_row_security() -> AbstractContextManager[None]:
    tables = [table.name for table in guarded_tables()]
    return by_owner(
        *(f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY" for name in tables),
        undone_by=tuple(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY" for name in tables),
    )


def unscoped(model: type[Relation]) -> UnscopedManager[Relation]:
    manager: UnscopedManager[Relation] = UnscopedManager()
    manager.model = model
    return manager


def lock_1_keeps_workspaces_apart(cast: Cast) -> None:
    with entered(cast.alice):
        make_person("Henk")
    with entered(cast.charlie):
        make_person("Charlies relatie")
        assert [row.name for row in unscoped(Relation).all()] == ["Charlies relatie"]


def lock_1_keeps_circles_apart(cast: Cast) -> None:
    with entered(cast.alice):
        make_person("Geheim", circle_id=only_me())
    with entered(cast.bob):
        assert not unscoped(Relation).filter(name="Geheim").exists()


def lock_2_keeps_workspaces_apart(cast: Cast) -> None:
    with without_row_security():
        with entered(cast.alice):
            make_person("Henk")
        with entered(cast.charlie):
            assert Relation.objects.count() == 0


def lock_2_keeps_circles_apart(cast: Cast) -> None:
    with without_row_security():
        with entered(cast.alice):
            make_person("Geheim", circle_id=only_me())
        with entered(cast.bob):
            assert Relation.objects.count() == 0


def the_finder_looks_only_where_it_may(cast: Cast) -> None:
    with entered(cast.alice):
        make_person("Geheim", circle_id=only_me())
    for stranger in (cast.bob, cast.charlie):
        with entered(stranger):
            assert suggest("geheim") == []


def a_tie_lives_in_the_meeting_of_its_ends(cast: Cast) -> None:
    with entered(cast.alice):
        make_membership(make_person("Geheim", circle_id=only_me()), make_organization())
    with entered(cast.bob):
        assert Membership.objects.count() == 0


def parts_follow_their_record(cast: Cast) -> None:
    with entered(cast.alice):
        person = make_person("Henk")
        moment = make_moment(person)
        with operation("change_circle"):
            type(moment).objects.filter(id=moment.id).update(circle_id=only_me())
    with entered(cast.bob):
        assert MomentText.objects.count() == 0
        assert Participant.objects.count() == 0


def what_is_found_follows_its_record(cast: Cast) -> None:
    with entered(cast.alice):
        person = make_person("Henk")
        with operation("change_circle"):
            Relation.objects.filter(id=person.id).update(circle_id=only_me())
    with entered(cast.bob):
        assert SearchDocument.objects.filter(record_id=person.id).count() == 0


def filled_in(cast: Cast, circle_id: int | None = None) -> tuple[Relation, Field]:
    """Henk, of whom a field is filled in that has cells."""
    with entered(cast.alice) as actor:
        field = make_field("text", make_group() if circle_id is None else make_group(circle_id=circle_id))
        ensure_indexed([field])
        person = make_person("Henk")
        set_values(actor=actor, values_model=RelationValues, record=person, values={"text": "jicht"})
    return person, field


def cells_follow_their_record(cast: Cast) -> None:
    person, _field = filled_in(cast)
    with entered(cast.alice), operation("change_circle"):
        Relation.objects.filter(id=person.id).update(circle_id=only_me())
    with entered(cast.bob):
        assert RelationCell.objects.count() == 0


def a_value_lives_where_both_are_seen(cast: Cast) -> None:
    with entered(cast.alice):
        mine = only_me()
    filled_in(cast, mine)
    with entered(cast.bob):
        assert RelationValues.objects.count() == 0


def values_follow_their_group(cast: Cast) -> None:
    _person, field = filled_in(cast)
    with entered(cast.alice), operation("change_field_group"):
        FieldGroup.objects.filter(id=field.group_id).update(circle_id=only_me())
    with entered(cast.bob):
        assert (Field.objects.count(), RelationValues.objects.count(), RelationCell.objects.count()) == (0, 0, 0)


def the_past_follows_its_record(cast: Cast) -> None:
    with entered(cast.alice):
        person = make_person("Henk", place="Zwolle")
        with operation("edit"):
            save_edit(person, {"place": "Ommen"}, based_on=1)
        with operation("change_circle"):
            Relation.objects.filter(id=person.id).update(circle_id=only_me())
    with entered(cast.bob):
        assert changes_about(person.id) == []
        assert not Change.objects.filter(row_id=person.id).exists()


def a_query_without_context_raises(cast: Cast) -> None:
    with nowhere():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except ContextMissing:
            return
    raise AssertionError("a query ran without anybody having said for whom")


def nobody_enters_without_a_seat(cast: Cast) -> None:
    try:
        with entered(cast.charlie, cast.here):
            pass
    except NoSeat:
        return
    raise AssertionError("somebody without a seat came in")


def a_member_may_not_manage(cast: Cast) -> None:
    with entered(cast.bob) as bob:
        try:
            make_team(actor=bob, name="Coup", seats=[])
        except PermissionDenied:
            return
    raise AssertionError("a member made a team")


def an_old_edit_is_refused(cast: Cast) -> None:
    with entered(cast.alice):
        person = make_person("Henk", place="Zwolle")
        for place in ("Ommen", "Kampen"):
            try:
                with operation("edit"):
                    save_edit(person, {"place": place}, based_on=1)
            except EditConflict:
                return
    raise AssertionError("an edit trampled another one")


def a_write_is_remembered(cast: Cast) -> None:
    with entered(cast.alice):
        person = make_person("Henk")
        assert Change.objects.filter(row_id=person.id).exists()


def open_policy(policy: str, table: str) -> AbstractContextManager[None]:
    """The policy lets everything through, as after a careless migration."""
    restore = f"DROP POLICY {policy}_gone ON {table}"
    return by_owner(
        f"CREATE POLICY {policy}_gone ON {table} TO {APP} USING (true) WITH CHECK (true)", undone_by=(restore,)
    )


def workspace_policy_gone() -> AbstractContextManager[None]:
    condition = "workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer"
    return by_owner(
        "ALTER POLICY workspace ON relations_relation USING (true) WITH CHECK (true)",
        "ALTER POLICY seen ON relations_relation USING (true) WITH CHECK (true)",
        undone_by=(
            f"ALTER POLICY workspace ON relations_relation USING ({condition}) WITH CHECK ({condition})",
            "ALTER POLICY seen ON relations_relation"
            " USING (circle_id = ANY (NULLIF(current_setting('plein.circles', true), '')::integer[]))"
            " WITH CHECK (circle_id = ANY (NULLIF(current_setting('plein.circles', true), '')::integer[]))",
        ),
    )


def trigger_gone(table: str, trigger: str) -> Callable[[], AbstractContextManager[None]]:
    return lambda: by_owner(
        f"ALTER TABLE {table} DISABLE TRIGGER {trigger}", undone_by=(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}",)
    )


def history_function_without_moving() -> AbstractContextManager[None]:
    """The history trigger as it would be if it forgot that the past has circles too."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('plein_history_relations_relation'::regproc)")
        [whole] = cursor.fetchone() or [""]
    start = whole.index("UPDATE core_change h")
    end = whole.index(";", start) + 1
    return by_owner(whole[:start] + whole[end:], undone_by=(whole,))


def entrance_without_seat_check() -> AbstractContextManager[None]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('plein_enter'::regproc)")
        [whole] = cursor.fetchone() or [""]
    open_door = whole.replace("AND (wanted IS NULL OR s.workspace_id = wanted)", "")
    assert open_door != whole
    return by_owner(open_door, undone_by=(whole,))


def only_what_is_seen_is_merged(cast: Cast) -> None:
    with entered(cast.alice):
        hidden, seen = make_person("Geheim", circle_id=only_me()), make_person("Henk")
    with entered(cast.bob), operation("merge_relations"):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT plein_merge_relations_relation(%s, %s)", [hidden.id, seen.id])
        except DatabaseError:
            return
    raise AssertionError("somebody merged what they cannot see")


def a_merge_stays_among_who_saw_both(cast: Cast) -> None:
    with entered(cast.alice) as alice:
        hidden, seen = make_person("Geheim", circle_id=only_me()), make_person("Henk")
        with operation("save_view"):
            SavedView.objects.create(kind="moment", name="Henk", query=f"relation={seen.id}")
        done = merge_relations(actor=alice, into=hidden, other=seen)
    with entered(cast.bob):
        assert not Change.objects.filter(operation_id=done.id).exists()


def changed_function(name: str, what: str, becomes: str) -> Callable[[], AbstractContextManager[None]]:
    """A function of the database with something in it taken away."""

    @contextmanager
    def removed() -> Iterator[None]:
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [name])
            [whole] = cursor.fetchone() or [""]
        assert what in whole
        with by_owner(whole.replace(what, becomes), undone_by=(whole,)):
            yield

    return removed


GUARDS = [
    Guard(
        "both sides of a merge are seen",
        changed_function("plein_merge_relations_relation", "<> 2", "< 0"),
        only_what_is_seen_is_merged,
    ),
    Guard(
        "a merge is known to who saw both",
        changed_function("plein_keep_apart", "narrower <> present", "false"),
        a_merge_stays_among_who_saw_both,
    ),
    Guard("lock 1, workspace", workspace_policy_gone, lock_1_keeps_workspaces_apart),
    Guard("lock 1, circle", lambda: open_policy("seen", "relations_relation"), lock_1_keeps_circles_apart),
    Guard(
        "lock 2, workspace and circle",
        lambda: replaced(RecordQuerySet, "in_context", lambda self: self),
        lock_2_keeps_workspaces_apart,
    ),
    Guard(
        "lock 2, circle", lambda: replaced(RecordQuerySet, "in_context", lambda self: self), lock_2_keeps_circles_apart
    ),
    Guard(
        "the finder's scope",
        lambda: replaced(finder, "scope", lambda alias: "true"),
        the_finder_looks_only_where_it_may,
    ),
    Guard(
        "the meeting of circles",
        trigger_gone("relations_membership", "a_circle"),
        a_tie_lives_in_the_meeting_of_its_ends,
    ),
    Guard("circles that follow", trigger_gone("moments_moment", "c_follow"), parts_follow_their_record),
    Guard(
        "search that follows", trigger_gone("relations_relation", "e_search_update"), what_is_found_follows_its_record
    ),
    Guard("cells that follow", trigger_gone("relations_values", "e_cells_update"), cells_follow_their_record),
    Guard("the circle of a value", trigger_gone("relations_values", "a_circle"), a_value_lives_where_both_are_seen),
    Guard("values that follow their group", trigger_gone("metadata_group", "c_follow"), values_follow_their_group),
    Guard("history that follows", history_function_without_moving, the_past_follows_its_record),
    Guard("history", trigger_gone("relations_relation", "d_history_insert"), a_write_is_remembered),
    Guard("the context of a query", lambda: replaced(engine, "current", lambda: None), a_query_without_context_raises),
    Guard("the seat at the entrance", entrance_without_seat_check, nobody_enters_without_a_seat),
    Guard("the version of an edit", trigger_gone("relations_relation", "b_version"), an_old_edit_is_refused),
    Guard(
        "the permission of a verb",
        lambda: replaced(permissions, "may", lambda actor, verb: True),
        a_member_may_not_manage,
    ),
]
