# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to seats, teams and the company's settings: for tokens whose scope is managing."""

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.payloads import Impossible, Payload, act, changed, checked, needs, of_form, sent
from plein.trust.actions import (
    change_seat,
    change_team,
    change_workspace,
    invite,
    link_for,
    make_team,
    remove_factor_of,
)
from plein.trust.api.door import router
from plein.trust.circles import audiences
from plein.trust.forms import InviteForm, SeatForm, TeamForm, WorkspaceForm
from plein.trust.models import Role, Seat, Team, TeamMember, Workspace
from plein.trust.permissions import may
from plein.trust.seats import seat_of


class Colleague(BaseModel):
    """Somebody with a seat here."""

    id: UUID
    name: str


class ColleagueList(BaseModel):
    """Colleagues, by name."""

    items: list[Colleague]


class AudienceOut(BaseModel):
    """A circle one may put a record in: its key, and what it is called."""

    key: str
    label: str


class AudienceList(BaseModel):
    """The circles one may put a record in."""

    items: list[AudienceOut]


class SeatOut(BaseModel):
    """A place in this workspace, and what it may do."""

    id: UUID
    name: str
    email: str
    role: str
    is_active: bool


class SeatList(BaseModel):
    """Every seat, those in use first."""

    items: list[SeatOut]


class Invited(BaseModel):
    """A new seat; `link` is the path that lets its user in once, null for who works elsewhere already."""

    seat: SeatOut
    link: str | None


class Link(BaseModel):
    """A path that lets somebody in once, null for who works elsewhere too."""

    link: str | None


class TeamOut(BaseModel):
    """A team and who is in it."""

    id: UUID
    name: str
    seats: list[Colleague]


class TeamList(BaseModel):
    """The teams, by name."""

    items: list[TeamOut]


class WorkspaceOut(BaseModel):
    """What the company is called, where it is, and which mail domains are its own."""

    id: UUID
    name: str
    country: str
    domains: list[str]
    second_factor: str


@of_form(InviteForm)
class NewSeat(Payload):
    """A colleague to give a seat."""


@of_form(SeatForm, partial=True)
class SeatChanges(Payload):
    """Another role, or whether they may come in; what is left out stays."""


@of_form(TeamForm)
class NewTeam(Payload):
    """A team; `seats` are the ids of who is in it."""


@of_form(TeamForm, partial=True)
class TeamChanges(Payload):
    """Another name, or other members; what is left out stays."""


@of_form(WorkspaceForm, without="domains", partial=True)
class WorkspaceChanges(Payload):
    """What to change; what is left out stays."""

    domains: Annotated[list[Annotated[str, Field(max_length=253)]], Field(max_length=200)] = Field(default_factory=list)


@router.get("/colleagues", response=ColleagueList, summary="List who works here")
def list_colleagues(request: HttpRequest) -> ColleagueList:
    """By name: whom one can give a to-do or a relation to."""
    del request
    seats = Seat.objects.filter(is_active=True).select_related("user").order_by("user__name", "id")
    return ColleagueList(items=[Colleague(id=seat.id, name=str(seat)) for seat in seats])


@router.get("/audiences", response=AudienceList, summary="List whom one may share with")
def list_audiences(request: HttpRequest) -> AudienceList:
    """The circles one may put a record in."""
    del request
    return AudienceList(items=[AudienceOut(key=one.key, label=one.label) for one in audiences()])


@router.get("/seats", response=SeatList, summary="List the seats")
@needs("manage")
def list_seats(request: HttpRequest) -> SeatList:
    """Who may do what here."""
    del request
    seats = Seat.objects.select_related("user").order_by("-is_active", "user__name", "id")
    return SeatList(items=[_seat(seat) for seat in seats])


@router.post("/seats", response={201: Invited}, summary="Invite a colleague")
@needs("manage")
def invite_colleague(request: HttpRequest, payload: NewSeat) -> Status[Invited]:
    """Give them a seat; the link lets them in once, within a day."""
    actor = seat_of(request)
    values = checked(InviteForm(sent(payload), may_own=may(actor, "own"))).cleaned_data
    with act(request, "invite"):
        seat, link = invite(actor=actor, **values)
    return Status(201, Invited(seat=_seat(seat), link=link))


@router.patch("/seats/{seat_id}", response=SeatOut, summary="Change what a colleague may do")
@needs("manage")
def edit_seat(request: HttpRequest, seat_id: UUID, payload: SeatChanges) -> SeatOut:
    """Another role, or suspended: it counts from their next request."""
    actor, seat = seat_of(request), _found_seat(seat_id)
    present = {"role": seat.role, "is_active": seat.is_active}
    values = checked(SeatForm(changed(payload, present), may_own=may(actor, "own"))).cleaned_data
    with act(request, "change_seat"):
        try:
            saved = change_seat(actor=actor, seat=seat, **values)
        except ValueError as refusal:
            raise Impossible(str(refusal)) from refusal
    return _seat(saved)


@router.post("/seats/{seat_id}/link", response=Link, summary="Make a link for a colleague who cannot get in")
@needs("manage")
def make_link(request: HttpRequest, seat_id: UUID) -> Link:
    """It lets them in once, within a day."""
    return Link(link=link_for(actor=seat_of(request), seat=_found_seat(seat_id)))


@router.delete("/seats/{seat_id}/second-step", response={204: None}, summary="Take a colleague's second step away")
@needs("own")
def remove_second_step(request: HttpRequest, seat_id: UUID) -> None:
    """For who lost it: they are signed out everywhere, told by mail, and set up a new one."""
    seat = _found_seat(seat_id)
    try:
        remove_factor_of(actor=seat_of(request), seat=seat)
    except ValueError as refusal:
        raise Impossible(str(refusal)) from refusal


@router.get("/teams", response=TeamList, summary="List the teams")
@needs("manage")
def list_teams(request: HttpRequest) -> TeamList:
    """With who is in them."""
    del request
    return TeamList(items=_teams(Team.objects.order_by("name", "id")))


@router.post("/teams", response={201: TeamOut}, summary="Start a team")
@needs("manage")
def create_team(request: HttpRequest, payload: NewTeam) -> Status[TeamOut]:
    """Its members can then keep things to the team."""
    values = checked(TeamForm(sent(payload), colleagues=_choices())).cleaned_data
    with act(request, "make_team"):
        team = make_team(actor=seat_of(request), name=values["name"], seats=map(UUID, values["seats"]))
    return Status(201, _teams([team])[0])


@router.patch("/teams/{team_id}", response=TeamOut, summary="Rename a team, or change who is in it")
@needs("manage")
def edit_team(request: HttpRequest, team_id: UUID, payload: TeamChanges) -> TeamOut:
    """Who left sees its things no longer, from their next request."""
    team = Team.objects.filter(id=team_id).first()
    if team is None:
        raise Http404
    members = TeamMember.objects.filter(team=team).values_list("seat_id", flat=True)
    present: dict[str, Any] = {"name": team.name, "seats": [str(seat) for seat in members]}
    known = {*_choices(), *((seat, seat) for seat in present["seats"])}
    values = checked(TeamForm(changed(payload, present), colleagues=sorted(known))).cleaned_data
    with act(request, "change_team"):
        saved = change_team(actor=seat_of(request), team=team, name=values["name"], seats=map(UUID, values["seats"]))
    return _teams([saved])[0]


@router.get("/workspace", response=WorkspaceOut, summary="Read the company's settings")
def read_workspace(request: HttpRequest) -> WorkspaceOut:
    """What it is called, where it is, which mail domains are its own, who has to have a second step."""
    del request
    present = Workspace.objects.get()
    return WorkspaceOut(
        id=present.public_id,
        name=present.name,
        country=present.country,
        domains=present.domains,
        second_factor="everyone" if present.second_factor == "everyone" else "administrators",
    )


@router.patch("/workspace", response=WorkspaceOut, summary="Change the company's settings")
@needs("manage")
def edit_workspace(request: HttpRequest, payload: WorkspaceChanges) -> WorkspaceOut:
    """What is left out stays."""
    present = Workspace.objects.get()
    values: dict[str, Any] = {"name": present.name, "country": present.country, "second_factor": ""}
    values = changed(payload, values, but="domains")
    domains = payload.domains if "domains" in payload.model_fields_set else present.domains
    form = checked(WorkspaceForm({**values, "domains": "\n".join(domains)}))
    with act(request, "change_workspace"):
        change_workspace(actor=seat_of(request), **form.cleaned_data)
    return read_workspace(request)


def _seat(seat: Seat) -> SeatOut:
    return SeatOut(id=seat.id, name=str(seat.user), email=seat.user.email, role=seat.role, is_active=seat.is_active)


def _found_seat(seat_id: UUID) -> Seat:
    seat = Seat.objects.select_related("user").filter(id=seat_id).first()
    if seat is None:
        raise Http404
    return seat


def _choices() -> list[tuple[str, str]]:
    seats = Seat.objects.filter(is_active=True).exclude(role=Role.GUEST).select_related("user")
    return [(str(seat.id), str(seat)) for seat in seats.order_by("user__name")]


def _teams(teams: Any) -> list[TeamOut]:
    found = list(teams)
    members: dict[UUID, list[Colleague]] = {}
    rows = TeamMember.objects.filter(team__in=found).select_related("seat__user").order_by("seat__user__name", "id")
    for member in rows:
        members.setdefault(member.team_id, []).append(Colleague(id=member.seat_id, name=str(member.seat)))
    return [TeamOut(id=team.id, name=team.name, seats=members.get(team.id, [])) for team in found]
