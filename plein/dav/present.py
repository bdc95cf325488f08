# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which appointments of a file are here already, and whether what is here is newer."""

import re
from collections.abc import Sequence
from uuid import UUID

from plein.dav.models import Kept, Mirrored
from plein.moments.models import Moment, MomentSource

_SEQUENCE = re.compile(r"^SEQUENCE:(\d{1,9})\s*$", re.MULTILINE)
_VERSION = re.compile(r"calendar:(\d{1,10}):")


def appointments_known(uids: Sequence[str]) -> dict[str, Moment]:
    """The appointments that are here already, by their identifier, as far as the reader sees them."""
    found: dict[str, Moment] = {}
    own = {UUID(one): one for one in uids if _is_id(one)}
    for moment in Moment.objects.filter(id__in=list(own)):
        found[own[moment.id]] = moment
    for model in (Kept, Mirrored):
        rows = model.objects.filter(uid__in=list(uids), moment__isnull=False).select_related("moment").order_by("-id")
        found |= {one.uid: one.moment for one in rows if one.moment is not None}
    by_uid = {uid[:300]: uid for uid in uids}
    for moment in Moment.objects.filter(calendar_uid__in=list(by_uid)).order_by("-id"):
        found[by_uid[moment.calendar_uid]] = moment
    return found


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def sequence_in(text: str) -> int:
    """Which version of an appointment this is."""
    return max((int(found) for found in _SEQUENCE.findall(text.replace("\r", ""))), default=0)


def sequence_of(moment: Moment) -> int:
    """Of an appointment that came by mail, which version of the invitation it follows."""
    known = MomentSource.objects.filter(moment=moment, external_id__startswith="calendar:")
    versions = (_VERSION.match(text) for text in known.values_list("external_id", flat=True))
    return max((int(found[1]) for found in versions if found), default=0)
