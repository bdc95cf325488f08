# SPDX-License-Identifier: AGPL-3.0-or-later
"""Generates the triggers that keep `core_search_document` in step with the rows it is made from.

Because a trigger keeps it, nothing forgets to: an edit, an import, an undo and a move to another circle all arrive.
"""

import re
from collections.abc import Iterator

from plein.core.isolation.declaration import Found
from plein.core.isolation.registry import GuardedTable

DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"


#: How a document says that it has no date.
NO_DATE = "NULL::timestamptz"


def _documents(found: Found) -> str:
    return (
        "INSERT INTO core_search_document"
        " (id, workspace_id, circle_id, record_id, kind, title, digits, words, occurred_at)\n"
        f"        SELECT n.id, n.workspace_id, n.circle_id, {found.record}, {found.kind}, {found.title},"
        f" {found.digits}, {found.words}, {found.at}\n"
        f"          FROM new_rows n {found.joins} WHERE {found.only}"
    )


def _tokens(found: Found) -> str:
    """Each word of the name, and the whole of it without spaces, so that both "van d" and "vand" find Van Dijk."""
    return (
        "INSERT INTO core_search_token (id, workspace_id, circle_id, document_id, kind, token, title)\n"
        f"        SELECT uuidv7(), n.workspace_id, n.circle_id, n.id, {found.kind}, t.token, f.folded\n"
        "          FROM new_rows n\n"
        # Folded once for all its words: the offset keeps the database from writing it out at each of them.
        f"         CROSS JOIN LATERAL (SELECT plein_fold({found.title}) AS folded OFFSET 0) f\n"
        "         CROSS JOIN LATERAL (SELECT DISTINCT left(word, 40) AS token"
        " FROM regexp_split_to_table(f.folded, '[^[:alnum:]]+') AS word WHERE word <> '') t"
    )


#: From how many letters on a word is compared with what somebody mistyped.
SHORTEST_WORD = 3


def _words(tokens: str) -> str:
    return (
        "INSERT INTO core_search_word (id, workspace_id, circle_id, word)\n"
        "        SELECT uuidv7(), w.workspace_id, w.circle_id, w.token FROM (\n"
        f"            SELECT DISTINCT t.workspace_id, t.circle_id, t.token FROM {tokens}\n"
        f"             WHERE length(t.token) >= {SHORTEST_WORD} AND t.token !~ '[0-9]') w\n"
        "        ON CONFLICT DO NOTHING"
    )


def _vocabulary(documents: str) -> str:
    """The words of these documents, from their tokens as they are kept."""
    return _words(f"core_search_token t JOIN {documents} n ON n.workspace_id = t.workspace_id AND n.id = t.document_id")


def _tokens_and_words(found: Found) -> str:
    """Both at once, so that the tokens are not looked up again."""
    made = f"{_tokens(found)} RETURNING workspace_id, circle_id, token"
    return f"WITH made AS ({made})\n        {_words('made t')}"


def filling(found: Found, table: str) -> Iterator[str]:
    """Statements that make the documents of a whole table at once, where they are missing."""
    yield _documents(found).replace("new_rows n", f"{table} n") + " ON CONFLICT DO NOTHING"
    if found.by_name:
        missing = " WHERE NOT EXISTS (SELECT FROM core_search_token k WHERE k.document_id = n.id)"
        yield "SET LOCAL enable_nestloop = off"
        yield _tokens(found).replace("new_rows n", f"(SELECT n.* FROM {table} n{missing}) n")
        yield _vocabulary(table)
        yield "SET LOCAL enable_nestloop = on"


def _unless_told_already(found: Found) -> str:
    """Documents stay as they are when their words do; of rows that only moved, they move.

    Not so of what takes its date from another table: that date may be another one by now.
    """
    if "n." not in found.at and found.at != NO_DATE:
        return ""
    asked = (found.record, found.kind, found.title, found.words, found.digits, found.at, found.only, found.joins)
    columns = ", ".join(dict.fromkeys(("id", *re.findall(r"\bn\.(\w+)", " ".join(asked)))))
    tables = [("core_search_document", "id"), *([("core_search_token", "document_id")] if found.by_name else [])]
    moved = "".join(
        f"            UPDATE {table} d SET circle_id = n.circle_id FROM new_rows n"
        f" WHERE d.workspace_id = n.workspace_id AND d.{column} = n.id AND d.circle_id <> n.circle_id;\n"
        for table, column in tables
    )
    if found.by_name:
        moved += f"            {_vocabulary('new_rows')};\n"
    return (
        "    IF TG_OP = 'UPDATE' THEN\n"
        f"        EXECUTE $sql$ SELECT EXISTS (SELECT {columns} FROM new_rows EXCEPT SELECT {columns} FROM old_rows)"
        " $sql$ INTO tells;\n"
        "        IF NOT tells THEN\n"
        f"{moved}"
        "            RETURN NULL;\n"
        "        END IF;\n"
        "    END IF;\n"
    )


def _function(table: GuardedTable, found: Found) -> str:
    tokens_away = tokens = ""
    if found.by_name:
        tokens_away = (
            "        DELETE FROM core_search_token t USING {rows} o"
            " WHERE t.workspace_id = o.workspace_id AND t.document_id = o.id;\n"
        )
        tokens = f"        {_tokens_and_words(found)};\n"
    away = (
        "        DELETE FROM core_search_document d USING {rows} o"
        " WHERE d.workspace_id = o.workspace_id AND d.id = o.id;\n" + tokens_away
    )
    return (
        f"CREATE OR REPLACE FUNCTION plein_search_{table.name}() RETURNS trigger {DEFINER} AS $$\n"
        "DECLARE tells boolean;\n"
        "BEGIN\n"
        f"{_unless_told_already(found)}"
        "    IF TG_OP <> 'INSERT' THEN\n"
        f"{away.format(rows='old_rows')}"
        "    END IF;\n"
        "    IF TG_OP <> 'DELETE' THEN\n"
        f"        {_documents(found)};\n"
        f"{tokens}"
        "    END IF;\n"
        "    RETURN NULL;\n"
        "END $$"
    )


def statements(table: GuardedTable) -> Iterator[str]:
    """The function and the triggers of one table that can be found."""
    found = table.isolation.found
    if found is None:
        return
    yield _function(table, found)
    for event, transition in (
        ("INSERT", "NEW TABLE AS new_rows"),
        ("UPDATE", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
        ("DELETE", "OLD TABLE AS old_rows"),
    ):
        yield (
            f"CREATE OR REPLACE TRIGGER e_search_{event.lower()} AFTER {event} ON {table.name} REFERENCING {transition}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION plein_search_{table.name}()"
        )


def keeper_functions(tables: tuple[GuardedTable, ...]) -> Iterator[str]:
    """The generated functions that must see every row of the workspace in force."""
    for table in tables:
        if table.isolation.found is not None:
            yield f"plein_search_{table.name}()"
