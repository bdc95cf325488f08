# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to lists of connections."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form
from ninja.files import UploadedFile
from pydantic import BaseModel, Field

from plein.core.payloads import Invalid, Payload, act, checked, needs, sent
from plein.core.sheets import NotRead
from plein.network.actions.connections import load_connections
from plein.network.api.door import router
from plein.network.connections import Holds, read_connections
from plein.network.forms.connections import ConnectionsWishes, Decided
from plein.relations.refusals import Refused
from plein.trust.audience import Circle
from plein.trust.seats import seat_of


class ConnectionsIn(Payload):
    """What the list holds, who will see it, and whether people on it that are not here yet come too.

    `decided` says who is meant by lines that were unsure: `line=id of a person`, or `line=new`, with commas between.
    """

    holds: Literal["connections", "followed", "followers"] = "connections"
    circle: Circle = ""
    makes_people: bool = True
    decided: Annotated[str, Field(max_length=50_000)] = ""


class NamesakeOut(BaseModel):
    """Somebody of the same name."""

    id: UUID
    name: str


class UnsureOut(BaseModel):
    """A line of which is not known who it is, as spreadsheets count."""

    line: int
    name: str
    people: list[NamesakeOut]


class ConnectionsOut(BaseModel):
    """What came of the list; of `elsewhere` people we know it says that they work elsewhere (`GET /job-news`)."""

    ties: int
    people: int
    present: int
    left_out: int
    elsewhere: int
    unsure: list[UnsureOut]


def _decided(text: str) -> Decided:
    found: Decided = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        line, _equals, choice = part.partition("=")
        try:
            found[int(line)] = None if choice == "new" else UUID(choice)
        except ValueError as trouble:
            raise Invalid({"decided": part[:60]}) from trouble
    return found


@router.post("/network/connections", response=ConnectionsOut, summary="Bring in a list of connections")
@needs("import")
def import_connections(request: HttpRequest, file: File[UploadedFile], wishes: Form[ConnectionsIn]) -> ConnectionsOut:
    """The `Connections.csv` of LinkedIn, or a list with names and addresses, as one operation. Each is tied to you,
    weakly. The same list once more changes nothing.
    """
    values = checked(ConnectionsWishes(sent(wishes, holds=wishes.holds))).cleaned_data
    decided = _decided(wishes.decided)
    try:
        with act(request, "load_connections"):
            brought = load_connections(
                actor=seat_of(request),
                connections=read_connections(file.read()),
                holds=Holds(values["holds"]),
                circle=values["circle"],
                makes_people=wishes.makes_people,
                decided=decided,
            )
    except (NotRead, Refused) as trouble:
        raise Invalid({"file": str(trouble)}) from trouble
    return ConnectionsOut(
        ties=brought.ties,
        people=brought.people,
        present=brought.present,
        left_out=brought.left_out,
        elsewhere=brought.elsewhere,
        unsure=[
            UnsureOut(
                line=one.connection.number,
                name=one.connection.name,
                people=[NamesakeOut(id=person.id, name=person.name) for person in one.people],
            )
            for one in brought.unsure
        ],
    )
