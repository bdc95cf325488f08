# SPDX-License-Identifier: AGPL-3.0-or-later
from django.utils.translation import gettext as _

from plein.asking.models import AskingSettings
from plein.asking.refusals import CannotAsk
from plein.asking.vocabulary import LONGEST_DAYS, SHORTEST_DAYS
from plein.core.operations import operation
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def set_waiting_days(*, actor: Entrance, days: int) -> None:
    """Choose how many days a request for an introduction waits; those that wait already keep theirs."""
    permit(actor, "manage")
    if not SHORTEST_DAYS <= days <= LONGEST_DAYS:
        facts = {"least": SHORTEST_DAYS, "most": LONGEST_DAYS}
        raise CannotAsk(_("Choose a number of days from %(least)s to %(most)s.") % facts, "days")
    with operation("set_waiting_days"):
        if not AskingSettings.objects.update(days=days):
            AskingSettings.objects.create(days=days)
