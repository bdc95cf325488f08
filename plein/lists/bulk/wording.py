# SPDX-License-Identifier: AGPL-3.0-or-later
"""Acts on many rows, in words."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.lists.bulk.models import BulkRun
from plein.lists.bulk.queries import look_of
from plein.lists.kinds import kind_of


def counted(kind: str, count: int) -> str:
    """How many there are of a kind: "4,213 people"."""
    return kind_of(kind).words(count, number_format(count, force_grouping=True))


def what(run: BulkRun) -> str:
    """What was wanted, as it was said when it began: "Give to Bob"."""
    return run.said or _("Change them")


def result(run: BulkRun) -> str:
    """What came of it, for a toast: "Give to Bob: 4,213 people. 2 were left as they were."."""
    if look_of(run) == "undone":
        return _("%(what)s: turned back.") % {"what": what(run)}
    if not run.changed and not run.failed:
        return _("%(what)s: they were so already.") % {"what": what(run)}
    said = _("%(what)s: %(counted)s.") % {"what": what(run), "counted": counted(run.kind, run.changed)}
    if run.failed:
        left = ngettext("%(count)s was left as it was.", "%(count)s were left as they were.", run.failed)
        said += " " + left % {"count": number_format(run.failed, force_grouping=True)}
    return said
