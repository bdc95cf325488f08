# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fields that a company added itself, on the page of a moment and in the composer."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from plein.metadata.actions import set_values
from plein.metadata.forms import CustomFieldsForm
from plein.metadata.models import Field
from plein.metadata.queries import Catalog, known_with_values
from plein.metadata.views.values import AddressOf, Place, ShownGroup, answer, fields_on, grouped
from plein.metadata.vocabulary import FieldKind
from plein.moments.models import Moment, MomentValues
from plein.moments.views.answers import found_moment
from plein.trust.answers import Request


def address_in(moment_id: UUID) -> AddressOf:
    """Where each value of a moment is changed."""

    def address(field: Field) -> str:
        return reverse("moments:value", args=[moment_id, field.id])

    return address


def own_groups(moment_id: UUID) -> list[ShownGroup]:
    """The fields of a moment by group: one query."""
    known, cells = known_with_values(MomentValues, moment_id)
    return grouped(fields_on(known, cells, FieldKind.MOMENT), cells, address_in(moment_id))


def composer_fields(known: Catalog, data: Any = None) -> dict[str, Any]:
    """What the composer needs to ask for them: those that must be filled in apart from the rest."""
    form = CustomFieldsForm(data, custom=known.shown(FieldKind.MOMENT))
    bound = form.custom_fields
    return {
        "custom_form": form,
        "custom_needed": [one for one, field in zip(bound, form.custom, strict=True) if field.is_required],
        "custom_rest": [one for one, field in zip(bound, form.custom, strict=True) if not field.is_required],
    }


def fill_in(request: Request, moment: Moment, form: CustomFieldsForm, known: Catalog) -> None:
    """Fill in the fields that the composer asked for; raises WrongValues."""
    values = form.custom_values()
    if any(value is not None for value in values.values()):
        set_values(actor=request.seat, values_model=MomentValues, record=moment, values=values, known=known)


@require_http_methods(["GET", "HEAD", "POST"])
def value(request: Request, moment_id: UUID, field_id: UUID) -> HttpResponse:
    """One value of a moment."""
    moment = found_moment(moment_id)
    page = reverse("moments:moment", args=[moment.id])
    return answer(request, Place(MomentValues, moment, address_in(moment.id), page, page), field_id)
