# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes plein/cli/sql/tables.sql anew: what the migrations make of an empty database, for `plein.cli.first_tables`.

`check` tells whether the migrations that it says are in it are still the ones that made it.
"""

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from zlib import crc32

import django
from django.apps import apps

import plein.testing.home  # noqa: F401 — a place of its own, before the settings are read

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
if not apps.ready:
    django.setup()

from django.db.migrations.loader import MigrationLoader  # noqa: E402

from plein.cli.first_tables import TABLES  # noqa: E402
from plein.operate.places import OWNER, PORT  # noqa: E402
from plein.testing.database import migrated_step_by_step, test_cluster  # noqa: E402

MARK = re.compile(r"^-- (\w+)\.(\w+) ([0-9a-f]{8})$", re.MULTILINE)
#: What pg_dump says of itself and of its session.
OF_ITSELF = re.compile(
    r"^(--\n-- .*\n--\n+|-- Dumped .*\n|-- \*not\* .*\n|\\(un)?restrict .*\n|SELECT pg_catalog\.set_config\(.*\n|"
    r"SET (\w+_timeout|client_encoding|standard_conforming_strings|check_function_bodies|xmloption|client_min_messages|"
    r"row_security|default_tablespace|default_table_access_method) = .*;\n)",
    re.MULTILINE,
)
#: What a function may do, and as whom: the protection that follows does not say it of every function.
RIGHTS = re.compile(
    rf"^(?:ALTER FUNCTION .* OWNER TO (?!{OWNER};).*|(?:REVOKE|GRANT) .* ON FUNCTION .*);$", re.MULTILINE
)
HEAD = """-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Written by tools/first_tables.py from these migrations; do not change it by hand.
"""


def prints() -> dict[tuple[str, str], str]:
    """Every migration there is, with a print of its text."""
    found = {}
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        path = Path(str(import_module(migration.__module__).__file__))
        found[app, name] = f"{crc32(path.read_bytes()):08x}"
    return found


def changed() -> list[str]:
    """Migrations that tables.sql was made from and that are others now, or gone."""
    now = prints()
    return [
        f"{app}.{name}"
        for app, name, mark in MARK.findall(TABLES.read_text() if TABLES.exists() else "")
        if now.get((app, name)) != mark
    ]


def dumped(name: str, *words: str) -> str:
    """The tables, functions and indexes of a database of the tests' server, as pg_dump tells them."""
    cluster = test_cluster()
    words = ("--schema-only", "--no-comments", "--exclude-extension=*", *words)
    command = [str(cluster.programs / "pg_dump"), "-h", str(cluster.socket), "-p", str(PORT), "-U", "postgres", *words]
    told = subprocess.run([*command, "-d", name], capture_output=True, text=True, check=True).stdout
    return re.sub(r"\n\n\n+", "\n\n", OF_ITSELF.sub("", told)).strip() + "\n\n"


def rights(name: str) -> str:
    """The owners of functions and who may call them, in statements that the owner of the database may carry out."""
    lines = RIGHTS.findall(dumped(name))
    others = sorted({line.rsplit(" ", 1)[1].rstrip(";") for line in lines if line.startswith("ALTER")})
    before = [f"GRANT CREATE ON SCHEMA public TO {role};" for role in others]
    after = [f"REVOKE CREATE ON SCHEMA public FROM {role};" for role in others]
    return "\n".join([*before, *lines, *after]) + "\n\n"


def write() -> None:
    """Migrates an empty database step by step and keeps what that made."""
    marks = prints()
    with migrated_step_by_step() as name:
        tables = dumped(name, "--no-owner", "--no-privileges") + rights(name)
    lines = [f"-- {app}.{name} {mark}" for (app, name), mark in sorted(marks.items())]
    rows = ",\n".join(f"    ('{app}', '{name}', now())" for app, name in sorted(marks))
    applied = f"INSERT INTO public.django_migrations (app, name, applied) VALUES\n{rows};\n"
    TABLES.write_text(HEAD + "\n".join(lines) + "\n\n" + tables + applied)


def main(words: list[str]) -> int:
    """`renew` or `check`."""
    if words == ["renew"]:
        write()
    others = changed()
    for name in others:
        sys.stdout.write(f"{name} changed after the first tables were written: run tools/first_tables.py renew\n")
    missing = len(prints()) - len(MARK.findall(TABLES.read_text()))
    sys.stdout.write(f"first tables: {len(others)} troubles, {missing} later migrations\n")
    return 1 if others else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
