# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to people and organizations: adding, changing, removing."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File
from ninja.files import UploadedFile
from ninja.responses import Status

from plein.core.payloads import Invalid, act, changed, checked, needs, refuse_missing, sent
from plein.metadata.actions import set_values
from plein.relations import actions
from plein.relations.api.door import router
from plein.relations.api.payloads import Audience, Favourite, NewRelation, RelationChanges
from plein.relations.api.shapes import RelationOut, found, read_again
from plein.relations.forms import CircleForm, NewRelationForm, PhotoForm, RelationForm
from plein.relations.placing import RELATIONS
from plein.relations.values import RelationValues
from plein.relations.vocabulary import RelationKind
from plein.trust.actions import place
from plein.trust.seats import seat_of

#: What of a change is not about the form of a relation.
BESIDE = "version circle custom custom_versions"


@router.post("/relations", response={201: RelationOut}, summary="Add a person or an organization")
def create_relation(request: HttpRequest, payload: NewRelation) -> Status[RelationOut]:
    """With an address and a number, and for a person with where they work: an organization you know, or a new one."""
    kind = RelationKind(payload.kind)
    form = NewRelationForm(sent(payload), is_person=kind == RelationKind.PERSON)
    refuse_missing(form, payload, but="kind custom")
    with act(request, f"create_{kind.value}"):
        made = actions.add_relation(actor=seat_of(request), kind=kind.value, values=checked(form).cleaned_data)
        if payload.custom:
            set_values(actor=seat_of(request), values_model=RelationValues, record=made, values=payload.custom)
    return Status(201, read_again(made.id))


@router.patch("/relations/{relation_id}", response=RelationOut, summary="Change a person or an organization")
def edit_relation(request: HttpRequest, relation_id: UUID, payload: RelationChanges) -> RelationOut:
    """Send the version you read: when somebody was first, the answer is 409 with both values."""
    relation = found(relation_id)
    present = {name: getattr(relation, name) for name in RelationForm.base_fields}
    form = RelationForm(changed(payload, present, but=BESIDE), relation=relation)
    refuse_missing(form, payload, but=BESIDE)
    wanted = checked(form).changes()
    changes: dict[str, Any] = {name: wanted[name] for name in payload.model_fields_set if name in wanted}
    with act(request, "edit_relation"):
        actor = seat_of(request)
        saved = actions.edit_relation(actor=actor, relation=relation, changes=changes, based_on=payload.version)
        if payload.circle is not None:
            version = None if changes else payload.version
            place(actor=actor, kind=RELATIONS, record=relation, audience=payload.circle, version=version)
        if payload.custom:
            versions = payload.custom_versions
            set_values(actor=actor, values_model=RelationValues, record=saved, values=payload.custom, based_on=versions)
    return read_again(relation_id)


@router.delete("/relations/{relation_id}", response={204: None}, summary="Remove a person or an organization")
@needs("delete")
def delete_relation(request: HttpRequest, relation_id: UUID) -> None:
    """Into the recycle bin, with all that belongs to it; turning the operation back brings it all back."""
    relation = found(relation_id)
    with act(request, "delete_relation"):
        actions.delete_relation(actor=seat_of(request), relation=relation)


@router.put("/relations/{relation_id}/favourite", response={204: None}, summary="Keep a relation at hand, or no longer")
def set_favourite(request: HttpRequest, relation_id: UUID, payload: Favourite) -> None:
    """For oneself only."""
    actions.set_favourite(actor=seat_of(request), relation=found(relation_id), is_favourite=payload.is_favourite)


@router.put("/relations/{relation_id}/audience", response={204: None}, summary="Choose who sees a relation")
def change_circle(request: HttpRequest, relation_id: UUID, payload: Audience) -> None:
    """All that belongs to the relation follows."""
    relation = found(relation_id)
    wanted = checked(CircleForm(sent(payload))).cleaned_data["audience"]
    with act(request, "change_circle"):
        actions.change_circle(actor=seat_of(request), relation=relation, circle_key=wanted)


@router.post("/relations/{relation_id}/photo", response={204: None}, summary="Give a relation a photo")
def set_photo(request: HttpRequest, relation_id: UUID, photo: File[UploadedFile]) -> None:
    """A JPEG, PNG or WebP picture of 5 MB at most."""
    relation = found(relation_id)
    kept = checked(PhotoForm({}, {"photo": photo})).cleaned_data["photo"]  # type: ignore[arg-type]
    with act(request, "set_photo"):
        try:
            actions.set_photo(actor=seat_of(request), relation=relation, data=kept.read())
        except actions.Refused as refusal:
            raise Invalid({"photo": str(refusal)}) from refusal


@router.delete("/relations/{relation_id}/photo", response={204: None}, summary="Take the photo of a relation away")
def remove_photo(request: HttpRequest, relation_id: UUID) -> None:
    """Without a photo there is nothing to take away, and that is no error."""
    relation = found(relation_id)
    with act(request, "remove_photo"):
        actions.remove_photo(actor=seat_of(request), relation=relation)
