# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail that goes out, which follows its contact moment, and templates; and what hangs of it on a moment."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plein.moments.placing import TITLE, titled
from plein.outbox.models import Mail, Template
from plein.outbox.queries import as_seen
from plein.trust.placed import Along, Placed


def _of_moment(moment: Any) -> QuerySet[Any, Any]:
    return titled(Mail.objects.filter(moment_id=moment.id), "moment_id")


def _of_text(text: Any) -> QuerySet[Any, Any]:
    return titled(Mail.objects.filter(body_id=text.id), "moment_id")


MAILS = Placed(
    key="mails",
    thing=_("mail"),
    model=Mail,
    name_of=lambda mail: as_seen([mail])[0].subject or str(_("A mail")),
    page=lambda mail: reverse("outbox:mail", args=[mail.id]),
    follows=_(
        "Until it is sent only who writes a mail sees it; then whoever sees the text of its contact moment. Move that."
    ),
)
TEMPLATES = Placed(
    key="templates",
    thing=_("template"),
    model=Template,
    name_of=lambda template: template.name,
    page=lambda template: reverse("outbox:template_change", args=[template.id]),
    follows=_("Who sees a template is chosen where it is written."),
)
PLACED = (MAILS, TEMPLATES)
OF_MOMENT = (Along(_("Outgoing mail"), _of_moment, "told", TITLE),)
OF_TEXT = (Along(_("Outgoing mail"), _of_text, "told", TITLE),)
