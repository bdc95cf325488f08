# SPDX-License-Identifier: AGPL-3.0-or-later
"""What ways of being in touch are called, and how soon somebody answers, in words."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.moments.vocabulary import MomentKind
from plein.relations.networks import NETWORKS


def name_of(kind: str, key: str) -> str:
    """What people call a way of being in touch: the network, or else the kind of contact."""
    network = NETWORKS.get(key)
    if network is not None:
        return network.label
    label = key or str(MomentKind(kind).label)
    return label[:1].upper() + label[1:]


def speed_of(waited: timedelta | None) -> str:
    """How soon they answer, in whole hours or days; nothing when too few answers tell it."""
    if waited is None:
        return ""
    hours = waited / timedelta(hours=1)
    if hours < 1:
        return _("answers mostly within an hour")
    if hours < 36:
        count = round(hours)
        return ngettext("answers mostly after %(count)s hour", "answers mostly after %(count)s hours", count) % {
            "count": count
        }
    count = round(hours / 24)
    return ngettext("answers mostly after %(count)s day", "answers mostly after %(count)s days", count) % {
        "count": count
    }
