# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.core.ids import now
from plein.relations import actions
from plein.relations.forms import MembershipForm, NewRoleForm
from plein.relations.models import Membership, Relation
from plein.relations.queries.jobs import current_work
from plein.relations.refusals import Refused
from plein.relations.slots import moments_of
from plein.relations.views.answers import back, found, refuse, sent
from plein.relations.views.part_form import Other, part_form
from plein.relations.vocabulary import RelationKind
from plein.trust.answers import Request, act, allow


def membership_of(relation: Relation, membership_id: UUID) -> Membership:
    """A role that stands on this relation's page."""
    side = "person" if relation.is_person else "organization"
    wanted = Membership.objects.filter(id=membership_id, **{side: relation})
    one: Membership | None = wanted.select_related("person", "organization").first()
    if one is None:
        raise Http404
    return one


@require_http_methods(["GET", "HEAD", "POST"])
def membership_add(request: Request, relation_id: UUID) -> HttpResponse:
    """Note where somebody works, or who works here."""
    relation = found(relation_id)
    allow(request)
    if relation.is_person:
        title = _("Where does %(name)s work?") % {"name": relation.name}
        other = Other(request, kinds=(RelationKind.ORGANIZATION,), label=_("Organization"), may_make=True)
    else:
        title = _("Who works at %(name)s?") % {"name": relation.name}
        other = Other(request, kinds=(RelationKind.PERSON,), label=_("Person"), may_make=True)
    if request.method != "POST":
        form = _role_form(request, relation, None)
        return part_form(request, relation, "roles", title, form, **other.context())
    try:
        far = other.find()
    except Refused:
        form = _role_form(request, relation, None)
        return part_form(request, relation, "roles", title, form, status=422, **other.context())
    form = _role_form(request, relation, far)
    if form.is_valid():
        try:
            details = form.details()
            with act("change_job" if details["instead_of"] else "add_membership") as done:
                far = far or make_other(request, relation, other.typed)
                person, organization = (relation, far) if relation.is_person else (far, relation)
                actions.note_job(actor=request.seat, person=person, organization=organization, **details)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            words = _("%(person)s, %(organization)s: noted.")
            words %= {"person": person.name, "organization": organization.name}
            return back(request, relation, "roles", words, done.id)
    return part_form(request, relation, "roles", title, form, status=422, **other.context())


def _role_form(request: Request, relation: Relation, far: Relation | None) -> NewRoleForm:
    """The form, which asks what becomes of other work once it is known whose it is."""
    person, organization = (relation, far) if relation.is_person else (far, relation)
    if person is None:
        return NewRoleForm(sent(request))
    current, moments = current_work(person), moments_of(person)
    return NewRoleForm(sent(request), current=current, organization=organization, moments=moments)


def make_other(request: Request, relation: Relation, name: str) -> Relation:
    """Somebody new on the far side, seen by whoever sees the near side."""
    make = actions.create_organization if relation.is_person else actions.create_person
    return make(actor=request.seat, name=name)


@require_http_methods(["GET", "HEAD", "POST"])
def membership_edit(request: Request, relation_id: UUID, part_id: UUID) -> HttpResponse:
    """Change a role, its department or its dates."""
    relation = found(relation_id)
    allow(request)
    membership = membership_of(relation, part_id)
    title = _("%(person)s at %(organization)s")
    title %= {"person": membership.person.name, "organization": membership.organization.name}
    fields = ("role", "department", "starts_on", "ends_on")
    initial = {name: getattr(membership, name) for name in fields}
    form = MembershipForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        with act("edit_membership") as done:
            actions.edit_membership(actor=request.seat, membership=membership, changes=form.cleaned_data)
        return back(request, relation, "roles", _("Role changed."), done.id)
    status = 422 if request.method == "POST" else 200
    return part_form(
        request, relation, "roles", title, form, status=status, remove="relations:membership_remove", part_id=part_id
    )


@require_POST
def membership_remove(request: Request, relation_id: UUID, part_id: UUID) -> HttpResponse:
    """End a role today, or take it away when it never was."""
    relation = found(relation_id)
    membership = membership_of(relation, part_id)
    if request.POST.get("end"):
        with act("end_membership") as ended:
            actions.end_membership(actor=request.seat, membership=membership, ends_on=now().date())
        return back(request, relation, "roles", _("Role ended today. It stays in the history."), ended.id)
    done = actions.remove_membership(actor=request.seat, membership=membership)
    return back(request, relation, "roles", _("Role taken away."), done.id)
