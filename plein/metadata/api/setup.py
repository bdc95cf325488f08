# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the fields themselves; values stand under `custom` of the records they belong to."""

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.payloads import Invalid, Payload, act, changed, checked, needs, of_form, sent
from plein.metadata import actions
from plein.metadata.api.door import router
from plein.metadata.models import Field as OwnField
from plein.metadata.models import FieldGroup
from plein.metadata.queries import catalog
from plein.metadata.setup_forms import FieldForm, GroupForm, initial_of
from plein.metadata.vocabulary import FieldType
from plein.trust.circles import describe
from plein.trust.seats import seat_of

Version = Annotated[int, Field(ge=1, lt=2**31, description="The version the change is based on.")]
KEEP = "keep"


class OwnFieldOut(BaseModel):
    """A field of the company's own: its `key` is what stands under `custom`."""

    id: UUID
    key: str
    type: str
    group: UUID
    label: str
    label_nl: str
    label_en: str
    kinds: list[str]
    is_required: bool
    settings: dict[str, Any]
    choices: list[dict[str, Any]]
    is_retired: bool
    version: int


class OwnFieldList(BaseModel):
    """The fields that the reader may see, in order."""

    items: list[OwnFieldOut]


class GroupOut(BaseModel):
    """Fields that stand together, and who sees them."""

    id: UUID
    name: str
    seen_by: str
    version: int


class GroupList(BaseModel):
    """The groups that the reader may see, in order."""

    items: list[GroupOut]


class ChoiceIn(Payload):
    """One choice: a key that stays (none for a new one), and its words."""

    key: Annotated[str, Field(max_length=60)] = ""
    nl: Annotated[str, Field(max_length=80)] = ""
    en: Annotated[str, Field(max_length=80)] = ""


Choices = Annotated[list[ChoiceIn], Field(max_length=200)]


@of_form(GroupForm)
class NewGroup(Payload):
    """A group of fields."""


@of_form(GroupForm, partial=True)
class GroupChanges(Payload):
    """Another name, or other readers; what is left out stays."""

    version: Version


@of_form(FieldForm, without="group")
class NewField(Payload):
    """A field to add to a group; its type stays what it is."""

    group: UUID
    type: Annotated[str, Field(max_length=20)]
    key: Annotated[str, Field(max_length=40)] = ""
    choices: Choices = []


@of_form(FieldForm, without="group", partial=True)
class FieldChanges(Payload):
    """What to change of a field; what is left out stays."""

    version: Version
    choices: Choices | None = None


class Place(Payload):
    """Where to put it: its number in order, and for a field another group, while nothing is filled in."""

    to: Annotated[int, Field(ge=0, le=1000)]
    group: UUID | None = None


@router.get("/fields", response=OwnFieldList, summary="List the company's own fields")
def list_own_fields(request: HttpRequest) -> OwnFieldList:
    """Retired ones too, of which the values stay."""
    del request
    return OwnFieldList(items=[_field(one) for one in catalog().fields])


@router.post("/fields", response={201: OwnFieldOut}, summary="Add a field of the company's own")
@needs("manage")
def add_field(request: HttpRequest, payload: NewField) -> Status[OwnFieldOut]:
    """For people, organizations or moments."""
    group = _found_group(payload.group)
    form = FieldForm(_plain(sent(payload)) | {"group": str(group.id)}, type=_type(payload.type), groups=[group])
    details = checked(form).details() | {"choices": [one.model_dump() for one in payload.choices]}
    with act(request, "add_field"):
        made = actions.add_field(
            actor=seat_of(request), group=group, type=payload.type, key=payload.key, details=details
        )
    return Status(201, _field(made))


@router.patch("/fields/{field_id}", response=OwnFieldOut, summary="Change a field of the company's own")
@needs("manage")
def change_field(request: HttpRequest, field_id: UUID, payload: FieldChanges) -> OwnFieldOut:
    """What it is called, where it is shown, what it takes; key and type stay."""
    field = _found_field(field_id)
    values = _plain(changed(payload, initial_of(field), but="version choices"))
    details = checked(FieldForm(values, type=field.type, groups=[field.group])).details()
    if payload.choices is not None:
        details["choices"] = [one.model_dump() for one in payload.choices]
    with act(request, "change_field"):
        saved = actions.change_field(actor=seat_of(request), field=field, details=details, based_on=payload.version)
    return _field(saved)


@router.post("/fields/{field_id}/retire", response=OwnFieldOut, summary="Take a field out of use")
@needs("manage")
def retire_field(request: HttpRequest, field_id: UUID) -> OwnFieldOut:
    """Its values stay."""
    field = _found_field(field_id)
    with act(request, "retire_field"):
        actions.retire_field(actor=seat_of(request), field=field)
    return _field(_found_field(field_id))


@router.post("/fields/{field_id}/back", response=OwnFieldOut, summary="Take a retired field into use again")
@needs("manage")
def bring_field_back(request: HttpRequest, field_id: UUID) -> OwnFieldOut:
    """With the values it had."""
    field = _found_field(field_id)
    with act(request, "bring_field_back"):
        actions.bring_field_back(actor=seat_of(request), field=field)
    return _field(_found_field(field_id))


@router.post("/fields/{field_id}/move", response=OwnFieldOut, summary="Put a field elsewhere")
@needs("manage")
def move_field(request: HttpRequest, field_id: UUID, payload: Place) -> OwnFieldOut:
    """In its group, or in another one while nothing is filled in."""
    field = _found_field(field_id)
    group = _found_group(payload.group) if payload.group else None
    with act(request, "move_field"):
        actions.move_field(actor=seat_of(request), field=field, to=payload.to, group=group)
    return _field(_found_field(field_id))


@router.get("/field-groups", response=GroupList, summary="List the groups of fields")
def list_groups(request: HttpRequest) -> GroupList:
    """Those that the reader may see."""
    del request
    return GroupList(items=[_group(one) for one in FieldGroup.objects.order_by("position", "id")])


@router.post("/field-groups", response={201: GroupOut}, summary="Start a group of fields")
@needs("manage")
def add_group(request: HttpRequest, payload: NewGroup) -> Status[GroupOut]:
    """Its circle is who sees the fields and every value in them."""
    values = checked(GroupForm(sent(payload))).cleaned_data
    with act(request, "add_field_group"):
        made = actions.add_group(actor=seat_of(request), **values)
    return Status(201, _group(made))


@router.patch("/field-groups/{group_id}", response=GroupOut, summary="Change a group of fields")
@needs("manage")
def change_group(request: HttpRequest, group_id: UUID, payload: GroupChanges) -> GroupOut:
    """Its name, or who sees it with everything in it."""
    group = _found_group(group_id)
    present = {"name_nl": group.name_nl, "name_en": group.name_en, "audience": KEEP}
    values = checked(GroupForm(changed(payload, present, but="version"), keep=KEEP)).cleaned_data
    audience = None if values["audience"] == KEEP else values["audience"]
    with act(request, "change_field_group"):
        saved = actions.change_group(
            actor=seat_of(request),
            group=group,
            name_nl=values["name_nl"],
            name_en=values["name_en"],
            audience=audience,
            based_on=payload.version,
        )
    return _group(saved)


@router.post("/field-groups/{group_id}/move", response=GroupOut, summary="Put a group of fields elsewhere")
@needs("manage")
def move_group(request: HttpRequest, group_id: UUID, payload: Place) -> GroupOut:
    """Among the others."""
    group = _found_group(group_id)
    with act(request, "move_field_group"):
        actions.move_group(actor=seat_of(request), group=group, to=payload.to)
    return _group(_found_group(group_id))


@router.delete("/field-groups/{group_id}", response={204: None}, summary="Remove an empty group of fields")
@needs("manage")
def remove_group(request: HttpRequest, group_id: UUID) -> None:
    """One that has fields, also retired ones, stays."""
    group = _found_group(group_id)
    with act(request, "remove_field_group"):
        actions.remove_group(actor=seat_of(request), group=group)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in ("type", "key", "choices")}


def _type(text: str) -> str:
    if text not in FieldType.values:
        raise Invalid({"type": _("Choose one of these.")})
    return text


def _found_field(field_id: UUID) -> OwnField:
    field = OwnField.objects.select_related("group").filter(id=field_id).first()
    if field is None:
        raise Http404
    return field


def _found_group(group_id: UUID) -> FieldGroup:
    group = FieldGroup.objects.filter(id=group_id).first()
    if group is None:
        raise Http404
    return group


def _field(field: OwnField) -> OwnFieldOut:
    return OwnFieldOut(
        id=field.id,
        key=field.key,
        type=field.type,
        group=field.group_id,
        label=str(field.label),
        label_nl=field.label_nl,
        label_en=field.label_en,
        kinds=list(field.kinds),
        is_required=field.is_required,
        settings=dict(field.settings),
        choices=list(field.choices),
        is_retired=field.is_retired,
        version=field.version,
    )


def _group(group: FieldGroup) -> GroupOut:
    return GroupOut(id=group.id, name=str(group.name), seen_by=describe(group.circle_id), version=group.version)
