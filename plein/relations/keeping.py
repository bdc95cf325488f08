# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the keeper of the database does for relations: acts that reach what whoever acts may not see."""

from plein.core.isolation.triggers import DEFINER

WORKSPACE = "NULLIF(current_setting('plein.workspace', true), '')::integer"


def keeper_sql() -> str:
    """The function that makes ties of one of the company's own kinds ties of another kind.

    It works under the operation in force; what becomes of each tie is kept in the circle of that tie.
    """
    signature = "plein_retype_ties(the_gone uuid, the_kind text, the_type uuid) RETURNS void"
    return (
        f"CREATE OR REPLACE FUNCTION {signature} {DEFINER} AS $$\n"
        "BEGIN\n"
        "    UPDATE relations_tie SET kind = the_kind, type_id = the_type\n"
        f"     WHERE workspace_id = {WORKSPACE} AND type_id = the_gone;\n"
        "END $$"
    )
