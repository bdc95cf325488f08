# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a colleague does all day, as operations to measure, with the time each may take."""

import html
import re
import secrets
from collections.abc import Sequence
from urllib.parse import urlencode

from bench.http import Request, Visitor
from bench.measure import Operation
from bench.subjects import Subjects

QUICK, PAGE = 60.0, 90.0
#: The time to the last byte, which is more than the processor time that it takes.
DOOR = 40.0
FURTHER = 8
MORE = re.compile(rb'href="([^"]*[?&](?:cursor|before|after)=[^"]*)"')
SORTS = ("-changed", "place", "-created", "owner", "-name")


def _asking(path: str, contains: str = "", *, is_fragment: bool = False, **values: str) -> Request:
    query = f"?{urlencode(values)}" if values else ""
    return Request(path + query, is_fragment=is_fragment, contains=contains)


def _turns(key: str, words: str, goal: float | None, requests: Sequence[Request]) -> Operation:
    """One request per time, each in its turn."""
    return Operation(key, words, goal, lambda number: [requests[number % len(requests)]])


def further(visitor: Visitor, path: str, often: int = FURTHER) -> list[Request]:
    """The requests of somebody who asks for more, and more, from a page on."""
    found: list[Request] = []
    body = visitor.ask(Request(path))
    while len(found) < often and (more := MORE.search(body)):
        found.append(Request(html.unescape(more.group(1).decode()), is_fragment=True))
        body = visitor.ask(found[-1])
    return found


def lists(visitor: Visitor, subjects: Subjects) -> list[Operation]:
    """The lists of people and organizations."""
    people = "/people/"
    return [
        _turns("list", "List of people, page 1", QUICK, [_asking(people, "</table>")]),
        _turns(
            "list-name", "List of people, filtered by name", QUICK,
            [_asking(people, q=name) for name in subjects.common + subjects.rare],
        ),
        _turns(
            "list-place", "List of people, filtered by place", QUICK,
            [_asking(people, place=one) for one in subjects.places],
        ),
        _turns("list-sort", "List of people, sorted otherwise", QUICK, [_asking(people, sort=one) for one in SORTS]),
        _turns("list-more", "List of people, more", QUICK, further(visitor, people)),
        _turns("list-organizations", "List of organizations, page 1", QUICK, [_asking("/organizations/", "</table>")]),
    ]  # fmt: skip


#: The figure of everyday work: a view with two filters on fields of the company's own and one across relations. With a
#: million people, where every goal may be twice as high, it is 150 ms.
VIEW = 75.0
FILTERS = (
    "c.bench_segment:is:gold;c.bench_seats:min:100;some.organization(place:is:{place})",
    "c.bench_segment:is:gold;c.bench_seats:max:20;none.moment(when:last:90d)",
    "c.bench_segment:is:bronze;c.bench_seats:between:50,150;some.moment(when:last:30d)",
    "c.bench_segment:not:gold;c.bench_seats:is:7;some.organization(place:is:{place});none.moment(when:last:90d)",
)
CELL = re.compile(rb'<tr tabindex="0" data-id="([0-9a-f-]{36})"')


def views(visitor: Visitor, subjects: Subjects) -> list[Operation]:
    """Lists that ask several things at once, grouped ones, and a cell that is changed in place."""
    people = "/people/"
    asked = [one.format(place=place) for one in FILTERS for place in subjects.places[:3]]
    person = (CELL.search(visitor.ask(Request(people))) or [b"", b""])[1].decode()

    def change_cell(number: int) -> list[Request]:
        form = {"value": f"In short {number} {secrets.token_hex(3)}", "version": "0", "was": ""}
        cell = f"/lists/person/{person}/cell/headline/"
        editing = Request(f"{cell}?edit=1", is_fragment=True)
        body = visitor.ask(editing)
        form["version"] = (re.search(rb'name="version" value="(\d+)"', body) or [b"", b"0"])[1].decode()
        return [Request(cell, form=form, is_fragment=True)]

    return [
        _turns("view", "View, two own fields and across relations", VIEW, [_asking(people, f=one) for one in asked]),
        _turns("view-group", "List of people, grouped by place", QUICK, [_asking(people, group="place")]),
        _turns("view-quiet", "People without contact in 90 days", QUICK,
               [_asking(people, f="none.moment(when:last:90d)")]),
        Operation("cell", "Change a cell in place", QUICK, change_cell),
    ]  # fmt: skip


def pages(visitor: Visitor, subjects: Subjects) -> list[Operation]:
    """The pages of one person and one organization, and of the day."""
    person, organization = (f"/relations/{one}/" for one in (subjects.person, subjects.organization))
    return [
        _turns("person", "Person page with 200 moments", PAGE, [_asking(person, 'id="timeline"')]),
        _turns("organization", "Organization page with 2,000 moments", PAGE, [_asking(organization, 'id="timeline"')]),
        _turns("timeline-more", "Timeline of that organization, more", QUICK, further(visitor, organization)),
        _turns("today", "Today", PAGE, [_asking("/")]),
    ]


def finding(subjects: Subjects) -> list[Operation]:
    """Searching, as a page and as suggestions while typing."""
    asked = {
        "typo": ("a typo", subjects.typos),
        "phone": ("a fragment of a phone number", subjects.digits),
        "rare": ("a rare name", subjects.rare),
        "common": ("a common name", subjects.common),
    }
    found = [
        _turns(f"search-{key}", f"Search, {words}", QUICK, [_asking("/search/", q=one) for one in queries])
        for key, (words, queries) in asked.items()
    ]
    found.append(
        _turns("search-text", "Search, words in texts", QUICK, [_asking("/search/", q=one) for one in subjects.words])
    )
    for key, (words, queries) in asked.items():
        typed = [_asking("/palette/", q=one, is_fragment=True) for one in queries]
        found.append(_turns(f"suggest-{key}", f"Suggestion, {words}", QUICK, typed))
    return found


def _new_person(number: int) -> list[Request]:
    mark = secrets.token_hex(4)
    form = {
        "name": f"Bente Bankmeting {mark}", "email": f"bente.{mark}@bench{number}.example", "phone": "",
        "organization": "", "role": "", "place": "Utrecht", "audience": "everyone",
    }  # fmt: skip
    return [Request("/people/new/", form=form)]


def writing(subjects: Subjects) -> list[Operation]:
    """Adding somebody, and adding what happened."""

    def new_moment(number: int) -> list[Request]:
        other = subjects.others[number % len(subjects.others)]
        text = f"Gebeld over de planning, kenmerk {secrets.token_hex(4)}."
        form = {"kind": "call", "call_how": "call", "direction": "outbound", "text": text, "circle": "everyone"}
        return [Request(f"/relations/{other}/moments/new", form=form, is_fragment=True)]

    return [
        Operation("create", "Create a person", QUICK, _new_person),
        Operation("record", "Add a moment", QUICK, new_moment),
    ]


def door(subjects: Subjects, token: str) -> list[Operation]:
    """Lists through the REST door, a hundred rows at a time; what counts is the processor time of both servers."""

    def asked(path: str, **values: str) -> Request:
        return Request(f"/api/v1{path}?{urlencode({'limit': '100', **values})}", contains='"items"', token=token)

    return [
        _turns("rest", "REST: 100 people", DOOR, [asked("/relations", kind="person")]),
        _turns("rest-both", "REST: 100 people and organizations", DOOR, [asked("/relations", sort="-updated")]),
        _turns(
            "rest-list", "REST: 100 rows of a list, filtered by place", DOOR,
            [asked("/lists/person", f=f"place:is:{one}") for one in subjects.places],
        ),
        _turns(
            "rest-fields", "REST: 100 people, two fields", DOOR,
            [asked("/relations", kind="person", fields="id,name")],
        ),
    ]  # fmt: skip


def operations(visitor: Visitor, subjects: Subjects, token: str) -> list[Operation]:
    """Everything that has a time it may take."""
    return [
        *door(subjects, token),
        *lists(visitor, subjects),
        *views(visitor, subjects),
        *pages(visitor, subjects),
        *finding(subjects),
        *writing(subjects),
    ]
