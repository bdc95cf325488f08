# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes colleagues who are signed in already, for the measuring of streams, and prints their cookies as JSON."""

import argparse
import importlib
import json
import os
import sys
from typing import Any

import django


def signed_in(count: int) -> dict[str, Any]:
    """The name of the cookie, the cookies of so many colleagues, and a relation to write about."""
    actions = importlib.import_module("plein.trust.actions")
    sessions = importlib.import_module("plein.trust.session_store")
    auth = importlib.import_module("django.contrib.auth")
    isolation = importlib.import_module("plein.core.isolation")
    seats = importlib.import_module("plein.trust.seats")
    relations = importlib.import_module("plein.relations.actions")
    settings = importlib.import_module("django.conf").settings
    workspace, email, _link = actions.ensure_first_workspace(name="Bench")
    cookies = []
    for number in range(count):
        user = actions.make_user(email=f"guest{number}@plein.example", name=f"Guest{number}", language="en")
        actions.give_seat(workspace=workspace.id, user=user, role="member")
        with isolation.no_workspace("bench"):
            session = sessions.SessionStore()
            session[auth.SESSION_KEY] = str(user.pk)
            session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.create()
            cookies.append(session.session_key)
    with isolation.no_workspace("bench"):
        owner = importlib.import_module("plein.trust.models").User.objects.get(email=email)
    with seats.entered(owner, workspace.id) as actor:
        person = relations.create_person(actor=actor, name="Henk van Dijk")
    return {"name": settings.SESSION_COOKIE_NAME, "cookies": cookies, "relation": str(person.id)}


def main() -> int:
    """Print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
    django.setup()
    # The reactions to a new seat, such as its person, are named there.
    importlib.import_module("plein.subscriptions")
    sys.stdout.write(json.dumps(signed_in(arguments.count)) + "\n")
    importlib.import_module("django.db").connections.close_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
