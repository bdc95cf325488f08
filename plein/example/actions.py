# SPDX-License-Identifier: AGPL-3.0-or-later
"""Loads the example company in one transaction under one operation, and removes it again."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override

from plein.core.isolation import Context, current, workspace_context
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.core.statistics import gather_statistics
from plein.example import leaving
from plein.example.making import make
from plein.example.received import listen, receive_all
from plein.example.staff import DOMAIN, NAME, eyes_of_everybody
from plein.moments.models import Moment
from plein.trust.models import Role, Seat, Workspace
from plein.trust.permissions import permit
from plein.trust.seats import Entrance, entered


def is_loaded(workspace: Workspace) -> bool:
    """Whether the example company is in this workspace."""
    with workspace_context(Context(workspace_id=workspace.id, door="example")):
        return Workspace.objects.get(id=workspace.id).example_operation_id is not None


def load_example(workspace: Workspace) -> None:
    """Fill the workspace with Noorderlicht Techniek; does nothing when it is there already."""
    with workspace_context(Context(workspace_id=workspace.id, door="example")):
        seats = Seat.objects.filter(is_active=True).select_related("user").order_by("created_at", "id")
        owner = seats.filter(role=Role.OWNER).first()
        if owner is None:
            raise LookupError(_("The example company needs a workspace with an owner."))
    with entered(owner.user, workspace.id, door="example"):
        here = Workspace.objects.select_for_update().get(id=workspace.id)
        if here.example_operation_id is not None:
            return
        with operation("load_example") as op:
            rows = make(owner, ZoneInfo(here.timezone), op.id)
            with workspace_context(replace(current(), circles=eyes_of_everybody())):
                rows.save()
                receive_all()
                listen()
            Operation.objects.filter(id=op.id).update(facts={"moments": rows.count(Moment)})
        Workspace.objects.filter(id=here.id).update(
            example_operation_id=op.id,
            name=NAME if here.name in _default_names() else here.name,
            domains=sorted({*here.domains, DOMAIN}),
        )
        gather_statistics()


def _default_names() -> set[str]:
    """What a workspace is called before anybody names it, in every language of Plein."""
    names = set()
    for language in ("nl", "en"):
        with override(language):
            names.add(_("My company"))
    return names


def remove_example(*, actor: Entrance) -> None:
    """Take the example company away, also what was edited of it since; what people added themselves stays.

    The accounts of its colleagues go for good, so this cannot be undone; the company can be loaded again.
    """
    permit(actor, "manage")
    here = Workspace.objects.select_for_update().get(id=actor.workspace_id)
    loaded = here.example_operation_id
    if loaded is None:
        return
    with workspace_context(replace(current(), circles=eyes_of_everybody())):
        with operation("remove_example") as parting:
            leaving.let_go(loaded)
        result = undo(loaded, trample=True)
        leaving.close_accounts()
    Operation.objects.filter(id__in=[parting.id, result.operation.id]).update(undone_by=result.operation.id)
    Workspace.objects.filter(id=here.id).update(
        example_operation_id=None,
        name=_("My company") if here.name == NAME else here.name,
        domains=[domain for domain in here.domains if domain != DOMAIN],
    )
