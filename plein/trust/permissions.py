# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which role may perform which verb. What somebody may see is the circles' business, not this one's."""

from typing import Literal

from django.core.exceptions import PermissionDenied

from plein.trust.models import Role
from plein.trust.seats import Entrance

type Verb = Literal["read", "write", "delete", "import", "undo_others", "manage", "own"]

_EVERYBODY = frozenset(Role)
_COLLEAGUES = frozenset({Role.OWNER, Role.ADMINISTRATOR, Role.MANAGER, Role.MEMBER})
_LEADERS = frozenset({Role.OWNER, Role.ADMINISTRATOR, Role.MANAGER})
_ADMINISTRATORS = frozenset({Role.OWNER, Role.ADMINISTRATOR})

ALLOWED: dict[Verb, frozenset[Role]] = {
    "read": _EVERYBODY,
    "write": _COLLEAGUES,
    "delete": _COLLEAGUES,
    "import": _COLLEAGUES,
    "undo_others": _LEADERS,
    "manage": _ADMINISTRATORS,
    "own": frozenset({Role.OWNER}),
}


def may(actor: Entrance, verb: Verb) -> bool:
    """Whether the actor's role allows this verb."""
    return actor.role in ALLOWED[verb]


def permit(actor: Entrance, verb: Verb) -> None:
    """Raise PermissionDenied unless the actor's role allows this verb. Every action asks first."""
    if not may(actor, verb):
        raise PermissionDenied(verb)
