# SPDX-License-Identifier: AGPL-3.0-or-later
"""How people call what files hold, and what becomes of them."""

from django.utils.translation import gettext_lazy as _

from plein.documents.bringing import DOUBTFUL, NEW, REFUSED, SAME, SKIPPED
from plein.documents.models import RecordKind

KINDS = {str(kind): kind.label for kind in RecordKind}
BECOMES = {
    NEW: _("came in"),
    DOUBTFUL: _("came in; who it is with is not certain"),
    SAME: _("is here already"),
    SKIPPED: _("left out"),
    REFUSED: _("could not be read"),
}
