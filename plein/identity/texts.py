# SPDX-License-Identifier: AGPL-3.0-or-later
"""The functions and triggers that keep the keys in step, put together from the SQL beside this and our measures."""

import re
from collections.abc import Iterator
from pathlib import Path

from plein.identity.profiles import LEGAL_FORMS

SQL = Path(__file__).parent / "sql"
#: Writers share this lock of the workspace; who makes everything anew has it alone.
LOCK = 7_351_003
#: So many people with one key are looked at.
MOST = 60
#: From how many bearers on a name is counted at night instead of when somebody asks.
COMMON = 50
#: With more people than this, it takes a night until a workspace knows how many they are.
UNCOUNTED = 20_000
#: How names sound, Dutch and English: what is written so sounds like this; one after the other.
SOUNDS = (
    ("sch", "s"), ("ck", "k"), ("dt", "t"), ("th", "t"), ("ph", "f"), ("gh", "g"), ("ch", "g"), ("ij", "y"),
    ("ei", "y"), ("ey", "y"), ("qu", "kw"), ("x", "ks"), ("z", "s"), ("v", "f"), ("ce", "se"), ("ci", "si"),
    ("cy", "sy"), ("c", "k"), ("q", "k"), ("j", "i"),
)  # fmt: skip


def sound_of(family: str) -> str:
    """How a surname sounds, as the database has it."""
    for written, sounds in SOUNDS:
        family = family.replace(written, sounds)
    once = re.sub(r"(.)\1+", r"\1", family)
    return once[:1] + re.sub(r"[aeiouyh]", "", once[1:])


def _sounds() -> str:
    told = "family"
    for written, sounds in SOUNDS:
        told = f"replace({told}, '{written}', '{sounds}')"
    return told


def _filled(name: str) -> str:
    text = (SQL / name).read_text()
    values = {
        "lock": LOCK,
        "most": MOST,
        "common": COMMON,
        "uncounted": UNCOUNTED,
        "sounds": _sounds(),
        "sounds_told": "spelling aside, and but for the first letter without vowels",
        "legal_forms": "ARRAY[" + ", ".join(f"'{one}'" for one in sorted(LEGAL_FORMS)) + "]",
    }
    for key, value in values.items():
        text = text.replace("{" + key + "}", str(value))
    return text


OLD = "REFERENCING OLD TABLE AS old_rows"
NEW = "REFERENCING NEW TABLE AS new_rows"
BOTH = "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"
#: The tables that keys are made from, and what is called when their rows come, change and go.
SOURCES = {
    "relations_relation": "plein_identity_people",
    "relations_contact_point_link": "plein_identity_links",
    "relations_membership": "plein_identity_members",
}


def _triggers() -> Iterator[str]:
    for table, function in SOURCES.items():
        for event, transition in (("INSERT", NEW), ("UPDATE", BOTH), ("DELETE", OLD)):
            yield (
                f"CREATE OR REPLACE TRIGGER i_identity_{event.lower()} AFTER {event} ON {table} {transition}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
            )
    yield (
        f"CREATE OR REPLACE TRIGGER i_identity_update AFTER UPDATE ON relations_contact_point {BOTH}"
        " FOR EACH STATEMENT EXECUTE FUNCTION plein_identity_points()"
    )


def keeper_sql() -> str:
    """Everything, in order."""
    statements = [_filled("keys.sql"), _filled("candidates.sql"), *_triggers()]
    return ";\n".join(one.rstrip().rstrip(";") for one in statements)
