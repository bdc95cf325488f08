# SPDX-License-Identifier: AGPL-3.0-or-later
"""The functions and triggers that keep the network in step, put together from the SQL beside this and our measures."""

import json
from collections.abc import Iterator
from pathlib import Path

from plein.network.vocabulary import (
    DATED,
    EARLIEST,
    FARTHEST,
    FOR_A_WHILE,
    GROUND_OF,
    GROUP,
    LANDMARK,
    LARGEST,
    LASTING,
    MAY,
    MEASURE,
    OWN_FLOORS,
    PERSON,
    SHARED,
    Ground,
)
from plein.relations.vocabulary import NOT_FOR_ASKING

SQL = Path(__file__).parent / "sql"
DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
WORKSPACE = "NULLIF(current_setting('plein.workspace', true), '')::integer"
#: Parts in which somebody does not take part.
ASIDE = "('about', 'for', 'sender', 'reply_to')"
#: Up to so many rows a plan that is kept serves; for more the database plans anew.
FEW = 40
#: When the ties of more relations than this change at once, the feed does not name them.
MANY, NOBODY = 20_000, "00000000-0000-0000-0000-000000000000"
#: Writers share this lock of the workspace; who derives everything anew has it alone.
LOCK = 7_351_002

PART = "coalesce(p.relation_id, p.contact_point_id, p.id)"
COUNTS = "m.kind <> 'note' AND m.state = 'done' AND m.nature = 'personal'"
FIELDS = (
    "{sign} AS sign, m.id AS moment, m.kind, m.occurred_at AS at, p.relation_id AS relation,"
    f" {PART} AS who, p.role, p.circle_id AS circle"
)
CHANGED = (
    "n.relation_id IS DISTINCT FROM o.relation_id OR n.role <> o.role OR n.circle_id <> o.circle_id"
    " OR n.moment_id <> o.moment_id OR n.contact_point_id IS DISTINCT FROM o.contact_point_id"
)
OF_MOMENT = "m.workspace_id = the_workspace AND m.id = t.moment_id"
OF_WORKSPACE = "SELECT * FROM plein_network_measure(the_workspace)"
OTHERWISE = "SELECT $4 AS half_life, $5 AS weights, $6 AS crowd"
PRESENT = "JOIN moments_participant p ON p.workspace_id = the_workspace AND p.moment_id = m.id"


def _filled(name: str) -> str:
    text = (SQL / name).read_text()
    values = {
        "reciprocity": MEASURE.reciprocity,
        "earliest": EARLIEST,
        "farthest": FARTHEST,
        "landmark": LANDMARK.isoformat(),
        "half_life": MEASURE.half_life.total_seconds(),
        "crowd": MEASURE.crowd,
        "group": GROUP,
        "largest": LARGEST,
        "even": MEASURE.even,
        "weights": json.dumps(MEASURE.weights),
        "grounds": " ".join(f"WHEN '{kind}' THEN {ground.value}" for kind, ground in GROUND_OF.items()),
        "floors": json.dumps({ground.value: floor for ground, floor in MEASURE.floors.items()}),
        "lock": LOCK,
        "many": MANY,
        "nobody": NOBODY,
        "colleague": Ground.COLLEAGUE.value,
        "member": Ground.MEMBER.value,
        "own": Ground.OWN.value,
        "own_floors": " ".join(f"WHEN '{strength}' THEN {floor}" for strength, floor in OWN_FLOORS.items()),
        "shared": SHARED,
        "lasting": LASTING,
        "person": PERSON,
        "may": MAY,
        "for_a_while": FOR_A_WHILE,
        "dated": DATED,
        "not_for_asking": ", ".join(f"'{kind}'" for kind in sorted(NOT_FOR_ASKING)),
    }
    for key, value in values.items():
        text = text.replace("{" + key + "}", str(value))
    return text


def _now(touched: str) -> str:
    """What the moments touched amount to as they are now."""
    return (
        f"SELECT {FIELDS.format(sign=1)} FROM {touched} t JOIN moments_moment m ON {OF_MOMENT} AND {COUNTS} {PRESENT}"
        f" WHERE p.role NOT IN {ASIDE}"
    )


def _before(touched: str, other: str, were: str) -> str:
    """What they amounted to before: the participants that did not change, and those that did as they were."""
    stayed = (
        f" UNION ALL SELECT {FIELDS.format(sign=-1)} FROM {touched} t JOIN moments_moment m ON {OF_MOMENT}"
        f" AND {COUNTS} {PRESENT} WHERE p.role NOT IN {ASIDE} AND NOT EXISTS (SELECT FROM {other} x WHERE x.id = p.id)"
    )
    if not were:
        return stayed
    return stayed + (
        f" UNION ALL SELECT {FIELDS.format(sign=-1)} FROM {were} p JOIN {touched} t ON t.moment_id = p.moment_id"
        f" JOIN moments_moment m ON {OF_MOMENT} AND {COUNTS} WHERE p.role NOT IN {ASIDE}"
    )


def _statement(touched: str, sides: str) -> str:
    head = f"WITH touched AS MATERIALIZED ({touched}), sides AS MATERIALIZED ({sides})"
    return f"{head}{_additions(OF_WORKSPACE)}{_filled('keeping.sql')} SELECT array_agg(id) FROM kept"


def _additions(measure: str) -> str:
    """What sides add up to, measured so."""
    return _filled("additions.sql").replace("{measure}", measure)


def _function(name: str, statement: str, few: str) -> str:
    """Runs the statement, planned anew where many rows came, and carries its outcome over to the ties."""
    kept = statement.replace("SELECT array_agg(id) FROM kept", "SELECT array_agg(id) INTO touched_ids FROM kept")
    anew = statement.replace("the_workspace", "$1")
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger {DEFINER} AS $$\n"
        f"DECLARE the_workspace integer := {WORKSPACE}; touched_ids bigint[];\n"
        "BEGIN\n"
        "    IF the_workspace IS NULL THEN RETURN NULL; END IF;\n"
        f"    PERFORM pg_advisory_xact_lock_shared({LOCK}, the_workspace);\n"
        f"    IF (SELECT count(*) FROM (SELECT FROM {few} LIMIT {FEW + 1}) c) <= {FEW} THEN\n"
        f"        {kept};\n"
        "    ELSE\n"
        f"        EXECUTE $sql$ {anew} $sql$ INTO touched_ids USING the_workspace;\n"
        "    END IF;\n"
        "    IF touched_ids IS NOT NULL THEN PERFORM plein_network_settle(the_workspace, touched_ids); END IF;\n"
        "    RETURN NULL;\n"
        "END $$"
    )


def _of_participants() -> Iterator[str]:
    came = f"SELECT DISTINCT moment_id FROM new_rows WHERE role NOT IN {ASIDE}"
    went = f"SELECT DISTINCT moment_id FROM old_rows WHERE role NOT IN {ASIDE}"
    pairs = "new_rows n JOIN old_rows o ON o.workspace_id = n.workspace_id AND o.id = n.id"
    changed = f"SELECT n.moment_id FROM {pairs} WHERE {CHANGED} UNION SELECT o.moment_id FROM {pairs} WHERE {CHANGED}"
    now = _now("touched")
    yield _function("plein_network_came", _statement(came, now + _before("touched", "new_rows", "")), "new_rows")
    yield _function(
        "plein_network_changed", _statement(changed, now + _before("touched", "old_rows", "old_rows")), "new_rows"
    )
    yield _function(
        "plein_network_went", _statement(went, now + _before("touched", "old_rows", "old_rows")), "old_rows"
    )


def _of_moments() -> Iterator[str]:
    """A moment that counts no longer, or from now on, or took place at another time; and one that goes."""
    differs = "n.kind <> o.kind OR n.state <> o.state OR n.nature <> o.nature OR n.occurred_at <> o.occurred_at"
    pairs = "new_rows n JOIN old_rows o ON o.workspace_id = n.workspace_id AND o.id = n.id"
    touched = f"SELECT n.id AS moment_id FROM {pairs} WHERE {differs}"
    then = (
        f" UNION ALL SELECT {FIELDS.format(sign=-1)} FROM touched t JOIN old_rows m ON {OF_MOMENT} AND {COUNTS}"
        f" {PRESENT} WHERE p.role NOT IN {ASIDE}"
    )
    yield _function("plein_network_moved", _statement(touched, _now("touched") + then), "new_rows")
    gone = _statement("SELECT OLD.id AS moment_id", _now("touched").replace("1 AS sign", "-1 AS sign"))
    kept = gone.replace("SELECT array_agg(id) FROM kept", "SELECT array_agg(id) INTO touched_ids FROM kept")
    yield (
        f"CREATE OR REPLACE FUNCTION plein_network_gone() RETURNS trigger {DEFINER} AS $$\n"
        f"DECLARE the_workspace integer := {WORKSPACE}; touched_ids bigint[];\n"
        "BEGIN\n"
        "    IF the_workspace IS NULL OR OLD.kind = 'note' THEN RETURN OLD; END IF;\n"
        f"    PERFORM pg_advisory_xact_lock_shared({LOCK}, the_workspace);\n"
        f"    {kept};\n"
        "    IF touched_ids IS NOT NULL THEN PERFORM plein_network_settle(the_workspace, touched_ids); END IF;\n"
        "    RETURN OLD;\n"
        "END $$"
    )


def _trigger(table: str, name: str, timing: str, function: str, transition: str, each: str = "STATEMENT") -> str:
    what = f"{timing} ON {table} {transition} FOR EACH {each}"
    return f"CREATE OR REPLACE TRIGGER {name} {what} EXECUTE FUNCTION {function}()"


OLD = "REFERENCING OLD TABLE AS old_rows"
NEW = "REFERENCING NEW TABLE AS new_rows"
BOTH = "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"
#: The tables on which ties and consent depend, and what is called when their rows come, change and go.
DEPENDS = {
    "relations_tie": "plein_network_ties",
    "relations_tie_type": "plein_network_types",
    "relations_membership": "plein_network_members",
    "consent_in_force": "plein_network_decided",
    "consent_restriction": "plein_network_decided",
    "consent_subject": "plein_network_subjects",
    "consent_step_choice": "plein_network_choices",
    "consent_purpose": "plein_network_everybody",
    "consent_settings": "plein_network_everybody",
    "network_measuring": "plein_network_remeasured",
}


def _triggers() -> Iterator[str]:
    yield _trigger("moments_participant", "h_network_insert", "AFTER INSERT", "plein_network_came", NEW)
    yield _trigger("moments_participant", "h_network_update", "AFTER UPDATE", "plein_network_changed", BOTH)
    yield _trigger("moments_participant", "h_network_delete", "AFTER DELETE", "plein_network_went", OLD)
    # Before the circles of the participants follow: each step is taken from where the one before it left off.
    yield _trigger("moments_moment", "b_network_update", "AFTER UPDATE", "plein_network_moved", BOTH)
    yield _trigger("moments_moment", "b_network_delete", "BEFORE DELETE", "plein_network_gone", "", "ROW")
    for event, transition in (("INSERT", NEW), ("UPDATE", BOTH), ("DELETE", OLD)):
        name = f"h_network_feed_{event.lower()}"
        yield _trigger("network_half", name, f"AFTER {event}", "plein_network_fed", transition)
    yield _trigger("relations_relation", "h_network_update", "AFTER UPDATE", "plein_network_persons", BOTH)
    for table, function in DEPENDS.items():
        yield _trigger(table, "h_network_insert", "AFTER INSERT", function, NEW)
        yield _trigger(table, "h_network_update", "AFTER UPDATE", function, BOTH)
        yield _trigger(table, "h_network_delete", "AFTER DELETE", function, OLD)


CONTACT = (
    "c.low_id, c.high_id, c.circle_id, c.sum_out, c.sum_in, c.moments, c.written_out, c.written_in, c.called_out,"
    " c.called_in, c.chatted_out, c.chatted_in, c.posted_out, c.posted_in, c.together"
)
HALF = (
    "h.near_id, h.far_id, h.circle_id, h.ground, h.is_lasting, h.weight, h.starts_on, h.ends_on, h.is_shared,"
    " h.to_person, h.asked_until, h.is_used, h.origin_id"
)


def _truth() -> str:
    everything = (
        f"SELECT {FIELDS.format(sign=1)} FROM moments_moment m {PRESENT}"
        f" WHERE m.workspace_id = the_workspace AND {COUNTS} AND p.role NOT IN {ASIDE}"
    )
    text = _filled("truth.sql").replace("{contact_columns}", CONTACT).replace("{half_columns}", HALF)
    text = text.replace("{everything}", everything.replace("the_workspace", "$1"))
    anew = (_additions(OF_WORKSPACE) + _filled("keeping.sql")).replace("the_workspace", "$1")
    met = "SELECT FROM moments_participant x WHERE x.workspace_id = $1 AND x.moment_id = m.id AND x.relation_id"
    text = text.replace("{of_these}", everything.replace("the_workspace", "$1") + f" AND EXISTS ({met} = $2)"
                        f" AND EXISTS ({met} = ANY ($3))")  # fmt: skip
    otherwise = _additions(OTHERWISE).replace("the_workspace", "$1")
    return text.replace("{anew}", anew).replace("{otherwise}", otherwise)


def keeper_sql() -> str:
    """Everything, in order."""
    statements = [
        _filled("contact.sql"),
        *_of_participants(),
        *_of_moments(),
        _filled("ties.sql"),
        _filled("feed.sql"),
        _filled("whole.sql"),
        _truth(),
        *_triggers(),
    ]
    return ";\n".join(one.rstrip().rstrip(";") for one in statements)
