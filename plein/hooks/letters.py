# SPDX-License-Identifier: AGPL-3.0-or-later
"""What whoever looks after a hook is written."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from plein.hooks.models import OutHook
from plein.trust.letters import HouseLetter, whole_address
from plein.trust.models import User


def stopped_letter(owner: User, hook: OutHook) -> HouseLetter:
    """That a program is told no more, why, and where to mend it."""
    with translation.override(owner.language):
        facts = {"name": hook.name, "reason": hook.problem}
        paragraphs = (
            _("Plein could tell “%(name)s” nothing for three days, and stopped: %(reason)s") % facts,
            _("What happened since waits. Mend it and go on here:"),
            whole_address(reverse("hooks:out", args=[hook.id])),
        )
        subject = _("“%(name)s” is told nothing any more") % facts
        return HouseLetter(owner.email, subject, "\n\n".join(paragraphs) + "\n")
