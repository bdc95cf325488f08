# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein generate --from DIR`: the workload that other systems were measured with, from its CSV files.

The folder holds organisations.csv, contacts.csv and activities.csv; deals.csv is passed over, there are no deals yet.
"""

from pathlib import Path
from time import perf_counter

from plein.generate.bulk import Say, derive_network, open_tables
from plein.generate.synthetic import HERE, Generated

FILES = {
    "given_organization": (
        "organisations.csv",
        "idx bigint, name text, email text, phone text, city text, industry text",
    ),
    "given_contact": (
        "contacts.csv",
        "idx bigint, first_name text, last_name text, email text, phone text, city text, org_idx bigint, title text",
    ),
    "given_activity": (
        "activities.csv",
        "idx bigint, contact_idx bigint, org_idx bigint, kind text, direction text, at timestamptz,"
        " subject text, body text",
    ),
}


class NotAWorkload(ValueError):
    """A folder without the three files."""


def load(*, workspace: int, circle: int, folder: Path, say: Say) -> Generated:
    """Load a workload into a workspace."""
    for name, _columns in FILES.values():
        if not (folder / name).is_file():
            raise NotAWorkload(f"{folder} holds no {name}.")
    started = perf_counter()
    with open_tables(say) as cursor:
        counts = {}
        for table, (name, columns) in FILES.items():
            say(f"Reading {name}")
            cursor.execute(f"CREATE TEMP TABLE {table} ({columns}) ON COMMIT DROP")
            with (
                (folder / name).open("rb") as source,
                cursor.cursor.copy(f"COPY {table} FROM STDIN WITH (FORMAT csv, HEADER true)") as copy,
            ):
                while chunk := source.read(1 << 20):
                    copy.write(chunk)
            cursor.execute(f"ANALYZE {table}")
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[table] = int((cursor.fetchone() or (0,))[0])
        statements = [part for part in (HERE / "sql" / "workload.sql").read_text().split(";\n") if part.strip()]
        for number, statement in enumerate(statements, start=1):
            say(f"Making records, step {number} of {len(statements)}")
            cursor.execute(statement, {"workspace": workspace, "circle": circle})
    derive_network(workspace, say)
    return Generated(
        counts["given_contact"], counts["given_organization"], counts["given_activity"], perf_counter() - started
    )
