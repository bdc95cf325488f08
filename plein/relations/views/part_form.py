# SPDX-License-Identifier: AGPL-3.0-or-later
"""The small form with which one adds or changes a part of a relation: in its section, or on a page of its own."""

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from plein.relations.models import Relation
from plein.relations.names import fold_name
from plein.relations.queries import Choice, suggestions
from plein.relations.refusals import Refused
from plein.relations.views.answers import address_of
from plein.relations.views.create import uuid_or_none
from plein.trust.answers import Request, page

NEW = "new"


def part_form(
    request: Request,
    relation: Relation,
    part: str,
    title: str,
    form: Form,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The form itself; `part` is the section it belongs to, and to which leaving it leads back."""
    context = {
        "relation": relation,
        "part": part,
        "title": title,
        "form": form,
        "here": request.path,
        "cancel_url": reverse("relations:section", args=[relation.id, part]),
        "page_url": f"{address_of(relation)}#{part}",
        **more,
    }
    return page(request, "relations/part_form.html", context, part="form", status=status)


class Other:
    """Who stands on the far side: chosen from a list, named exactly, or new."""

    def __init__(self, request: Request, *, kinds: tuple[str, ...], label: str, may_make: bool = False) -> None:
        self.kinds, self.label, self.may_make = kinds, label, may_make
        self.typed = (request.POST.get("other_name") or request.GET.get("other_name") or "").strip()[:300]
        self.chosen = request.POST.get("other") or ""
        self.error = ""

    @property
    def choices(self) -> list[Choice]:
        return suggestions(self.typed, kinds=self.kinds) if self.typed else []

    def context(self) -> dict[str, Any]:
        """What the form shows of it."""
        return {
            "other": self,
            "typed": self.typed,
            "choices": self.choices,
            "may_make": self.may_make,
            "suggest_url": f"{reverse('relations:suggest')}?{'&'.join(f'kind={kind}' for kind in self.kinds)}"
            + ("&make=1" if self.may_make else ""),
        }

    def find(self) -> Relation | None:
        """The relation that was meant, or None when a new one is wanted; raises Refused when it is not clear."""
        wanted = uuid_or_none(self.chosen)
        known: Relation | None = Relation.objects.filter(id=wanted, kind__in=self.kinds).first() if wanted else None
        if known is None and not self.typed:
            raise self._unclear(_("Say whom you mean."))
        if known is not None or (self.chosen == NEW and self.may_make):
            return known
        return self._by_name()

    def _by_name(self) -> Relation | None:
        near = self.choices
        same: list[UUID] = [one.id for one in near if fold_name(one.name) == fold_name(self.typed)]
        if len(same) == 1:
            known: Relation = Relation.objects.get(id=same[0])
            return known
        if self.may_make and not near:
            return None
        if not near:
            raise self._unclear(_("There is nobody of that name. Add them first."))
        raise self._unclear(_("Choose which one you mean."))

    def _unclear(self, words: str) -> Refused:
        self.error = words
        return Refused(words, "other")
