# SPDX-License-Identifier: AGPL-3.0-or-later
"""What devices ask of a collection: these objects, those that answer to a question, what changed since last time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from plein.dav.actions.telling import tell
from plein.dav.card_photos import OLD
from plein.dav.lines import BadText, Line, read_lines
from plein.dav.places import Place, name_in, path_of_entry, path_of_shelf
from plein.dav.properties import Asking, answer_for, etags_of, shelf_of
from plein.dav.shelves import CARD, Entry, Shelf
from plein.dav.xml import CAL, DAV, Element, clean, element, gone, href, response, status, tag
from plein.dav.xml import CARD as CARDS
from plein.moments.repeats import read_rule

#: Up to so many objects are looked up one by one.
FEW = 12
MOST_ASKED = 30_000
DATA = (tag(CARDS, "address-data"), tag(CAL, "calendar-data"))


class Unsupported(Exception):
    """A report that there is not."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The properties that are asked of each object, and in which version it is to be written."""

    names: tuple[str, ...]
    version: str = OLD

    @classmethod
    def in_(cls, root: Element) -> "Wanted":
        """What a question asks for."""
        prop = root.find(tag(DAV, "prop"))
        if prop is None:
            return cls((tag(DAV, "getetag"),))
        data = prop.find(DATA[0])
        version = data.get("version", OLD) if data is not None else OLD
        return cls(tuple(one.tag for one in prop), version if version in ("3.0", "4.0") else OLD)

    @property
    def has_data(self) -> bool:
        return any(name in DATA for name in self.names)


def report(asking: Asking, place: Place, root: Element) -> Element:
    """The answer to a question of a collection."""
    shelf = shelf_of(place)
    wanted = Wanted.in_(root)
    is_card = shelf.kind == CARD
    if root.tag == tag(DAV, "sync-collection"):
        return _sync(asking, shelf, root, wanted)
    if root.tag == (tag(CARDS, "addressbook-multiget") if is_card else tag(CAL, "calendar-multiget")):
        return _multiget(asking, shelf, root, wanted)
    if root.tag == tag(CARDS, "addressbook-query") and is_card:
        found = _cards_like(shelf, root.find(tag(CARDS, "filter")))
    elif root.tag == tag(CAL, "calendar-query") and not is_card:
        found = _objects_like(shelf, root.find(tag(CAL, "filter")))
    else:
        raise Unsupported
    return _answer(asking, shelf, found, wanted)


def _answer(asking: Asking, shelf: Shelf, entries: Iterable[Entry], wanted: Wanted) -> Element:
    found = list(entries)
    shelf.look(found, how="page" if wanted.has_data else "list")
    return element(DAV, "multistatus", *(_one(asking, shelf, entry, wanted) for entry in found))


def _one(asking: Asking, shelf: Shelf, entry: Entry, wanted: Wanted) -> Element:
    path = path_of_entry(shelf.key, entry.name)
    place = Place("entry", path, "", shelf, entry.name, entry)
    found, missing = [], []
    for name in wanted.names:
        if name in DATA:
            made: Element | None = _data(name, entry, wanted)
        else:
            made = answer_for(asking, place, name)
        if made is None:
            missing.append(Element(name))
        else:
            found.append(made)
    return response(path, found, missing)


def _data(name: str, entry: Entry, wanted: Wanted) -> Element:
    made = Element(name)
    made.text = clean(entry.write(wanted.version))
    return made


def _multiget(asking: Asking, shelf: Shelf, root: Element, wanted: Wanted) -> Element:
    asked = [one.text or "" for one in root.findall(tag(DAV, "href"))][:MOST_ASKED]
    names = {path: name_in(shelf, path.strip()) for path in asked}
    if len(asked) <= FEW:
        found = {path: shelf.find(name) if name else None for path, name in names.items()}
    else:
        found = {path: shelf.entries.get(name) if name else None for path, name in names.items()}
    there = [entry for entry in found.values() if entry is not None]
    answer = _answer(asking, shelf, there, wanted)
    answer.extend([gone(path) for path, entry in found.items() if entry is None])
    return answer


def _sync(asking: Asking, shelf: Shelf, root: Element, wanted: Wanted) -> Element:
    token = (root.findtext(tag(DAV, "sync-token")) or "").strip()
    limit = root.findtext(f"{tag(DAV, 'limit')}/{tag(DAV, 'nresults')}") or "0"
    news = tell(asking.device, shelf.key, etags_of(shelf), token, most=int(limit) if limit.strip().isdigit() else 0)
    answer = _answer(asking, shelf, [shelf.entries[name] for name in news.changed], wanted)
    answer.extend([gone(path_of_entry(shelf.key, name)) for name in news.gone])
    if news.is_partial:
        answer.append(element(DAV, "response", href(path_of_shelf(shelf.key)), status(507)))
    answer.append(element(DAV, "sync-token", text=news.token))
    return answer


def _cards_like(shelf: Shelf, question: Element | None) -> list[Entry]:
    everybody = list(shelf.entries.values())
    parts = question.findall(tag(CARDS, "prop-filter")) if question is not None else []
    if question is None or not parts:
        return everybody
    test = all if question.get("test") == "allof" else any
    return [one for one in everybody if test(_has(_lines_of(one), part, CARDS) for part in parts)]


def _lines_of(entry: Entry) -> list[Line]:
    try:
        return read_lines(entry.write(""))
    except BadText:
        return []


def _has(lines: list[Line], part: Element, space: str) -> bool:
    """Whether an object has a property as a filter describes it."""
    name = part.get("name", "").upper()
    named = [line for line in lines if line.name == name]
    if part.find(tag(space, "is-not-defined")) is not None:
        return not named
    tests = [_says(named, one) for one in part.findall(tag(space, "text-match"))]
    tests += [_has_param(named, one, space) for one in part.findall(tag(space, "param-filter"))]
    if not tests:
        return bool(named)
    return all(tests) if part.get("test") == "allof" or space == CAL else any(tests)


def _says(lines: list[Line], match: Element) -> bool:
    return any(_matches(line.text, match) for line in lines) != (match.get("negate-condition") == "yes")


def _matches(text: str, match: Element) -> bool:
    said, wanted = text.casefold(), (match.text or "").casefold()
    kind = match.get("match-type", "contains")
    if kind == "equals":
        return said == wanted
    if kind == "starts-with":
        return said.startswith(wanted)
    return said.endswith(wanted) if kind == "ends-with" else wanted in said


def _has_param(lines: list[Line], part: Element, space: str) -> bool:
    name = part.get("name", "").upper()
    values = [line.param(name) for line in lines if any(key == name for key, _value in line.params)]
    if part.find(tag(space, "is-not-defined")) is not None:
        return not values
    match = part.find(tag(space, "text-match"))
    return bool(values) if match is None else any(_matches(one, match) for one in values)


def _objects_like(shelf: Shelf, question: Element | None) -> list[Entry]:
    everything = list(shelf.entries.values())
    outer = question.find(tag(CAL, "comp-filter")) if question is not None else None
    inner = outer.findall(tag(CAL, "comp-filter")) if outer is not None else []
    if not inner:
        return everything
    kind = "VEVENT" if shelf.kind == "event" else "VTODO"
    fitting = [one for one in inner if one.get("name", "").upper() == kind]
    if len(fitting) != len(inner):
        return []
    return [one for one in everything if all(_fits(one, part) for part in fitting)]


def _fits(entry: Entry, part: Element) -> bool:
    span = part.find(tag(CAL, "time-range"))
    if span is not None and not _is_within(entry, _when(span.get("start")), _when(span.get("end"))):
        return False
    wanted = part.findall(tag(CAL, "prop-filter"))
    return not wanted or all(_has(_lines_of(entry), one, CAL) for one in wanted)


def _when(text: str | None) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if text else None
    except ValueError:
        return None


def _is_within(entry: Entry, start: datetime | None, end: datetime | None) -> bool:
    """Whether an appointment, or one of its series, falls in a stretch of time; a to-do by when it is due."""
    facts = entry.facts
    if not hasattr(facts, "starts"):
        return True
    length = facts.ends - facts.starts + (timedelta(days=1) if facts.is_all_day else timedelta())
    for begins in _begins(facts, end):
        if (end is None or begins < end) and (start is None or begins + length > start or begins >= start):
            return True
    return any(
        (end is None or one.starts < end) and (start is None or one.ends > start) for one in facts.moved.values()
    )


def _begins(facts: object, end: datetime | None) -> Iterable[datetime]:
    starts: datetime = facts.starts  # type: ignore[attr-defined]
    rule: str = facts.rule  # type: ignore[attr-defined]
    if not rule:
        return [starts]
    last = min(end.date() if end else starts.date() + timedelta(days=3660), starts.date() + timedelta(days=3660))
    found = []
    for day in read_rule(rule).dates(starts.date(), last):
        if day > last:
            break
        if day not in facts.gone:  # type: ignore[attr-defined]
            found.append(starts.replace(year=day.year, month=day.month, day=day.day))
    return found
