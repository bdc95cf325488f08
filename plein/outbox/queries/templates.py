# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db.models import QuerySet

from plein.outbox.models import Template, TemplateKind


def templates_for(kind: str = "") -> QuerySet[Template]:
    """The templates and snippets the reader may use, by name."""
    found = Template.objects.order_by("kind", "name", "id")
    return found.filter(kind=kind) if kind else found


def snippet_called(shortcut: str) -> Template | None:
    """The snippet of that short name; one's own goes before one that is shared."""
    found = Template.objects.filter(kind=TemplateKind.SNIPPET, shortcut=shortcut.strip().lstrip(";").lower())
    snippet: Template | None = found.order_by("-circle_id", "id").first()
    return snippet
