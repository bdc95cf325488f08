# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fixed words of forms for websites."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Part(models.TextChoices):
    """What a form can ask beside the e-mail address, which it always asks."""

    NAME = "name", pgettext_lazy("on a form", "Your name")
    PHONE = "phone", pgettext_lazy("on a form", "Your telephone number")
    ORGANIZATION = "organization", pgettext_lazy("on a form", "Your organization")
    MESSAGE = "message", pgettext_lazy("on a form", "Your message")


class Need(models.TextChoices):
    """How a form asks for something."""

    NOT = "not", _("not asked")
    OPTIONAL = "optional", _("may be filled in")
    REQUIRED = "required", _("must be filled in")


class Work(models.TextChoices):
    """What a form that was filled in becomes for us; it stands in the inbox either way."""

    INBOX = "inbox", _("a message in the inbox")
    TODO = "todo", _("a message in the inbox, and a to-do")


#: What somebody writes, at most.
LONGEST = {Part.NAME: 200, Part.PHONE: 40, Part.ORGANIZATION: 200, Part.MESSAGE: 5000}
