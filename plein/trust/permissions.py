# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which role may perform which verb. What somebody may see is the circles' business, not this one's."""

from datetime import timedelta
from typing import Literal

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import UNDO_DAYS
from plein.trust.models import Role
from plein.trust.seats import Entrance

type Verb = Literal["read", "write", "delete", "import", "export", "undo_others", "manage", "own"]

_EVERYBODY = frozenset(Role)
_COLLEAGUES = frozenset({Role.OWNER, Role.ADMINISTRATOR, Role.MANAGER, Role.MEMBER})
_LEADERS = frozenset({Role.OWNER, Role.ADMINISTRATOR, Role.MANAGER})
_ADMINISTRATORS = frozenset({Role.OWNER, Role.ADMINISTRATOR})

ALLOWED: dict[Verb, frozenset[Role]] = {
    "read": _EVERYBODY,
    "write": _COLLEAGUES,
    "delete": _COLLEAGUES,
    "import": _COLLEAGUES,
    "export": _COLLEAGUES,
    "undo_others": _LEADERS,
    "manage": _ADMINISTRATORS,
    "own": frozenset({Role.OWNER}),
}
#: What each verb means, after "may"; the page and the manual about roles are made of these.
MEANS: dict[Verb, str | Promise] = {
    "read": _("see and search what is in their circles"),
    "write": _("add and change people, organizations, contact moments, to-dos and appointments"),
    "delete": _("remove them; for 30 days they come back from the recycle bin"),
    "import": _("bring in mail and lists"),
    "export": _("take lists along as files"),
    "undo_others": _("turn back what others did"),
    "manage": _("invite and suspend colleagues, give them roles, make teams, and change the company's settings"),
    "own": _("make others owner, and no longer owner"),
}
#: Operations that only those who manage may turn back: who works here, how mail leaves, whom we may write, own fields.
MANAGING = frozenset(
    {
        "give_seat",
        "invite",
        "change_seat",
        "remove_second_factor",
        "make_team",
        "change_team",
        "change_workspace",
        "change_sign_in",
        "remove_sign_in",
        "change_mail_server",
        "remove_mail_server",
        "forbid_contact",
        "allow_contact",
        "forbid_contact_point",
        "allow_contact_point",
        "add_never_contact",
        "add_form",
        "add_purpose",
        "bring_purpose_back",
        "change_form",
        "change_purpose",
        "close_form",
        "erase_subject",
        "redact_subject",
        "open_form",
        "remove_form",
        "remove_never_contact",
        "retire_purpose",
        "delete_due",
        "put_off_retention",
        "set_own_pages",
        "set_retention",
        "set_measure",
        "set_thresholds",
        "set_steps",
        "set_sureness",
        "add_field",
        "add_field_group",
        "bring_field_back",
        "change_field",
        "change_field_group",
        "move_field",
        "move_field_group",
        "remove_field_group",
        "retire_field",
    }
)
#: What the people we know did themselves, on their own page: nobody here turns that back.
THEIRS = frozenset({"decide_on_my_page", "ask_on_my_page"})
#: What they read on their page and in a letter: it was said.
ANSWERED = frozenset({"answer_request"})
#: What a token lets its user do, of what the user's role allows.
SCOPES: dict[str, frozenset[Verb]] = {
    "read": frozenset({"read", "export"}),
    "write": frozenset({"read", "write", "delete", "import", "export", "undo_others"}),
    "admin": frozenset({"read", "manage", "own"}),
    "all": frozenset(ALLOWED),
}


def may(actor: Entrance, verb: Verb) -> bool:
    """Whether the actor's role allows this verb, and the door they came through."""
    return actor.role in ALLOWED[verb] and verb in SCOPES[actor.scope]


def permit(actor: Entrance, verb: Verb) -> None:
    """Raise PermissionDenied unless the actor may perform this verb. Every action asks first."""
    if not may(actor, verb):
        raise PermissionDenied(verb)


class ProofMissing(PermissionDenied):
    """This takes a proof of who one is, and whoever asks cannot give one."""


def require_proof(actor: Entrance) -> None:
    """Raise ProofMissing for a token that was not made for what asks for a proof; pages ask before they act."""
    if not actor.is_proven:
        raise ProofMissing("proof")


def is_managing(operation: Operation) -> bool:
    """Whether turning this operation back, or bringing it back after it was, is for those who manage."""
    return operation.verb in MANAGING or operation.facts.get("undone") in MANAGING


def undoable_by(actor: Entrance) -> Q:
    """The operations that `may_undo` allows, as a condition."""
    if not may(actor, "write"):
        return Q(pk__in=[])
    young = Q(started_at__gt=now() - timedelta(days=UNDO_DAYS), undone_by__isnull=True)
    whose = Q() if may(actor, "undo_others") else Q(seat_id=actor.seat_id)
    managing = Q() if may(actor, "manage") else ~Q(verb__in=MANAGING) & ~Q(verb="undo", facts__undone__in=MANAGING)
    return young & whose & managing & ~Q(verb__in=THEIRS | ANSWERED)


def in_words(role: Role) -> tuple[list[str], list[str]]:
    """What a role may and may not do, as people say it; made from what is enforced, so that it cannot differ."""
    may_do = [str(MEANS[verb]) for verb, roles in ALLOWED.items() if role in roles]
    return may_do, [str(MEANS[verb]) for verb, roles in ALLOWED.items() if role not in roles]


def may_undo(actor: Entrance, operation: Operation) -> bool:
    """Whether the actor may turn an operation back: their own, or anybody's when they lead."""
    is_young = operation.started_at > now() - timedelta(days=UNDO_DAYS)
    is_allowed = may(actor, "write") and (operation.seat_id == actor.seat_id or may(actor, "undo_others"))
    if is_managing(operation):
        is_allowed = is_allowed and may(actor, "manage")
    return is_allowed and is_young and operation.undone_by is None and operation.verb not in THEIRS | ANSWERED
