# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person said yes and no to, on their page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plein.consent import actions
from plein.consent.actions import Answer
from plein.consent.forms import DecisionForm
from plein.consent.models import Decision, Purpose, Restriction
from plein.consent.queries import book_of, decided, effective, never_listed, purposes, restriction_of, state_of
from plein.consent.refusals import Refused
from plein.consent.slots import evidence_for
from plein.consent.views.answers import UNPROCESSABLE, person_at, purpose_at, refuse
from plein.consent.vocabulary import NO, OBJECTABLE, PERSONAL, Basis, How, State
from plein.core.operations import operation
from plein.core.toasts import toast_later, toast_now
from plein.relations.models import ContactPoint, ContactPointLink, Relation
from plein.relations.vocabulary import ContactKind
from plein.trust.answers import Request, allow, page

TEMPLATE = "consent/person.html"
TONES = {State.GIVEN: "mint", State.REFUSED: "rose", State.WITHDRAWN: "rose", State.EXPIRED: "yellow"}


@dataclass(frozen=True)
class Standing:
    """How it stands for one purpose and one contact point, or all of them."""

    state: State
    decision: Decision | None
    about: str = ""
    ground: str = ""

    @property
    def words(self) -> str:
        """What they said; where nobody needs to be asked, why we may."""
        return self.ground if self.state == State.NEVER and self.ground else str(self.state.label)

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "grey")


@dataclass(frozen=True)
class Line:
    """One purpose on a person's page."""

    purpose: Purpose
    whole: Standing
    parts: list[Standing]


def points_of(relation: Relation) -> list[ContactPoint]:
    """The contact points of a person, the first to use first."""
    links = ContactPointLink.objects.filter(relation=relation, revoked_at__isnull=True).select_related("contact_point")
    return [one.contact_point for one in links.order_by("-is_primary", "id")]


def _line(purpose: Purpose, decisions: Sequence[Decision], known: Sequence[ContactPoint]) -> Line:
    whole = effective(decisions, purpose.id)
    parts = []
    for point in known:
        one = effective(decisions, purpose.id, point.kind, point.value)
        if one is not None and one is not whole:
            parts.append(Standing(state_of(one), one, str(point)))
    ground = "" if purpose.basis == Basis.CONSENT else str(Basis(purpose.basis).label)
    return Line(purpose, Standing(state_of(whole), whole, ground=ground), parts)


def _context(relation: Relation) -> dict[str, Any]:
    known = points_of(relation)
    listed = never_listed([(one.kind, one.value) for one in known])
    decisions = decided([relation.id]).get(relation.id, [])
    restriction, used = restriction_of(relation.id), purposes()
    usable = [
        one
        for one in known
        if one.kind == ContactKind.EMAIL
        and (one.kind, one.value) not in listed
        and not one.do_not_contact
        and _is_personal_for(one, used, decisions)
    ]
    return {
        "relation": relation,
        "lines": [_line(purpose, decisions, known) for purpose in used],
        "listed": list(listed.values()),
        "restriction": restriction,
        "why_no_page": _why_no_page(relation, restriction, has_address=bool(usable)),
    }


def _is_personal_for(point: ContactPoint, used: Sequence[Purpose], decisions: Sequence[Decision]) -> bool:
    """Whether somebody may be written to there as mail without another purpose is."""
    personal = next((one for one in used if one.key == PERSONAL), None)
    if personal is None or point.kind not in personal.kinds:
        return False
    state = state_of(effective(decisions, personal.id, point.kind, point.value))
    if personal.basis == Basis.CONSENT:
        return state == State.GIVEN
    return personal.basis not in OBJECTABLE or state not in NO


def _why_no_page(relation: Relation, restriction: Restriction | None, *, has_address: bool) -> str:
    """Why a link to their own page is not sent by a colleague, as it will be refused."""
    if relation.do_not_contact:
        return _("Their own page is not sent: they are not to be contacted. They can still ask for it themselves.")
    if restriction is not None:
        return _("Their own page is not sent: their data are not used now. They can still ask for it themselves.")
    if not has_address:
        return _("Their own page is not sent: they have no e-mail address that may be used for personal contact.")
    return ""


@require_safe
def panel(request: Request, relation_id: UUID) -> HttpResponse:
    """How it stands with this person, for every purpose."""
    return page(request, TEMPLATE, _context(person_at(relation_id)), part="panel")


@require_safe
def book(request: Request, relation_id: UUID) -> HttpResponse:
    """Every decision there ever was, those taken back too."""
    relation = person_at(relation_id)
    known = {one.id: one for one in purposes(with_retired=True)}
    lines = [(one, known.get(one.decision.purpose_id)) for one in book_of(relation.id).lines]
    return page(request, "consent/book.html", {"relation": relation, "lines": lines}, part="book")


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, relation_id: UUID, purpose_id: UUID) -> HttpResponse:
    """Note what somebody said."""
    relation, purpose = person_at(relation_id), purpose_at(purpose_id)
    allow(request)
    known = points_of(relation)
    points = [(f"{one.kind}:{one.value}", str(one)) for one in known if one.kind in purpose.kinds]
    sent = request.POST if request.method == "POST" else None
    form = DecisionForm(sent, points=points, moments=evidence_for(relation), initial={"how": How.CALL})
    if sent is not None and form.is_valid():
        try:
            with transaction.atomic(), operation("record_consent") as done:
                actions.record_consent(actor=request.seat, answer=answer_of(form, relation, purpose))
        except Refused as refusal:
            refuse(form, refusal)
        else:
            words = _("Noted. It counts from now on, and shows in the list of what %(name)s decided.")
            return back_to_panel(request, relation, words % {"name": relation.name}, done.id)
    context = {"relation": relation, "purpose": purpose, "form": form}
    status = UNPROCESSABLE if sent is not None else 200
    return page(request, "consent/decide.html", context, part="form", status=status)


def answer_of(form: DecisionForm, relation: Relation, purpose: Purpose) -> Answer:
    """What the form says, as the action wants it."""
    values = form.cleaned_data
    kind, _colon, value = str(values.get("point") or "").partition(":")
    return Answer(
        relation=relation,
        purpose=purpose,
        state=values["state"],
        how=values["how"] or How.CALL,
        point_kind=kind if value else "",
        point_value=value,
        decided_at=form.decided_at,
        note=values["note"],
        moment_id=UUID(values["moment"]) if values.get("moment") else None,
    )


def back_to_panel(request: Request, relation: Relation, words: str, operation_id: UUID) -> HttpResponse:
    """The panel as it is now, with what was done in a sentence."""
    if request.htmx:
        return toast_now(page(request, TEMPLATE, _context(relation), part="panel"), words, operation_id)
    toast_later(request, words, operation_id)
    return HttpResponseRedirect(reverse("consent:panel", args=[relation.id]))
