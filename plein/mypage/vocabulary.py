# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Wish(models.TextChoices):
    """What somebody may ask for (articles 15 to 21 of the General Data Protection Regulation)."""

    CORRECT = "correct", _("to correct something")
    COPY = "copy", _("to be told more, or get a copy")
    RESTRICT = "restrict", _("not to use their data for now")
    OBJECT = "object", _("an objection")
    ERASE = "erase", _("to be erased")


class Standing(models.TextChoices):
    """How far a request is."""

    OPEN = "open", pgettext_lazy("of a request", "open")
    DONE = "done", pgettext_lazy("of a request", "done")
    REFUSED = "refused", pgettext_lazy("of a request", "refused")
