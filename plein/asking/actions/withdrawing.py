# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking no further: by who asked, or by the undo of asking."""

from uuid import UUID

from django.utils.translation import gettext as _

from plein.asking.events import TurnOver
from plein.asking.models import IntroductionRequest
from plein.asking.queries.keeper import call
from plein.asking.refusals import TooLate
from plein.asking.vocabulary import State
from plein.core.events import publish
from plein.core.models import Operation
from plein.core.operations import CannotUndo, operation
from plein.outbox.models import Mail, MailState
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def withdraw_introduction(*, actor: Entrance, request: IntroductionRequest) -> None:
    """Ask no further; who is asked now need not answer. Raises TooLate when it is over already."""
    permit(actor, "write")
    with operation("withdraw_introduction"):
        _withdraw(request.id)


def _withdraw(request_id: UUID) -> None:
    told = call("SELECT plein_asking_withdraw(%s)", request_id)
    if told.outcome != "withdrawn":
        raise TooLate(_("It is over already."))
    user, turn = told.id("asked"), told.id("turn")
    if user is not None and turn is not None:
        publish(TurnOver(told.facts["workspace"], user, turn))


def take_back_request(undone: Operation) -> None:
    """Before the operation of asking is turned back: its mail does not leave, and the request is withdrawn."""
    request = IntroductionRequest.objects.filter(operation_id=undone.id).first()
    if request is None or request.state != State.UNDERWAY:
        raise CannotUndo("left")
    mail = Mail.objects.select_for_update(of=("self",)).filter(id=request.id).first()
    if mail is not None and mail.state != MailState.WAITING:
        raise CannotUndo("left")
    Mail.objects.filter(id=request.id).delete()
    _withdraw(request.id)
