# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may look past the circles, and by which few files: each list is read by somebody before it grows."""

import ast
import re

from plein.tests.sources import PACKAGE, calls, nodes

#: Statements that become a role which sees more; the rest of the product cannot.
TAKE_A_ROLE = {"core/finding/finder.py": "the finder, which only reads and takes a scope"}
AS_OWNER = {
    "cli/preparation.py": "migrates and protects",
    "cli/doctor.py": "looks whether the protection is in force",
    "generate/bulk.py": "makes test companies",
}
#: Managers that do not scope by themselves; row-level security does, and why that is enough here.
UNSCOPED = {
    "core/operations/conflict.py": "the row that somebody just saw and edits",
    "web/changes.py": "names for a history that its reader sees",
    "example/rows.py": "writes the example company",
}
#: Outside the protection itself: functions of an app that see every row, in force and owned as those of the protection.
DEFINERS = {
    "cli/sql/tables.sql": "what the migrations make, of which some make such functions",
    "questions/sql/keeper.sql": "asks colleagues, of whom who asks may not read what they did with it",
    "asking/sql/keeper.sql": "carries an answer to who asked, who may not read it",
    "opinions/sql/keeper.sql": "whose data are not used counts for everybody, whoever sees them; it names nobody",
    "erasure/sql/keeper.sql": "finds and takes out whom nobody sees whole",
    "inbox/sql/filing.sql": "moves a message when what its text is worth changes, whoever sees that text",
    "identity/sql/keys.sql": "keeps the keys of people in step, whoever wrote what they are made from",
    "network/sql/whole.sql": "reads all ties of a circle, and asks once whether the reader belongs to it",
    "network/sql/feed.sql": "notes whose ties changed, whoever changed them",
    "network/sql/contact.sql": "keeps contact in step, whoever wrote the moment",
    "network/sql/ties.sql": "keeps ties in step, whoever wrote what they come from",
    "network/sql/truth.sql": "derives all of it anew and compares",
    "network/texts.py": "makes the triggers that call those",
}
#: Who opens a kept file, after asking for the record it belongs to.
OPENS_FILES = {
    "core/blobs.py": "keeps them",
    "documents/reading.py": "by its attachment, as a colleague who sees it",
    "moments/views/files.py": "by its attachment, seen by the reader",
    "moments/views/leftovers.py": "by its problem of an import of the reader",
    "moments/api/reading.py": "by its attachment, seen by the reader",
    "moments/api/imports.py": "by its problem of an import of the reader",
    "relations/views/record.py": "by the relation whose photo it is",
    "relations/api/reading.py": "by the relation whose photo it is",
    "dav/card_photos.py": "by the relation whose photo it is, seen by the reader",
    "outbox/lettering.py": "by the mail it leaves with, as its writer",
    "erasure/actions/erasing.py": "removes it",
    "erasure/spool.py": "looks for whom is erased",
}


def texts() -> list[tuple[str, str]]:
    return [
        (name, node.value) for name, node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_few_become_a_role_that_sees_more() -> None:
    taking = re.compile(r"set_config\('role'|SET (LOCAL )?ROLE (?!NONE)|SET SESSION AUTHORIZATION", re.IGNORECASE)

    assert {name for name, text in texts() if taking.search(text)} == set(TAKE_A_ROLE)
    owned = {
        name
        for name, node in nodes()
        if isinstance(node, ast.Subscript) and ast.unparse(node) == "connections['owner']"
    }
    using = {name for name, call, called in calls() if called.endswith(".using") and "owner" in ast.unparse(call)}
    assert owned | using == set(AS_OWNER)


def test_few_ask_past_the_managers_that_scope() -> None:
    found = {name for name, node in nodes() if isinstance(node, ast.Attribute) and node.attr == "_base_manager"}

    assert found == set(UNSCOPED)
    made = {name for name, call, called in calls() if called.partition("[")[0] == "UnscopedManager"}
    assert made <= {"core/records.py"} or all(name.endswith("models.py") for name in made)


def test_functions_that_see_more_are_made_where_the_protection_is() -> None:
    written = {str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.sql") if "DEFINER" in path.read_text()}
    found = {name for name, text in texts() if "SECURITY DEFINER" in text} | written

    assert {name for name in found if not name.startswith("core/isolation/")} == set(DEFINERS)


def test_a_kept_file_is_opened_after_asking_for_its_record() -> None:
    opening = {"path_of", "blobs.path_of"}

    assert {name for name, _call, called in calls() if called in opening} == set(OPENS_FILES)


def test_a_frame_is_a_sandbox_without_scripts() -> None:
    frames = [
        (path.name, tag)
        for path in PACKAGE.glob("*/templates/**/*.html")
        for tag in re.findall(r"<iframe\b[^>]*>", path.read_text())
    ]

    assert frames
    for name, tag in frames:
        rules = re.search(r'\bsandbox="([^"]*)"', tag)
        assert rules is not None and not {"allow-scripts", "allow-same-origin"} & set(rules[1].split()), (name, tag)
