# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever a program or a page can write is carried out once and turned back: then every row is as it was."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction

from plein.api.tests.bodies import carry_out
from plein.api.tests.conftest import Calling
from plein.api.tests.test_permissions import operations
from plein.api.tests.world import fill
from plein.core.models import Operation
from plein.core.operations import CannotUndo
from plein.lists.bulk.actions import turn_back
from plein.testing.cast import Cast
from plein.tests.trials.undoing import Rows, picture, told
from plein.trust.seats import entered

#: Verbs whose operation is no change of rows that could be turned back, or not by the ordinary undo, and why.
NOT_SO = {
    "export_list": "It writes nothing here: the file is with who took it.",
    "send_mail": "What has left does not come back; before that it is taken back out of the outbox.",
    "generate": "Invented data are made to measure with, in a workspace that is thrown away.",
    "load_example": "The example company goes by its own way out, which tramples.",
    "remove_example": "It is itself the undo of loading the example company.",
    "give_seat": "A seat is ended, not unmade: what somebody did refers to it.",
    "undo": "It is turned back in the trials of undo.",
}


def differences(before: Rows, after: Rows) -> list[str]:
    """The rows that are not as they were, in words."""
    keys = before.keys() | after.keys()
    return sorted(
        f"{key[0]}: {told(before.get(key))} became {told(after.get(key))}"
        for key in keys
        if told(before.get(key)) != told(after.get(key))
    )


@contextmanager
def forgotten() -> Iterator[None]:
    """What is done inside is not there afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def undone(cast: Cast, act: Callable[[], None], name: str) -> tuple[set[str], list[str]]:
    """Do something and turn it back, last thing first: which verbs that were, and what is not as it was."""
    users = (cast.alice, cast.bob)
    with entered(cast.alice):
        known = set(Operation.objects.values_list("id", flat=True))
    before = picture(users)
    act()
    after = picture(users)
    with entered(cast.alice) as actor:
        made = list(Operation.objects.exclude(id__in=known).order_by("-started_at", "-id"))
        for one in made:
            try:
                turn_back(actor=actor, operation_id=one.id)
            except CannotUndo as reason:
                if reason.reason != "unknown":
                    return {one.verb}, [f"{name}: cannot be undone, {reason.reason}"]
    if not made:
        return set(), [f"{name}: without an operation: {line}" for line in differences(before, after)]
    return {one.verb for one in made}, [f"{name}: {line}" for line in differences(before, picture(users))]


def test_every_operation_of_the_door_is_turned_back(cast: Cast, calling: Calling) -> None:
    world = fill(cast.alice)
    caller = calling(cast.alice, "all")
    wrong: list[str] = []
    for method, path, name in operations():
        if method == "GET" or name in ("undo", "send_mail"):
            continue
        with forgotten():
            _verbs, found = undone(cast, lambda: carry_out(caller, method, path, name, world), name)  # noqa: B023
            wrong += found

    assert wrong == []
