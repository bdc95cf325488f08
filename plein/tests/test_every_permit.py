# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every action of every domain, called straight, refuses whoever has no right to it, before it looks at anything.

The list is read from the code, so that a new action is tried too. Each `permit` is then taken away by itself, and the
same call must get further than it may.
"""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

import plein
from plein.core.models import Operation
from plein.testing.cast import Cast
from plein.testing.figures import Note
from plein.tests.guards import replaced
from plein.trust.seats import Entrance, entered

type Action = Callable[..., Any]
#: Actions that ask for no verb themselves, each with the reason.
NO_VERB = {
    "begin_import": "start_import asks, which it begins with",
    "begin_hearing": "start_hearing asks, which it begins with",
    "is_large": "writes nothing: it counts what the reader sees, before the export asks",
    "discard_draft": "takes away what only its own seat sees; whoever may no longer write need not keep a draft",
    "change_view": "asks may_change: a view is changed by who made it, or by who manages",
    "delete_view": "asks may_change: a view is removed by who made it, or by who manages",
    "welcome_user": "about oneself: name and password at the first visit",
    "revoke_token": "about oneself: a token of one's own, to let fewer in",
    "undo_operation": "asks permit_undo: whose operation it is decides",
    "pause_run": "_move asks, for all three",
    "resume_run": "_move asks, for all three",
    "cancel_run": "_move asks, for all three",
    "undo_run": "asks permit_undo, when it turns back",
    "turn_back": "asks permit_undo: whose operation it is decides",
    "assign_many": "sets a detail of many to-dos, which asks",
    "note_job": "add_membership or change_job asks, whichever it is",
    "plan_many": "sets a detail of many to-dos, which asks",
}
#: What an action must be given to come as far as its question.
GIVEN: dict[str, dict[str, Any]] = {"change_many": {"kind": "person", "act": "tag", "wish": {}}}
#: Whose permit stands before another one: which of those it calls asks as well.
ASKED_AGAIN = {
    "moments.actions.appointments.change_appointment": "plein.moments.actions.editing",
    "identity.actions.duplicates.merge_pair": "plein.relations.actions.merging",
}
#: Actions in modules that are no actions of a domain.
LEFT_OUT = ("plein.testing", "plein.tests", "plein.cli")


def modules_of_actions() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(plein.__path__, "plein."):
        if ".tests" in found.name or found.name.startswith(LEFT_OUT) or ".actions" not in found.name:
            continue
        yield import_module(found.name)


def actions() -> list[Action]:
    """Every public function that takes an actor by keyword and is written in a module of actions."""
    found = {
        f"{one.__module__}.{name}": one
        for module in modules_of_actions()
        for name, one in inspect.getmembers(module, inspect.isfunction)
        if one.__module__.startswith("plein.") and not name.startswith("_")
        if (actor := inspect.signature(one).parameters.get("actor")) and actor.kind is actor.KEYWORD_ONLY
    }
    return [one for name, one in sorted(found.items()) if ".actions" in name]


def guarded() -> list[Action]:
    return [one for one in actions() if "permit(" in inspect.getsource(one)]


def named(action: Action) -> str:
    return f"{action.__module__.removeprefix('plein.')}.{action.__name__}"


def refuses(action: Action, actor: Entrance) -> bool:
    """Whether the action refuses this actor; what else it is given is nothing, for it must not come to that."""
    given: dict[str, Any] = dict.fromkeys(
        one.name for one in inspect.signature(action).parameters.values() if one.default is one.empty
    )
    given |= GIVEN.get(action.__name__, {})
    if action.__name__ == "permit_undo":
        given["operation_id"] = Operation.objects.latest("started_at").id
    try:
        with transaction.atomic():
            action(**given | {"actor": actor})
            transaction.set_rollback(True)
    except PermissionDenied:
        return True
    except Exception:  # noqa: BLE001 - it got further than it may, and stumbled over what it was not given
        return False
    return False


def without_rights(seat: Entrance) -> Entrance:
    """A seat whose role may do nothing at all, not even read."""
    return Entrance(seat.seat_id, "nothing", seat.workspace_id, seat.workspace_name, seat.user)


def test_every_action_asks_or_says_why_not() -> None:
    assert len(actions()) > 100
    silent = {one.__name__ for one in set(actions()) - set(guarded())}
    assert silent == NO_VERB.keys()


@pytest.mark.django_db
def test_every_action_refuses_who_has_no_right(cast: Cast, note: Note) -> None:
    with entered(cast.alice) as alice:
        nobody = without_rights(alice)
        wrong = [named(one) for one in guarded() if not refuses(one, nobody)]
    note(actions=len(guarded()), let_through=len(wrong))
    assert wrong == []


@pytest.mark.django_db
def test_every_permit_that_is_taken_away_is_missed(cast: Cast, note: Note) -> None:
    """A permit that nobody misses stands before another one, which must then be named here."""
    missed = 0
    unnoticed = []
    with entered(cast.alice) as alice:
        nobody = without_rights(alice)
        for action in guarded():
            second = ASKED_AGAIN.get(named(action), action.__module__)
            with (
                replaced(inspect.getmodule(action), "permit", lambda actor, verb: None),
                replaced(import_module(second), "permit", lambda actor, verb: None),
            ):
                if refuses(action, nobody):
                    unnoticed.append(named(action))
                else:
                    missed += 1
    note(permits=f"{missed} of {len(guarded())} caught")
    assert unnoticed == []
