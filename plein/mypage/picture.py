# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the database told of one person, put in their words. It holds nothing that they may not see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.asking.vocabulary import TurnState
from plein.consent.vocabulary import INTRODUCTIONS, NO, OBJECTABLE, Basis, How, State
from plein.core.ids import now
from plein.metadata.models import in_reader_language
from plein.moments.vocabulary import MomentKind
from plein.mypage.vocabulary import Standing as RequestStanding
from plein.mypage.vocabulary import Wish
from plein.relations.places import country_choices, language_choices
from plein.relations.vocabulary import ContactKind, Source

#: Instead of a kind of contact: they filled in a form.
FORM = "form"


def _time(text: Any) -> datetime:
    found = parse_datetime(str(text))
    if found is None:
        raise ValueError("a time of the database")
    return found


def _day(text: Any) -> date | None:
    return parse_date(str(text)) if text else None


def _from(source: str, came: str | None = "") -> str:
    """From where we have something, as the person it is about would ask it."""
    if source == Source.MAIL:
        return _by_contact(came or "")
    words = {
        Source.HAND: _("a colleague wrote it down"),
        Source.IMPORT: _("from a list we brought in"),
        Source.EXAMPLE: _("made up, as an example"),
    }
    return words[Source(source)]


def _by_contact(kind: str) -> str:
    """From contact that came in by itself: by what means, where the page tells of that contact."""
    words = {
        FORM: _("from a form that you filled in"),
        MomentKind.EMAIL: _("from mail we exchanged"),
        MomentKind.CALL: _("from a phone call with you"),
        MomentKind.VOICEMAIL: _("from a phone call with you"),
        MomentKind.CHAT: _("from messages we exchanged"),
        MomentKind.TEXT: _("from messages we exchanged"),
        MomentKind.POST: _("from what you wrote in public"),
    }
    return words.get(kind) or _("from contact with you")


@dataclass(frozen=True, slots=True)
class Datum:
    """One thing we have: what it is called, what it says, from where and since when."""

    name: str
    label: str
    value: str
    source: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Point:
    """One of their addresses."""

    kind: str
    value: str
    words: str

    @property
    def key(self) -> str:
        return f"{self.kind} {self.value}"


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody decided last about a purpose, for all their addresses or one."""

    state: State
    at: datetime | None = None
    how: str = ""
    until: datetime | None = None

    @property
    def words(self) -> str:
        return str(self.state.label)

    @property
    def how_words(self) -> str:
        return str(How(self.how).label) if self.how else ""


NOTHING = Standing(State.NEVER)


@dataclass(frozen=True, slots=True)
class Part:
    """One of their addresses, and whether we use it for a purpose now."""

    point: Point
    is_used: bool


@dataclass(slots=True)
class Use:
    """A purpose, as it stands with this person."""

    id: UUID
    key: str
    basis: Basis
    name: str
    what: str
    benefit: str
    holds_months: int | None
    keep_months: int | None
    whole: Standing
    parts: list[Part] = field(default_factory=list)

    @property
    def can_decide(self) -> bool:
        return self.basis in OBJECTABLE

    @property
    def asks(self) -> bool:
        return self.basis == Basis.CONSENT

    @property
    def is_introductions(self) -> bool:
        return self.key == INTRODUCTIONS

    @property
    def is_used(self) -> bool:
        """Whether we use their data for this now."""
        return self.uses(self.whole)

    def uses(self, standing: Standing) -> bool:
        """Whether we use an address for this, as that stands."""
        if not self.can_decide:
            return True
        return standing.state == State.GIVEN if self.asks else standing.state not in NO

    @property
    def says_no(self) -> State:
        """What a no is called: withdrawn when there was a yes."""
        return State.WITHDRAWN if self.whole.state == State.GIVEN else State.REFUSED


@dataclass(slots=True)
class Contact:
    """That we were in touch: how often, first and last, and nothing of what was said."""

    words: str
    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """Something they asked, and how far it is."""

    kind: str
    about: str
    words: str
    state: str
    at: datetime
    due_on: date | None
    why_later: str
    answer: str

    @property
    def kind_words(self) -> str:
        return str(Wish(self.kind).label)

    @property
    def state_words(self) -> str:
        return str(RequestStanding(self.state).label)


@dataclass(frozen=True, slots=True)
class Question:
    """That somebody asked them for an introduction, and what they answered; or a question by mail."""

    by: str
    at: datetime
    state: str

    @property
    def state_words(self) -> str:
        return _("a question, by mail") if self.state == "question" else str(TurnState(self.state).label)


@dataclass(slots=True)
class Picture:
    """All that the page shows of one person."""

    workspace: int
    subject: UUID
    company: str
    name: str
    given_name: str
    language: str
    do_not_contact: bool
    restricted_since: datetime | None
    data: list[Datum]
    points: list[Point]
    contacts: list[Contact]
    readers: list[str]
    uses: list[Use]
    asked: list[Asked]
    questions: list[Question]
    never_about: int

    def use(self, purpose: UUID) -> Use | None:
        """The purpose with this id."""
        return next((one for one in self.uses if one.id == purpose), None)


def language_of(told: Mapping[str, Any]) -> str:
    """The language in which we speak with them, or that of their browser."""
    language = str((told["person"] or {}).get("language", ""))[:2]
    return language if language in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE


def picture_of(told: Mapping[str, Any]) -> Picture:
    """Put what the database told into words, in the language in force."""
    person = told["person"] or {}
    points = [_point(one) for one in told["points"] or ()]
    return Picture(
        workspace=told["workspace"],
        subject=UUID(told["subject"]),
        company=told["company"],
        name=person.get("name", ""),
        given_name=person.get("given_name", ""),
        language=person.get("language", ""),
        do_not_contact=bool(person.get("do_not_contact")),
        restricted_since=_time(since) if (since := person.get("restricted_since")) else None,
        data=[*_about(person), *_addresses(told), *_jobs(told, person), *_birthdays(told, person)],
        points=points,
        contacts=[_contact(one) for one in told["moments"] or ()],
        readers=told["named"] or _readers(told["readers"] or (), told["company"]),
        uses=[_use(one, told["decisions"] or (), points) for one in told["purposes"] or ()],
        asked=[_asked(one) for one in told["requests"] or ()],
        questions=[Question(one["by"], _time(one["at"]), one["state"]) for one in told["introductions"] or ()],
        never_about=told["never_about"] or 0,
    )


def _about(person: Mapping[str, Any]) -> list[Datum]:
    if not person:
        return []
    labels = {"name": _("Name"), "place": _("Place"), "country": _("Country"), "language": _("Language")}
    names = {"country": dict(country_choices()), "language": dict(language_choices())}
    source, since = _from(person["source"], person["came"]), _time(person["since"])
    found = []
    for name, label in labels.items():
        if value := person[name]:
            found.append(Datum(name, label, str(names.get(name, {}).get(value, value)), source, since))
    return found


def _point(one: Mapping[str, Any]) -> Point:
    return Point(one["kind"], one["value"], one["display"] or one["value"])


def _addresses(told: Mapping[str, Any]) -> list[Datum]:
    return [
        Datum(
            f"point:{one['id']}",
            str(ContactKind(one["kind"]).label).capitalize(),
            one["display"] or one["value"],
            _from(one["source"], one["came"]),
            _time(one["since"]),
        )
        for one in told["points"] or ()
    ]


def _jobs(told: Mapping[str, Any], person: Mapping[str, Any]) -> list[Datum]:
    found = []
    for one in told["jobs"] or ():
        place = _("%(role)s at %(organization)s") % one if one["role"] else one["organization"]
        if one["ends_on"]:
            place = _("%(place)s, until %(year)s") % {"place": place, "year": one["ends_on"][:4]}
        found.append(
            Datum(f"job:{one['id']}", _("Work"), place, _from(one["source"], person.get("came")), _time(one["since"]))
        )
    return found


def _birthdays(told: Mapping[str, Any], person: Mapping[str, Any]) -> list[Datum]:
    found = []
    for one in told["birthdays"] or ():
        if day := _day(one["on"]):
            words, source = date_format(day, "j F Y"), _from(one["source"], person.get("came"))
            found.append(Datum("birthday", _("Birthday"), words, source, _time(one["since"])))
    return found


def _contact(one: Mapping[str, Any]) -> Contact:
    words = str(MomentKind(one["kind"]).label)
    return Contact(words[:1].upper() + words[1:], one["count"], _time(one["first"]), _time(one["last"]))


def _asked(one: Mapping[str, Any]) -> Asked:
    texts = {name: one[name] for name in ("kind", "about", "words", "state", "why_later", "answer")}
    return Asked(**texts, at=_time(one["at"]), due_on=_day(one["due_on"]))


def _readers(circles: Any, company: str) -> list[str]:
    """Who can see it, without a name: everyone, teams, or how many circles of chosen colleagues."""
    kinds = [one["kind"] for one in circles]
    if not kinds or "everyone" in kinds:
        return [_("everyone who works at %(company)s") % {"company": company}]
    words = [_("team %(team)s") % {"team": one["team"]} for one in circles if one["kind"] == "team"]
    if others := kinds.count("people"):
        words.append(ngettext("a few chosen colleagues", "a few chosen colleagues", others))
    return words


def _use(one: Mapping[str, Any], decisions: Any, points: list[Point]) -> Use:
    about = [two for two in decisions if two["purpose"] == one["id"]]
    apart = {(two["kind"], two["value"]) for two in about if two["value"]}
    mine = [point for point in points if point.kind in one["kinds"]]
    use = Use(
        id=UUID(one["id"]),
        key=one["key"],
        basis=Basis(one["basis"]),
        name=in_reader_language(one["name_nl"], one["name_en"]),
        what=in_reader_language(one["what_nl"], one["what_en"]),
        benefit=in_reader_language(one["benefit_nl"], one["benefit_en"]),
        holds_months=one["holds_months"],
        keep_months=one["keep_months"],
        whole=_standing([two for two in about if not two["value"]]),
    )
    if len(mine) > 1 or any((point.kind, point.value) in apart for point in mine):
        use.parts = [Part(point, use.uses(_standing(_for_point(about, point)))) for point in mine]
    return use


def _for_point(about: list[Mapping[str, Any]], point: Point) -> list[Mapping[str, Any]]:
    return [one for one in about if not one["value"] or (one["kind"], one["value"]) == (point.kind, point.value)]


def _standing(about: list[Mapping[str, Any]]) -> Standing:
    """What counts: the newest."""
    if not about:
        return NOTHING
    last = max(about, key=lambda one: (_time(one["at"]), one["id"]))
    until = _time(last["until"]) if last["until"] else None
    state = State(last["state"])
    if state == State.GIVEN and until is not None and until <= now():
        state = State.EXPIRED
    return Standing(state, _time(last["at"]), last["how"], until)
