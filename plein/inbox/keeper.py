# SPDX-License-Identifier: AGPL-3.0-or-later
"""The function and triggers that keep messages where their texts say they belong."""

from collections.abc import Iterator
from pathlib import Path

SQL = Path(__file__).parent / "sql"
#: How many moves of one message are remembered: the first, and the latest of the others.
MOST_MOVES = 20
_TRANSITIONS = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "UPDATE": "REFERENCING NEW TABLE AS new_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
}


def _triggers() -> Iterator[str]:
    for table in ("moments_recognised", "moments_correction"):
        for event, transition in _TRANSITIONS.items():
            yield (
                f"CREATE OR REPLACE TRIGGER j_inbox_{event.lower()} AFTER {event} ON {table} {transition}"
                " FOR EACH STATEMENT EXECUTE FUNCTION plein_inbox_heard()"
            )


def keeper_sql() -> str:
    """Everything, in order."""
    functions = (SQL / "filing.sql").read_text().replace("{most}", str(MOST_MOVES))
    return ";\n".join(one.rstrip().rstrip(";") for one in (functions, *_triggers()))
