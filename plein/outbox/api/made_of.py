# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to what mail is made of: senders with their signatures, templates and snippets."""

from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.payloads import Payload, act, changed, checked, needs, of_form, sent
from plein.outbox import actions
from plein.outbox.api.door import router
from plein.outbox.forms import IdentityForm, TemplateForm
from plein.outbox.models import Identity, Template
from plein.outbox.queries import templates_for
from plein.trust.circles import describe
from plein.trust.models import Seat, Team
from plein.trust.seats import seat_of


class IdentityOut(BaseModel):
    """A sender."""

    id: UUID
    name: str
    address: str
    signature: str
    is_default: bool
    seat: UUID | None
    team: UUID | None


class IdentityList(BaseModel):
    """The senders there are."""

    items: list[IdentityOut]


class TemplateOut(BaseModel):
    """A template or a snippet."""

    id: UUID
    kind: str
    name: str
    shortcut: str
    subject: str
    text: str
    seen_by: str
    version: int


class TemplateList(BaseModel):
    """Templates and snippets, by name."""

    items: list[TemplateOut]


@of_form(IdentityForm, without="whose")
class NewIdentity(Payload):
    """A sender: `whose` is `seat:` or `team:` and an id, for administrators; without it it is one's own."""

    whose: Annotated[str, Field(max_length=60)] = ""


@of_form(IdentityForm, without="whose", partial=True)
class IdentityChanges(Payload):
    """What to change of a sender; what is left out stays."""


@of_form(TemplateForm, without="version")
class NewTemplate(Payload):
    """A template or a snippet."""


@of_form(TemplateForm, without="version", partial=True)
class TemplateChanges(Payload):
    """What to change; what is left out stays."""

    version: Annotated[int, Field(ge=1, lt=2**31)]


@router.get("/identities", response=IdentityList, summary="List the senders")
def list_identities(request: HttpRequest) -> IdentityList:
    """Of everybody here."""
    del request
    return IdentityList(items=[_identity(one) for one in Identity.objects.order_by("name", "id")])


@router.post("/identities", response={201: IdentityOut}, summary="Make a sender")
def create_identity(request: HttpRequest, payload: NewIdentity) -> Status[IdentityOut]:
    """Of the address one signs in with; any other is an administrator's to give."""
    owners = _owners() if payload.whose else None
    values = sent(payload) if payload.whose else {name: one for name, one in sent(payload).items() if name != "whose"}
    facts = checked(IdentityForm(values, owners=owners)).facts()
    with act(request, "keep_identity"):
        made = actions.keep_identity(actor=seat_of(request), facts=facts)
    return Status(201, _identity(made))


@router.patch("/identities/{identity_id}", response=IdentityOut, summary="Change a sender")
def edit_identity(request: HttpRequest, identity_id: UUID, payload: IdentityChanges) -> IdentityOut:
    """Its name, its address, its signature."""
    identity = _found_identity(identity_id)
    present = {name: getattr(identity, name) for name in ("name", "address", "signature", "is_default")}
    facts = checked(IdentityForm(changed(payload, present))).facts()
    with act(request, "keep_identity"):
        saved = actions.keep_identity(actor=seat_of(request), facts=facts, identity=identity)
    return _identity(saved)


@router.delete("/identities/{identity_id}", response={204: None}, summary="Remove a sender")
def remove_identity(request: HttpRequest, identity_id: UUID) -> None:
    """Mail that waits under it is refused, and says so."""
    identity = _found_identity(identity_id)
    with act(request, "remove_identity"):
        actions.remove_identity(actor=seat_of(request), identity=identity)


@router.get("/templates", response=TemplateList, summary="List templates and snippets")
def list_templates(request: HttpRequest) -> TemplateList:
    """Those that one may use."""
    del request
    return TemplateList(items=[_template(one) for one in templates_for()])


@router.post("/templates", response={201: TemplateOut}, summary="Make a template or a snippet")
def create_template(request: HttpRequest, payload: NewTemplate) -> Status[TemplateOut]:
    """A field that is not known is refused."""
    facts = checked(TemplateForm(sent(payload))).facts()
    with act(request, "keep_template"):
        made = actions.keep_template(actor=seat_of(request), facts=facts)
    return Status(201, _template(made))


@router.patch("/templates/{template_id}", response=TemplateOut, summary="Change a template or a snippet")
def edit_template(request: HttpRequest, template_id: UUID, payload: TemplateChanges) -> TemplateOut:
    """Send the version you read: when somebody was first, the answer is 409 with both values."""
    template = _found_template(template_id)
    present = {name: getattr(template, name) for name in ("kind", "name", "shortcut", "subject", "text")}
    facts = checked(TemplateForm(changed(payload, present, but="version"), is_new=False)).facts()
    with act(request, "keep_template"):
        saved = actions.keep_template(actor=seat_of(request), facts=facts, template=template, based_on=payload.version)
    return _template(saved)


@router.delete("/templates/{template_id}", response={204: None}, summary="Remove a template or a snippet")
@needs("delete")
def remove_template(request: HttpRequest, template_id: UUID) -> None:
    """Turning the operation back brings it back."""
    template = _found_template(template_id)
    with act(request, "remove_template"):
        actions.remove_template(actor=seat_of(request), template=template)


def _owners() -> list[tuple[str, str]]:
    seats = [(f"seat:{seat.id}", str(seat)) for seat in Seat.objects.filter(is_active=True).select_related("user")]
    return [*seats, *((f"team:{team.id}", team.name) for team in Team.objects.all())]


def _found_identity(identity_id: UUID) -> Identity:
    identity = Identity.objects.filter(id=identity_id).first()
    if identity is None:
        raise Http404
    return identity


def _found_template(template_id: UUID) -> Template:
    template = Template.objects.filter(id=template_id).first()
    if template is None:
        raise Http404
    return template


def _identity(identity: Identity) -> IdentityOut:
    return IdentityOut(
        id=identity.id,
        name=identity.name,
        address=identity.address,
        signature=identity.signature,
        is_default=identity.is_default,
        seat=identity.seat_id,
        team=identity.team_id,
    )


def _template(template: Template) -> TemplateOut:
    return TemplateOut(
        id=template.id,
        kind=template.kind,
        name=template.name,
        shortcut=template.shortcut,
        subject=template.subject,
        text=template.text,
        seen_by=describe(template.circle_id),
        version=template.version,
    )
