# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the trials with servers of others share: a connection that begins, what stands here of it, a visit killed."""

import os
import signal
from contextlib import suppress
from time import sleep

from django.db import connections

from plein.channels.actions import HearingWishes, add_connection, look_into
from plein.channels.models import Connection
from plein.moments.actions import begin_hearing
from plein.moments.hearing.visitor import Visitor
from plein.moments.models import Gives, Moment, MomentSource, MomentText
from plein.trust.models import User
from plein.trust.seats import entered


def begun(user: User, connector: str, settings: dict[str, str]) -> Connection:
    """A connection with a server on this machine that is looked into and begins to hear."""
    with entered(user) as actor:
        made = add_connection(actor=actor, connector=connector, name="Trial", settings=settings, is_inside=True)
        look_into(actor=actor, connection=made)
        wishes = HearingWishes(policy="everyone")
        return begin_hearing(actor=actor, connection=made, wishes=wishes, gives=Gives.EVERYTHING)


def texts(user: User, connection: Connection, kind: str) -> dict[str, str]:
    """What stands here of what was heard, by identifier; each is here once."""
    with entered(user):
        found = list(MomentSource.objects.filter(import_id=connection.id).values_list("external_id", "moment_id"))
        words = dict(MomentText.objects.values_list("moment_id", "text"))
        assert len({moment for _name, moment in found}) == len(found) == Moment.objects.filter(kind=kind).count()
    return {name: words.get(moment, "").strip() for name, moment in found}


def visit_and_kill(user: User, connection: Connection, after: float) -> bool:
    """Visit in a process of its own that gets signal 9 after so many seconds; whether it was still at it."""
    child = os.fork()
    if child == 0:
        # What the parent holds open stays the parent's.
        connections["default"].connection = None
        with suppress(BaseException):
            Visitor(user, connection.workspace_id, connection.id).visit()
        os._exit(0)
    sleep(after)
    ended, _status = os.waitpid(child, os.WNOHANG)
    if ended:
        return False
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True
