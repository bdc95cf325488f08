# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to listening: what is listened for, what was heard, and the best of it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.audit import audit_look
from plein.core.payloads import Invalid, Payload, act
from plein.listening import actions
from plein.listening.models import Search
from plein.listening.queries import (
    Day,
    Dialogue,
    Found,
    Item,
    Spent,
    Standing,
    about_topic,
    best_of,
    day_of,
    dialogue,
    heard_by,
    in_minutes,
    newcomers,
    searches,
    standing_of,
    weeks_of,
    with_names,
)
from plein.listening.refusals import CannotListen
from plein.listening.vocabulary import LONGEST_LINE, LONGEST_NAME, MOST_HEARD, MOST_LINES, MOST_MINUTES, SHOWN, About
from plein.listening.wording import newcomer_in_words, shown
from plein.moments.models import Topic
from plein.moments.queries import names_of_topics
from plein.relations.models import Relation
from plein.trust.audience import Circle
from plein.trust.circles import describe
from plein.trust.seats import seat_of

router = Router(tags=["listening"])
type Lines = Annotated[list[Annotated[str, Field(max_length=LONGEST_LINE)]], Field(max_length=MOST_LINES)]


class SearchOut(BaseModel):
    """A search for each of `words`, what a `relation` is called, or what is about a `topic`; without one of `never`."""

    id: UUID
    name: str
    about: str
    words: list[str]
    never: list[str]
    relation: UUID | None
    topic: UUID | None
    owner: UUID | None
    version: int


class SearchHeard(SearchOut):
    """A search, and in how many posts of the last half year it was heard: no further than 1,001 is counted."""

    heard: int


class SearchList(BaseModel):
    """What is listened for, by name."""

    items: list[SearchHeard]


class WeekOut(BaseModel):
    """A week, by its Monday: how many posts there were, and in which mood."""

    begin: date
    count: int
    moods: dict[str, int]


class HeardItem(BaseModel):
    """A post: why it is shown, what one would do with it, and where."""

    moment: UUID
    at: datetime
    writer: str
    relation: UUID | None
    title: str
    text: str
    kind: str
    mood: str
    reason: str
    act: str
    searches: list[UUID]
    minutes: float


class SpentOut(BaseModel):
    """What reading takes on one network ("" for feeds and others): how many posts and minutes, how many are left.

    `before` is how many minutes were spent there today already.
    """

    network: str
    count: int
    minutes: float
    left: int
    before: float


class HeardList(BaseModel):
    """Posts, those that deserve attention most first; with minutes a network, what each takes."""

    items: list[HeardItem]
    networks: list[SpentOut]


class SearchRead(SearchHeard):
    """A search with its weeks, the oldest first, and the best of what was heard."""

    seen_by: str
    weeks: list[WeekOut]
    items: list[HeardItem]


class DialogueFigures(BaseModel):
    """The conversations of a channel or a team: in how many both spoke, they did, we answered, nobody did in two days;
    in how many we spoke to everybody at once, and somebody replied. Half of the first answers took less.
    """

    name: str
    conversations: int
    two_way: int
    asked: int
    answered: int
    unanswered: int
    broadcast: int
    replied: int
    first_answer_seconds: float | None


class DialogueOut(BaseModel):
    """How much is dialogue, by channel and by team; the most used first."""

    channels: list[DialogueFigures]
    teams: list[DialogueFigures]


class NewcomerOut(BaseModel):
    """A new follower: whom they follow, how many ties they are from whom, over whom, and what is going on there."""

    person: UUID
    name: str
    followed: UUID
    since: date
    ties: int
    near: UUID
    between: UUID | None
    what: Literal["appointment", "wants_to_buy", "todo"]
    reason: str


class NewcomerList(BaseModel):
    """Who became interesting, the nearest first."""

    items: list[NewcomerOut]


class NewSearch(Payload):
    """What to listen for."""

    name: Annotated[str, Field(max_length=LONGEST_NAME)]
    words: Lines = []
    never: Lines = []
    relation: UUID | None = None
    topic: UUID | None = None
    about: About = About.SUBJECT
    circle: Circle = "me"


class SearchChanges(Payload):
    """What to listen for instead; `version` is the one that this is based on."""

    version: Annotated[int, Field(ge=1, lt=2**31)]
    name: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    words: Lines | None = None
    never: Lines | None = None
    about: About | None = None
    circle: Circle | None = None


def _found(search_id: UUID) -> Search:
    search: Search | None = with_names(Search.objects.filter(id=search_id)).first()
    if search is None:
        raise Http404
    return search


def _out(one: Search) -> SearchOut:
    return SearchOut(
        id=one.id,
        name=one.name,
        about=one.about,
        words=one.words.splitlines(),
        never=one.never.splitlines(),
        relation=one.relation_id,
        topic=one.topic_id,
        owner=one.owner_id,
        version=one.version,
    )


def _with_heard(one: Search, ids: list[UUID]) -> SearchHeard:
    return SearchHeard(**_out(one).model_dump(), heard=min(len(ids), MOST_HEARD + 1))


def _items(found: Found, names: dict[UUID, str], best: list[Item], standing: Standing) -> list[HeardItem]:
    items = []
    for item in best:
        told = found.searches_of(item.moment.id)
        line = shown(item, [names[one] for one in told], standing)
        items.append(
            HeardItem(
                moment=line.id,
                at=line.at,
                writer=line.name,
                relation=line.key,
                title=line.title,
                text=line.text,
                kind=item.kind,
                mood=item.mood,
                reason=line.reason,
                act=line.act,
                searches=told,
                minutes=round(item.minutes, 2),
            )
        )
    return items


@router.get("/listening", response=SearchList, summary="List what is listened for")
def list_searches(request: HttpRequest) -> SearchList:
    """As far as one sees it."""
    del request
    listened = searches()
    found = heard_by(listened)
    return SearchList(items=[_with_heard(one, found.by[one.id]) for one in listened])


@router.get("/listening/best", response=HeardList, summary="List what deserves attention of what was heard")
def list_best_heard(
    request: HttpRequest,
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)] | None = None,
    today: bool = False,
    topic: UUID | None = None,
) -> HeardList:
    """Of everything that one listens for, or what of it is about a topic. Of each network no more than one reads in so
    many minutes; with `today` in those that are kept for one's day, of which what one was done with is spent.
    """
    listened = searches()
    found = heard_by(listened)
    seat = seat_of(request).seat_id
    day = day_of(seat) if today else Day()
    if topic is not None and str(topic) not in names_of_topics():
        raise Http404
    ids = found.ids if topic is None else about_topic(found.ids, topic)
    best, spent = best_of([one for one in ids if one not in day.done]), list[Spent]()
    standing = standing_of((item.moment.id for item in best), seat)
    if whole := minutes or day.minutes:
        best, spent = in_minutes(best, standing.networks, whole, day.spent)
    networks = [
        SpentOut(network=one.network, count=one.count, minutes=one.minutes, left=one.left, before=one.before)
        for one in spent
    ]
    names = {one.id: one.name for one in listened}
    return HeardList(items=_items(found, names, best[:SHOWN], standing), networks=networks)


@router.get("/listening/dialogue", response=DialogueOut, summary="Measure how much is dialogue")
def read_dialogue(request: HttpRequest, days: Annotated[int, Field(ge=1, le=366)] = 90) -> DialogueOut:
    """Of what one may see, by channel and by team of three and more, never by person."""
    channels, teams = dialogue(days)
    if not seat_of(request).can_write:
        teams = []
    return DialogueOut(channels=list(map(_figures, channels)), teams=list(map(_figures, teams)))


def _figures(one: Dialogue) -> DialogueFigures:
    return DialogueFigures(
        name=one.name,
        conversations=one.conversations,
        two_way=one.two_way,
        asked=one.asked,
        answered=one.answered,
        unanswered=one.unanswered,
        broadcast=one.broadcast,
        replied=one.replied,
        first_answer_seconds=one.first_answer,
    )


@router.get("/listening/interesting", response=NewcomerList, summary="List who became interesting")
def list_newcomers(request: HttpRequest) -> NewcomerList:
    """New followers of colleagues who are at most two ties from somebody with whom something is going on."""
    del request
    found = newcomers()
    named = [one for each in found for one in (each.person, each.followed, each.near, each.between)]
    audit_look("relation", named, how="list")
    return NewcomerList(
        items=[
            NewcomerOut(
                person=one.person.id,
                name=one.person.name,
                followed=one.followed.id,
                since=one.since,
                ties=one.ties,
                near=one.near.id,
                between=one.between.id if one.between is not None else None,
                what=one.what,
                reason=newcomer_in_words(one),
            )
            for one in found
        ]
    )


@router.post("/listening", response={201: SearchOut}, summary="Listen for something")
def save_search(request: HttpRequest, payload: NewSearch) -> Status[SearchOut]:
    """From now on, and in what was said before. Without a relation or a topic it needs words."""
    whom = Relation.objects.filter(id=payload.relation).first() if payload.relation else None
    topic = Topic.objects.filter(id=payload.topic).first() if payload.topic else None
    if (payload.relation and whom is None) or (payload.topic and topic is None):
        raise Http404

    def save() -> Search:
        return actions.save_search(
            actor=seat_of(request),
            name=payload.name,
            words="\n".join(payload.words),
            never="\n".join(payload.never),
            about=payload.about,
            circle=payload.circle,
            relation=whom,
            topic=topic,
        )

    return Status(201, _out(_done(request, "save_search", save)))


@router.get("/listening/{search_id}", response=SearchRead, summary="Read what a search heard")
def read_search(request: HttpRequest, search_id: UUID) -> SearchRead:
    """How much each week and in which mood, and the best of it."""
    one = _found(search_id)
    found = heard_by([one])
    best = best_of(found.ids)[:SHOWN]
    standing = standing_of((item.moment.id for item in best), seat_of(request).seat_id)
    weeks = [WeekOut(begin=week.begin, count=week.count, moods=week.moods) for week in weeks_of(found.ids)]
    return SearchRead(
        **_with_heard(one, found.ids).model_dump(),
        seen_by=describe(one.circle_id),
        weeks=weeks,
        items=_items(found, {one.id: one.name}, best, standing),
    )


@router.patch("/listening/{search_id}", response=SearchOut, summary="Change what a search listens for")
def change_search(request: HttpRequest, search_id: UUID, payload: SearchChanges) -> SearchOut:
    """By who made it, and what others see also by an administrator."""
    one = _found(search_id)
    sent = payload.model_dump(exclude_unset=True, exclude={"version"}, exclude_none=True)
    changes = {key: "\n".join(value) if isinstance(value, list) else str(value) for key, value in sent.items()}

    def change() -> Search:
        return actions.change_search(actor=seat_of(request), search=one, based_on=payload.version, **changes)

    return _out(_done(request, "change_search", change))


@router.delete("/listening/{search_id}", response={204: None}, summary="Listen for something no longer")
def remove_search(request: HttpRequest, search_id: UUID) -> None:
    """What was heard stays."""
    one = _found(search_id)
    with act(request, "remove_search"):
        actions.remove_search(actor=seat_of(request), search=one)


def _done(request: HttpRequest, verb: str, write: Callable[[], Search]) -> Search:
    try:
        with act(request, verb):
            return write()
    except CannotListen as refusal:
        raise Invalid({refusal.field: str(refusal)}) from refusal
