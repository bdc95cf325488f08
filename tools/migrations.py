# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fails when a model changed without a migration. As `makemigrations --check`, but needs no database."""

import os
import sys

import django
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def main() -> int:
    """Compares the models with what the migrations make."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
    django.setup()
    loader = MigrationLoader(None)
    conflicts = loader.detect_conflicts()
    for app, names in conflicts.items():
        sys.stdout.write(f"{app}: the migrations {', '.join(sorted(names))} do not follow each other\n")
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    changes = detector.changes(graph=loader.graph)
    for app, migrations in changes.items():
        for migration in migrations:
            for operation in migration.operations:
                sys.stdout.write(f"{app}: without a migration: {operation.describe()}\n")
    sys.stdout.write(f"migrations: {len(changes) + len(conflicts)} troubles\n")
    return 1 if changes or conflicts else 0


if __name__ == "__main__":
    sys.exit(main())
