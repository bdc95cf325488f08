# SPDX-License-Identifier: AGPL-3.0-or-later
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.inbox.queries import Numbers
from plein.inbox.vocabulary import MOST_COUNTED


def sentence_of(numbers: Numbers) -> str:
    """What came in today, and how much of it filed itself."""
    if not numbers.came:
        return _("Nothing came in today")
    came = ngettext("%(count)s message came in today", "%(count)s messages came in today", numbers.came)
    if not numbers.filed:
        return came % {"count": numbers.came}
    filed = ngettext("%(count)s filed itself", "%(count)s filed themselves", numbers.filed)
    return f"{came % {'count': numbers.came}}, {filed % {'count': numbers.filed}}"


def waiting_of(numbers: Numbers) -> str:
    """How much waits for the reader; nothing when nothing does."""
    if not numbers.me:
        return ""
    if numbers.me > MOST_COUNTED:
        return _("more than %(count)s wait for you") % {"count": MOST_COUNTED}
    return ngettext("%(count)s waits for you", "%(count)s wait for you", numbers.me) % {"count": numbers.me}
