# SPDX-License-Identifier: AGPL-3.0-or-later
import ast
import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.test import Client

from plein.core.audit import audit
from plein.core.audit.vocabulary import OPERATIONS
from plein.core.ids import now
from plein.core.models import AuditEntry
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.actions import change_seat, make_token
from plein.trust.circles import only_me
from plein.trust.models import Role, Seat, User
from plein.trust.seats import entered
from plein.web import audit_words, verbs

SignIn = Callable[[User], Client]
CALLS = ("audit", "audit_apart", "audit_user", "_log")
PACKAGE = Path(__file__).resolve().parents[2]


def make_administrator(cast: Cast) -> None:
    """Bob may read the log, too; he is outside what Alice keeps to herself."""
    with entered(cast.alice) as actor:
        change_seat(actor=actor, seat=Seat.objects.get(user=cast.bob), role=Role.ADMINISTRATOR, is_active=True)


def hide_and_read(cast: Cast, signed_in: SignIn) -> str:
    """Alice keeps somebody to herself, and looks."""
    with entered(cast.alice):
        hidden = make_person("Zilverspar", circle_id=only_me())
    signed_in(cast.alice).get(f"/relations/{hidden.id}/")
    return str(hidden.id)


def test_the_page_says_who_looked_at_whom(cast: Cast, signed_in: SignIn) -> None:
    hidden = hide_and_read(cast, signed_in)

    page = signed_in(cast.alice).get("/audit/?what=looked").content.decode()

    assert "Looked at" in page and "Zilverspar" in page and f"/relations/{hidden}/" in page


def test_whoever_may_not_see_it_learns_nothing_of_it_from_the_log(cast: Cast, signed_in: SignIn) -> None:
    make_administrator(cast)
    before = signed_in(cast.bob).get("/audit/?what=looked").content.decode()
    hidden = hide_and_read(cast, signed_in)

    for address in ("/audit/?what=looked", "/audit/looked-at?format=json", f"/audit/file?record={hidden}"):
        answer = signed_in(cast.bob).get(address).content.decode()
        assert "Zilverspar" not in answer and hidden not in answer
    assert before.count("data-item") == page_of(cast.bob, signed_in, "?what=looked").count("data-item")


def test_of_an_export_each_reader_sees_as_many_as_they_may_see(cast: Cast, signed_in: SignIn) -> None:
    make_administrator(cast)
    with entered(cast.alice):
        for name in ("One", "Two"):
            make_person(name)
        make_person("Zilverspar", circle_id=only_me())
    signed_in(cast.alice).post("/export/person/", {"view": "", "format": "csv"}).getvalue()

    counts = [page_of(user, signed_in, "?what=taken") for user in (cast.alice, cast.bob)]

    assert "(3 people)" in counts[0] and "(2 people)" in counts[1]


def page_of(user: User, signed_in: SignIn, query: str = "") -> str:
    """The page as one user reads it."""
    return signed_in(user).get(f"/audit/{query}").content.decode()


def test_the_first_and_the_last_day_there_can_be_are_days_too(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.alice)

    page = client.get("/audit/?since=0001-01-01&until=9999-12-31")

    assert page.status_code == 200 and page.text.count("<time") == client.get("/audit/").text.count("<time") > 0


def test_it_is_for_who_manages(cast: Cast, signed_in: SignIn) -> None:
    for path in ("/audit/", "/audit/file", "/audit/looked-at"):
        assert signed_in(cast.bob).get(path).status_code == 403
        assert signed_in(cast.alice).get(path).status_code == 200


def test_it_goes_on_where_the_page_ended(cast: Cast, signed_in: SignIn) -> None:
    for number in range(60):
        with entered(cast.alice):
            audit("change_password", kind="user", number=number)
    client = signed_in(cast.alice)

    first = client.get("/audit/?what=in")
    following = first.context["next_url"]
    second = client.get(f"/audit/{following}", headers={"HX-Request": "true"})

    assert first.content.count(b"data-item") == 50 and b"<html" not in second.content
    assert second.content.count(b"data-item") == 60 - 50


def test_a_period_that_is_none_gets_an_answer_in_words(cast: Cast, signed_in: SignIn) -> None:
    answer = signed_in(cast.alice).get("/audit/?since=yesterday")

    assert answer.status_code == 422 and b"Enter a valid date" in answer.content


def test_after_a_leak_a_file_says_each_record_and_who(cast: Cast, signed_in: SignIn) -> None:
    hidden = hide_and_read(cast, signed_in)

    answer = signed_in(cast.alice).get("/audit/looked-at")

    rows = csv.DictReader(io.StringIO(answer.content.decode().lstrip("\ufeff")))
    [line] = [row for row in rows if row["record"] == hidden]
    assert (line["event"], line["by"], line["name"]) == ("read", "Alice", "Zilverspar")
    with entered(cast.alice):
        assert AuditEntry.objects.filter(event="export_log").count() == 1


def test_the_rest_door_reads_the_log_and_who_looked_at_what(cast: Cast, signed_in: SignIn) -> None:
    hidden = hide_and_read(cast, signed_in)
    secret = make_token(user=cast.alice, workspace=cast.here, scope="admin")
    client = Client(headers={"Authorization": f"Bearer {secret}"})

    page = client.get("/api/v1/audit", {"event": "read", "limit": "1"})
    looks = client.get("/api/v1/audit/looked-at", {"since": (now() - timedelta(hours=1)).isoformat()})

    [line] = page.json()["items"]
    assert line["records"] == [hidden] and line["facts"] == {"how": "page"}
    assert {look["name"] for look in looks.json()["items"]} == {"Zilverspar"}


def test_every_event_has_words() -> None:
    said = set(OPERATIONS)
    for path in PACKAGE.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS:
                said |= {str(one.value) for one in node.args[:1] if isinstance(one, ast.Constant)}
    unknown = {event for event in said if event not in audit_words.EVENTS and event not in verbs.VERBS}

    assert len(said) > 40 and unknown <= {"merge_relations"}
