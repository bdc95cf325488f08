# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from plein.core.models import Operation
from plein.core.operations import operation, save_edit
from plein.outbox.custom import custom_fields
from plein.outbox.fields import UnknownField, check_names
from plein.outbox.models import Template, TemplateKind
from plein.outbox.refusals import CannotSend
from plein.trust.circles import UnknownCircle, circle_for
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

_SHORTCUT = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """A template or snippet as somebody writes it; `circle` is the key of who may use it, or nothing to leave it."""

    kind: str
    name: str
    text: str
    shortcut: str = ""
    subject: str = ""
    circle: str = ""


def keep_template(
    *, actor: Entrance, facts: TemplateFacts, template: Template | None = None, based_on: int = 0
) -> Template:
    """Make or change a template or a snippet; raises CannotSend, or EditConflict when somebody was first."""
    permit(actor, "write")
    values = _checked(facts)
    with operation("keep_template"):
        try:
            circle = circle_for(facts.circle)
        except UnknownCircle as unknown:
            raise CannotSend(_("Choose one of the circles you are in."), "circle") from unknown
        if template is None:
            made: Template = Template.objects.create(circle_id=circle, **values)
            return made
        saved = save_edit(template, values, based_on=based_on)
        if facts.circle and circle != saved.circle_id:
            Template.objects.filter(id=saved.id).update(circle_id=circle)
            saved.refresh_from_db()
    return saved


def _checked(facts: TemplateFacts) -> dict[str, str]:
    shortcut = facts.shortcut.strip().lstrip(";").lower()
    if facts.kind == TemplateKind.SNIPPET and not _SHORTCUT.match(shortcut):
        raise CannotSend(
            _("Give it a short name of small letters and digits; it comes when you type ;name."), "shortcut"
        )
    custom = custom_fields()
    for name, text in (("subject", facts.subject), ("text", facts.text)):
        try:
            check_names(text, custom)
        except UnknownField as unknown:
            raise CannotSend(str(unknown), name) from unknown
    is_snippet = facts.kind == TemplateKind.SNIPPET
    return {
        "kind": facts.kind,
        "name": facts.name.strip()[:120],
        "text": facts.text,
        "shortcut": shortcut if is_snippet else "",
        "subject": "" if is_snippet else facts.subject.strip()[:300],
    }


def remove_template(*, actor: Entrance, template: Template) -> Operation:
    """Take a template or a snippet away; undo brings it back."""
    permit(actor, "delete")
    with operation("remove_template") as done:
        Template.objects.filter(id=template.id).delete()
    return done
