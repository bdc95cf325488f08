# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards of the audit log, how to take each one away, and the short suite that must turn red without it."""

from django.db import DatabaseError, connection, connections, transaction
from django.db.models import Q

from plein.core import chain
from plein.core.audit import NotForTheLog, audit, noting, reading
from plein.core.audit.reading import Wanted, lines_for_reader
from plein.core.ids import new_id
from plein.core.isolation.protection import APP
from plein.core.models import AuditEntry
from plein.relations.queries import picture_of, relation_of
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.tests.guards import Guard, by_owner, replaced, trigger_gone
from plein.trust.circles import only_me
from plein.trust.seats import entered


def the_application_only_adds_to_the_log(cast: Cast) -> None:
    with entered(cast.alice):
        audit("undo")
    with entered(cast.alice):
        before = AuditEntry.objects.count()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("DELETE FROM core_audit_head")
        except DatabaseError:
            pass
        assert AuditEntry.objects.count() == before
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM core_audit_head")
            assert cursor.fetchone() == (1,)


def the_owner_only_adds_to_the_log(cast: Cast) -> None:
    with entered(cast.alice):
        audit("undo")
    with connections["owner"].cursor() as cursor:
        try:
            cursor.execute("DELETE FROM core_audit_entry WHERE false")
        except DatabaseError:
            return
    raise AssertionError("the owner took lines of the log away")


def a_changed_line_is_found(cast: Cast) -> None:
    with entered(cast.alice):
        audit("undo", number=1)
    with entered(cast.alice):
        written, changed = (AuditEntry.objects.filter(event="undo").latest("seq") for _copy in range(2))
    changed.event = "read"
    _name, key = chain.present_key()
    seals = {chain.seal(key, chain.canonical(line, line.seq)) for line in (written, changed)}
    assert len(seals) == 2


def a_name_does_not_get_into_the_log(cast: Cast) -> None:
    with entered(cast.alice):
        try:
            audit("delete", name="Henk van Dijk")
        except NotForTheLog:
            return
    raise AssertionError("a name got into the log")


def what_is_hidden_is_hidden_in_the_log(cast: Cast) -> None:
    with entered(cast.bob):
        hidden = make_person("Hidden", circle_id=only_me())
        audit("delete", kind="relation", about=hidden.id)
    with entered(cast.alice):
        assert not [line for line in lines_for_reader(Wanted(), limit=50) if hidden.id in line.entry.records]


def a_look_is_logged(cast: Cast) -> None:
    with entered(cast.alice):
        hidden = make_person("Hidden", circle_id=only_me())
    with entered(cast.alice):
        picture_of(relation_of(hidden.id))
    with entered(cast.alice):
        assert AuditEntry.objects.filter(event="read", records__contains=[hidden.id]).exists()


def the_log_of_another_workspace_is_out_of_reach(cast: Cast) -> None:
    with entered(cast.charlie):
        audit("undo", about=new_id())
    with entered(cast.alice), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_audit_entry WHERE workspace_id = %s", [cast.elsewhere])
        assert cursor.fetchone() == (0,)


WORKSPACE = "workspace_id = coalesce(NULLIF(current_setting('plein.workspace', true), '')::integer, 0)"
LOG_GUARDS = [
    Guard(
        "the rights on the log",
        lambda: by_owner(
            f"GRANT DELETE ON core_audit_head TO {APP}", undone_by=(f"REVOKE DELETE ON core_audit_head FROM {APP}",)
        ),
        the_application_only_adds_to_the_log,
    ),
    Guard("the log that stands", trigger_gone("core_audit_entry", "stands"), the_owner_only_adds_to_the_log),
    Guard("the seal of a line", lambda: replaced(chain, "canonical", lambda entry, seq: b""), a_changed_line_is_found),
    Guard("words only", lambda: replaced(chain, "facts_of", lambda facts: "{}"), a_name_does_not_get_into_the_log),
    Guard(
        "who may see a line of the log",
        lambda: replaced(reading, "_visible", lambda: Q()),
        what_is_hidden_is_hidden_in_the_log,
    ),
    Guard("the log of looking", lambda: replaced(noting, "EYES", frozenset()), a_look_is_logged),
    Guard(
        "the log of one workspace",
        lambda: by_owner(
            "ALTER POLICY workspace ON core_audit_entry USING (true) WITH CHECK (true)",
            undone_by=(f"ALTER POLICY workspace ON core_audit_entry USING ({WORKSPACE}) WITH CHECK ({WORKSPACE})",),
        ),
        the_log_of_another_workspace_is_out_of_reach,
    ),
]
