# SPDX-License-Identifier: AGPL-3.0-or-later
import random
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from plein.channels.base import Entry, Gone, Standing
from plein.channels.connectors.dav.answers import NoAnswer, read_parts
from plein.channels.connectors.dav.connector import DavConnector, Settings, session_of
from plein.channels.connectors.dav.tests.fake import AGENDA, BOOK, TASKS, FakeDav, card, todo
from plein.channels.connectors.icalfeed.tests.samples import calendar, one
from plein.channels.live import Heard, Trouble, Visit
from plein.testing.peers import Answer, Request
from plein.testing.recorded import Recorded, heard, heard_in_pieces, mutate

CONNECTOR = DavConnector()


@pytest.fixture(params=[True, False], ids=["tokens", "hashes"])
def fake(request: pytest.FixtureRequest) -> FakeDav:
    made = FakeDav(can_sync=request.param)
    for number in range(4):
        made.put(f"{BOOK}{number} b.vcf", card(f"Person {number}", f"u{number}"))
    made.put(f"{AGENDA}a.ics", calendar(one("a", "First")).decode())
    made.put(f"{TASKS}t.ics", todo("t", "Call"))
    return made


def visit_to(fake: FakeDav, spool: Path, cursor: str = "", **more: object) -> Visit:
    given = {"server": "dav.example", "user_name": "us", "password": SecretStr("app-word")} | more
    return Visit(Settings.model_validate(given), Recorded(fake), spool, cursor)


def cursor_after(fake: FakeDav, spool: Path, cursor: str = "") -> str:
    return [found for found, _one in CONNECTOR.fetch(visit_to(fake, spool, cursor))][-1]


def entries(found: list[Heard]) -> list[str]:
    return [one.uid for one in found if isinstance(one, Entry)]


def test_books_and_calendars_are_found_and_heard(fake: FakeDav, tmp_path: Path) -> None:
    glimpse = CONNECTOR.look(visit_to(fake, tmp_path))
    assert (glimpse.account, glimpse.counts) == ("us", {"Friends": 4, "Work": 1, "Tasks": 1})

    found = heard(CONNECTOR, visit_to(fake, tmp_path))
    assert entries(found) == ["u0", "u1", "u2", "u3", "t", "a"]
    first = found[0]
    assert isinstance(first, Entry)
    assert (first.kind, first.collection) == ("card", "Friends")
    assert first.href == "https://dav.example/dav/us/friends/0%20b.vcf"
    assert entries(heard(CONNECTOR, visit_to(fake, tmp_path, folders=("Work",)))) == ["a"]


@pytest.mark.parametrize("size", [1, 3])
def test_a_visit_that_breaks_off_goes_on_where_it_was(fake: FakeDav, size: int, tmp_path: Path) -> None:
    visit = visit_to(fake, tmp_path)
    assert entries(heard_in_pieces(CONNECTOR, visit, size)) == entries(heard(CONNECTOR, visit))


def test_only_what_changed_is_heard_again_and_what_is_gone_is_said(fake: FakeDav, tmp_path: Path) -> None:
    cursor = cursor_after(fake, tmp_path)
    assert heard(CONNECTOR, visit_to(fake, tmp_path, cursor)) == []

    fake.put(f"{BOOK}2 b.vcf", card("Somebody else", "u2"))
    fake.drop(f"{BOOK}0 b.vcf")
    found = heard(CONNECTOR, visit_to(fake, tmp_path, cursor))

    assert entries(found) == ["u2"]
    if fake.can_sync:
        assert len([one for one in found if isinstance(one, Gone)]) == 1
    else:
        assert [len(one.external_ids) for one in found if isinstance(one, Standing)] == [3, 1, 1]
    after = cursor_after(fake, tmp_path, cursor)
    assert heard(CONNECTOR, visit_to(fake, tmp_path, after)) == []


def test_a_token_that_is_forgotten_begins_anew_and_tells_all_that_stands_there(tmp_path: Path) -> None:
    fake = FakeDav()
    fake.put(f"{BOOK}1.vcf", card("One", "u1"))
    fake.put(f"{BOOK}2.vcf", card("Two", "u2"))
    cursor = cursor_after(fake, tmp_path)
    fake.drop(f"{BOOK}1.vcf")
    fake.remembered = 3

    found = heard(CONNECTOR, visit_to(fake, tmp_path, cursor))

    assert entries(found) == ["u2"]
    assert [len(one.external_ids) for one in found if isinstance(one, Standing)] == [1, 0, 0]


def test_what_changes_while_a_first_visit_is_under_way_is_heard_after_it(tmp_path: Path) -> None:
    fake = FakeDav()
    for number in range(3):
        fake.put(f"{BOOK}{number}.vcf", card(f"Person {number}", f"u{number}"))
    visit = visit_to(fake, tmp_path)
    cursor = next(iter(CONNECTOR.fetch(visit)))[0]
    fake.put(f"{BOOK}0.vcf", card("Changed", "u0"))

    assert entries(heard(CONNECTOR, visit_to(fake, tmp_path, cursor))) == ["u1", "u2"]
    cursor = cursor_after(fake, tmp_path, cursor)
    assert entries(heard(CONNECTOR, visit_to(fake, tmp_path, cursor))) == ["u0"]


def test_it_writes_only_on_what_it_knows(tmp_path: Path) -> None:
    fake = FakeDav()
    fake.put(f"{BOOK}1.vcf", card("One", "u1"))
    session = session_of(visit_to(fake, tmp_path))
    url = f"https://dav.example{BOOK}1.vcf"
    text, etag = session.text(url) or ("", "")

    after = session.write(url, "card", text.replace("One", "Other"), etag)

    assert after and "FN:Other" in fake.objects[f"{BOOK}1.vcf"]
    assert session.write(url, "card", text, etag) is None
    assert "FN:Other" in fake.objects[f"{BOOK}1.vcf"]
    assert session.text(f"https://dav.example{BOOK}none.vcf") is None


def test_a_wrong_password_and_a_server_without_books_are_said(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as refused:
        CONNECTOR.look(visit_to(FakeDav(), tmp_path, password=SecretStr("wrong")))
    assert refused.value.is_lasting
    with pytest.raises(Trouble, match="no books"):
        empty = Recorded(lambda _request: Answer(status=404))
        CONNECTOR.look(replace(visit_to(FakeDav(), tmp_path), net=empty))


def damage(turns: int) -> None:
    fake = FakeDav()
    fake.put(f"{BOOK}1.vcf", card("One", "u1"))
    whole = fake(Request("PROPFIND", "/dav/us/", {"authorization": "Basic dXM6YXBwLXdvcmQ=", "depth": "1"})).body
    assert b"multistatus" in whole
    for turn in range(turns):
        body = mutate(whole, random.Random(turn))  # noqa: S311
        try:
            parts, token = read_parts(body, "https://dav.example/")
        except NoAnswer:
            continue
        assert "\0" not in token + "".join(part.text("DAV:", "displayname") + part.url for part in parts), turn


def test_damaged_answers_are_read_or_refused() -> None:
    damage(150)


@pytest.mark.nightly
def test_ten_thousand_damaged_answers() -> None:
    damage(10_000)
