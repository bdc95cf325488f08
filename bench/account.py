# SPDX-License-Identifier: AGPL-3.0-or-later
"""Run as ``python -m bench.account`` with PLEIN_HOME set: makes the tables and the first account, prints a way in."""

import argparse
import importlib
import json
import os
import secrets
import sys
from typing import Any

import django

from plein.operate.cluster import cluster_of
from plein.operate.places import places


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def way_in(with_password: bool) -> dict[str, Any]:
    """The owner's address, a fresh one-time link and, when asked for, a fresh password."""
    # By name, because tables exist only after Django's set-up, which asks where the database is.
    actions = importlib.import_module("plein.trust.actions")
    users = importlib.import_module("plein.trust.models").User
    isolation = importlib.import_module("plein.core.isolation")
    workspace, email, _link = actions.ensure_first_workspace(name="Bench")
    password = secrets.token_urlsafe(24) if with_password else ""
    with isolation.no_workspace("bench"):
        user = users.objects.get(email=email)
        if password:
            actions.change_password(user=user, password=password)
        link = actions.make_one_time_link(user=user)
    token = actions.make_token(user=user, workspace=workspace.id, scope="read")
    return {"email": email, "link": link, "password": password, "token": token}


def main() -> int:
    """Print the way in as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--password", action="store_true")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
    cluster = cluster_of(places(), _say)
    with cluster.in_use():
        django.setup()
        importlib.import_module("plein.cli.preparation").prepare(cluster, _say)
        found = way_in(arguments.password)
        importlib.import_module("django.db").connections.close_all()
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
