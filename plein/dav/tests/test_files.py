# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is written into an address book or a calendar is what is read from it, whatever the texts are."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from plein.channels.cards import Address, Card, Day, Event, Work
from plein.channels.connectors.calendar.icalendar import read_events
from plein.channels.connectors.contacts.vcard import read_cards
from plein.core.ids import new_id
from plein.dav.cards import Facts, Value, day_value, name_value, org_value, text_value, write_card
from plein.dav.ics import EventFacts
from plein.dav.ics_text import write_head, write_part, write_tail
from plein.relations.names import PersonName

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
#: Every sign that means something in such a file, and some that are longer than one byte.
LETTERS = "abcXYZ 019;,:\\\"'=.-/@é漢😀&#%^()"
words = st.text(LETTERS, min_size=1, max_size=90).map(lambda text: " ".join(text.split())).filter(bool)
prose = st.text(LETTERS + "\n\t", min_size=1, max_size=200).map(str.strip).filter(bool)
days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
times = st.integers(631_152_000, 3_786_912_000).map(lambda second: datetime.fromtimestamp(second, UTC))


@st.composite
def people(draw: st.DrawFn) -> Facts:
    """Somebody with whatever a card can hold."""
    name, parts = draw(words), PersonName(draw(words), "", draw(words))
    facts = Facts(new_id(), 1, True, name, parts, values=[name_value(name, parts)])
    for place in range(draw(st.integers(0, 3))):
        # Of several organizations a card tells the roles in order, so those without one stand last.
        role = draw(words) if place == 0 else ""
        facts.values.append(org_value(draw(words), draw(words), role))
    for _number in range(draw(st.integers(0, 2))):
        parts_of = (draw(words).strip(" ,"), "8011 AB", draw(words), "NL")
        facts.values.append(Value("postal", "", parts=parts_of, label="work"))
    facts.values += [text_value("categories", one) for one in draw(st.lists(words, max_size=3, unique=True))]
    facts.values += [day_value("bday", one) for one in draw(st.lists(days, max_size=1))]
    facts.values += [text_value("note", one) for one in draw(st.lists(prose, max_size=1))]
    facts.values += [
        Value("email", f"a{place}@b.example", f"a{place}@b.example", draw(words)[:40].strip(), is_first=place == 0)
        for place in range(draw(st.integers(0, 2)))
    ]
    return facts


def as_read(facts: Facts) -> Card:
    """The card that this is."""
    of = {group: [one for one in facts.values if one.group == group] for group in facts.ours()}
    return Card(
        kind="person",
        name=facts.name,
        given=facts.parts.given,
        family=facts.parts.family,
        works=tuple(Work(*one.parts) for one in of.get("org", ())),
        addresses=tuple(
            Address(one.parts[0], one.parts[1], one.parts[2], "", one.parts[3], "work") for one in of.get("postal", ())
        ),
        days=tuple(Day("birthday", date.fromisoformat(one.key)) for one in of.get("bday", ())),
        tags=tuple(dict.fromkeys(one.text[:60].strip() for one in of.get("categories", ()))),
        note="".join(one.text for one in of.get("note", ())),
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(people(), min_size=1, max_size=3))
def test_the_cards_of_a_file_are_read_as_they_were_written(some: list[Facts]) -> None:
    text = "".join(write_card(one, "3.0") for one in some)

    found = list(read_cards(BytesIO(text.encode())))

    assert len(found) == len(some)
    for card, facts in zip(found, some, strict=True):
        assert isinstance(card, Card)
        wanted = as_read(facts)
        for name in ("kind", "name", "given", "family", "works", "addresses", "days", "tags", "note"):
            assert getattr(card, name) == getattr(wanted, name), name
        assert card.uid == str(facts.id)
        mails = [one for one in facts.values if one.group == "email"]
        assert [(one.text, one.is_preferred) for one in card.reaches] == [(one.text, one.is_first) for one in mails]


@st.composite
def appointments(draw: st.DrawFn) -> EventFacts:
    """Something that takes place, within a day or over whole ones."""
    is_all_day = draw(st.booleans())
    starts = draw(times)
    length = draw(st.integers(0, 5))
    if is_all_day:
        starts = datetime.combine(starts.date(), datetime.min.time(), AMSTERDAM)
    ends = starts + (timedelta(days=length) if is_all_day else timedelta(minutes=length * 25))
    place, text = draw(words | st.just("")), draw(prose | st.just(""))
    facts = EventFacts(new_id(), 1, draw(words), starts, ends, is_all_day, place, text, names=("Ada Bos",))
    facts.uid, facts.is_cancelled = str(facts.id), draw(st.booleans())
    return facts


def moment(at: datetime, *, is_day: bool) -> datetime:
    return datetime.combine(at.date(), datetime.min.time(), UTC) if is_day else at.astimezone(UTC)


@settings(max_examples=25, deadline=None)
@given(st.lists(appointments(), max_size=4))
def test_the_appointments_of_a_file_are_read_as_they_were_written(some: list[EventFacts]) -> None:
    text = write_head("My; own, agenda") + "".join(map(write_part, some)) + write_tail()

    found = list(read_events(BytesIO(text.encode()), zone="Europe/Amsterdam"))

    assert all(isinstance(one, Event) for one in found)
    assert [
        (one.uid, one.summary, one.location, one.description, one.is_all_day, one.starts_at, one.ends_at, one.status)
        for one in found
        if isinstance(one, Event)
    ] == [
        (
            one.uid,
            one.title,
            one.location,
            one.text,
            one.is_all_day,
            moment(one.starts, is_day=one.is_all_day),
            moment(one.ends, is_day=one.is_all_day),
            "CANCELLED" if one.is_cancelled else "",
        )
        for one in some
    ]
