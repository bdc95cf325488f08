# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards at the doors and around files and the outside world; taken away like those of guards.py."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import nh3
from django.conf import settings
from django.db import connection
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.security import SecurityMiddleware
from django.test import Client

from plein.api import auth, once
from plein.api.tests.conftest import Caller
from plein.core import html, outside
from plein.core.file_types import PICTURES
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.lists.export import cells
from plein.moments.actions import IncomingFile, attach_files
from plein.moments.models import MomentText
from plein.moments.views import files
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_moment, make_person
from plein.tests.guards import Guard, replaced
from plein.tests.rewriting import rewritten
from plein.tests.twins.asking import read
from plein.trust import attempts, permissions, rates, sessions
from plein.trust.actions import change_seat, links, make_one_time_link, make_token, take_one_time_link, tokens
from plein.trust.circles import only_me
from plein.trust.models import ApiToken, OneTimeLink, Role, Seat, User
from plein.trust.seats import entered
from plein.web import middleware

type Removed = Callable[[], AbstractContextManager[None]]


def without(function: Callable[..., Any], condition: str, instead: str) -> Removed:
    return lambda: rewritten(function, {condition: instead})


@contextmanager
def held(kept: dict[Any, Any], changes: dict[Any, Any]) -> Iterator[None]:
    """A table of the code with other values in it."""
    before = dict(kept)
    kept.update(changes)
    try:
        yield
    finally:
        kept.clear()
        kept.update(before)


def client_of(user: User, **changes: Any) -> Client:
    client = Client(raise_request_exception=False, **changes)
    with no_workspace("test"):
        client.force_login(user)
    return client


def caller_of(user: User, here: int, scope: str = "all") -> Caller:
    return Caller(make_token(user=user, workspace=here, scope=scope))


def who_is_not_signed_in_is_sent_to_sign_in(cast: Cast) -> None:
    assert Client(raise_request_exception=False).get("/people/").status_code == 302


def a_form_of_another_site_is_refused(cast: Cast) -> None:
    strict = client_of(cast.alice, enforce_csrf_checks=True)
    assert strict.post("/people/new/", {"name": "Ongevraagd"}).status_code == 403


def a_page_says_what_it_may_load(cast: Cast) -> None:
    assert "default-src 'none'" in client_of(cast.alice).get("/people/").headers.get("Content-Security-Policy", "")


def a_page_is_taken_for_what_it_is(cast: Cast) -> None:
    assert client_of(cast.alice).get("/people/").headers.get("X-Content-Type-Options") == "nosniff"


def a_page_is_kept_by_nobody(cast: Cast) -> None:
    assert "no-store" in client_of(cast.alice).get("/people/").headers.get("Cache-Control", "")


def a_tab_of_another_workspace_is_refused(cast: Cast) -> None:
    assert client_of(cast.alice).get("/people/", headers={"X-Plein-Place": "elsewhere"}).status_code == 421


def an_unknown_host_is_refused(cast: Cast) -> None:
    assert client_of(cast.alice).get("/people/", headers={"Host": "evil.example"}).status_code == 400


def aged(user: User, **marks: timedelta) -> Client:
    client = client_of(user)
    with no_workspace("test"):
        session = client.session
        for name, age in marks.items():
            session[name] = (now() - age).isoformat()
        session.save()
    return client


def a_session_that_nobody_used_is_over(cast: Cast) -> None:
    assert aged(cast.alice, seen_at=timedelta(hours=13)).get("/people/").status_code == 302


def a_session_does_not_live_for_ever(cast: Cast) -> None:
    assert aged(cast.alice, signed_in_at=timedelta(days=15)).get("/people/").status_code == 302


def a_suspended_colleague_is_out_at_once(cast: Cast) -> None:
    client = client_of(cast.bob)
    with entered(cast.alice) as alice:
        change_seat(actor=alice, seat=Seat.objects.get(user=cast.bob), role=Role.MEMBER, is_active=False)
    try:
        assert client.get("/people/").status_code == 302
    finally:
        with entered(cast.alice) as alice:
            change_seat(actor=alice, seat=Seat.objects.get(user=cast.bob), role=Role.MEMBER, is_active=True)


def a_link_lets_in_once(cast: Cast) -> None:
    secret = make_one_time_link(user=cast.bob).split("/")[-2]
    assert take_one_time_link(secret) is not None
    assert take_one_time_link(secret) is None


def a_link_grows_old(cast: Cast) -> None:
    secret = make_one_time_link(user=cast.bob).split("/")[-2]
    with no_workspace("test"):
        OneTimeLink.objects.filter(user=cast.bob).update(expires_at=now() - timedelta(minutes=1))
    assert take_one_time_link(secret) is None


def a_revoked_token_opens_nothing(cast: Cast) -> None:
    caller = caller_of(cast.bob, cast.here)
    with no_workspace("test"):
        ApiToken.objects.filter(user=cast.bob).update(revoked_at=now())
    assert caller.get("/me").status_code == 401


def an_old_token_opens_nothing(cast: Cast) -> None:
    caller = caller_of(cast.bob, cast.here)
    with no_workspace("test"):
        ApiToken.objects.filter(user=cast.bob).update(expires_at=now() - timedelta(minutes=1))
    assert caller.get("/me").status_code == 401


def a_token_does_what_it_was_made_for(cast: Cast) -> None:
    made = caller_of(cast.alice, cast.here, "read").send("POST", "/relations", json={"kind": "person", "name": "Henk"})
    assert made.status_code == 403


def a_token_may_ask_only_so_often(cast: Cast) -> None:
    caller = caller_of(cast.bob, cast.here)
    with no_workspace("test"):
        token = ApiToken.objects.get(user=cast.bob, revoked_at=None, prefix=caller.token[:12])
        with connection.cursor() as cursor:
            values: dict[str, Any] = {"subject": token.id, "most": auth.REQUESTS_A_MINUTE, "minutes": 1}
            cursor.execute(rates.COUNT, values)
            cursor.execute("UPDATE trust_rate_count SET count = %s WHERE subject = %s", [values["most"], token.id])
    assert caller.get("/me").status_code == 429


def guessing_gets_slower(cast: Cast) -> None:
    address = f"10.0.0.{uuid4().int % 250}"
    with no_workspace("test"):
        waits = [attempts.Attempted(f"{address}@plein.example", address).wait for _ in range(attempts.OF_ACCOUNT + 1)]
    assert waits[-1] > 0


def a_key_counts_for_one_seat(cast: Cast) -> None:
    asked: dict[str, Any] = {"json": {"kind": "person", "name": "Henk"}, "headers": {once.HEADER: str(uuid4())}}
    [one, other] = [caller_of(user, cast.here).send("POST", "/relations", **asked) for user in (cast.alice, cast.bob)]
    assert (one.status_code, other.status_code) == (201, 201) and one.json()["id"] != other.json()["id"]


def a_kept_answer_is_shown_to_who_still_sees_it(cast: Cast) -> None:
    caller = caller_of(cast.bob, cast.here)
    asked: dict[str, Any] = {"json": {"kind": "person", "name": "Henk"}, "headers": {once.HEADER: str(uuid4())}}
    made = caller.send("POST", "/relations", **asked)
    with entered(cast.alice), operation("change_circle"):
        Relation.objects.filter(id=UUID(made.json()["id"])).update(circle_id=only_me())
    assert caller.send("POST", "/relations", **asked).status_code != 201


def the_machine_itself_is_not_reached(cast: Cast) -> None:
    for name in ("127.0.0.1", "0177.0.0.1", "::ffff:7f00:1", "169.254.169.254"):
        try:
            outside.endpoints(name, 80)
        except outside.Unreachable:
            continue
        raise AssertionError(f"{name} may be reached")


def an_ipv4_address_in_an_ipv6_one_is_looked_at(cast: Cast) -> None:
    assert not outside.may_connect("::ffff:10.0.0.1", may_be_inside=False)
    assert not outside.may_connect("2002:a9fe:a9fe::", may_be_inside=True)


def the_secrets_of_machines_are_never_reached(cast: Cast) -> None:
    assert not outside.may_connect("169.254.169.254", may_be_inside=True)


def foreign_html_acts_nowhere(cast: Cast) -> None:
    dirty = '<p onclick="x" hx-get="/bin/" data-hx-get="/bin/">a</p><script>b</script><a href="javascript:c">d</a>'
    clean = html.clean_html(dirty).html
    assert not any(sign in clean for sign in ("onclick", "hx-get", "script", "javascript"))


def foreign_html_calls_nobody(cast: Cast) -> None:
    assert "tracker" not in html.clean_html('<img src="https://tracker.example/1.gif">').html


def a_cell_is_no_formula(cast: Cast) -> None:
    assert cells.safe("=HYPERLINK(1)").startswith("'")


def file_of(cast: Cast, name: str, data: bytes) -> str:
    with entered(cast.alice) as alice:
        moment = make_moment(make_person())
        [file] = attach_files(actor=alice, moment=moment, files=[IncomingFile(name, len(data), BytesIO(data))])
        return f"/files/{file.id}/"


def a_drawing_is_never_shown(cast: Cast) -> None:
    path = file_of(cast, "a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    answer = client_of(cast.alice).get(f"{path}inline")
    read(answer)
    assert answer.status_code == 404


def a_download_that_could_run_is_called_unknown(cast: Cast) -> None:
    answer = client_of(cast.alice).get(file_of(cast, "a.html", b"<!doctype html><script>1</script>"))
    read(answer)
    assert "html" not in answer.headers["Content-Type"]


def a_mail_has_an_origin_of_its_own(cast: Cast) -> None:
    with entered(cast.alice):
        moment = make_moment(make_person())
        with operation("edit_moment"):
            MomentText.objects.filter(moment=moment).update(html="<p>Dag</p>")
    answer = client_of(cast.alice).get(f"/moments/{moment.id}/html")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


DOOR_GUARDS = [
    Guard(
        "the way in",
        lambda: replaced(middleware, "OPEN_PATHS", ("/",)),
        who_is_not_signed_in_is_sent_to_sign_in,
    ),
    Guard(
        "CSRF",
        lambda: replaced(CsrfViewMiddleware, "process_view", lambda *given: None),
        a_form_of_another_site_is_refused,
    ),
    Guard(
        "the content policy",
        lambda: replaced(ContentSecurityPolicyMiddleware, "process_response", lambda self, asked, answer: answer),
        a_page_says_what_it_may_load,
    ),
    Guard(
        "no sniffing",
        lambda: replaced(SecurityMiddleware, "process_response", lambda self, asked, answer: answer),
        a_page_is_taken_for_what_it_is,
    ),
    Guard(
        "nothing kept by caches",
        without(middleware.IsolationMiddleware.__call__, '"private, no-store"', '"max-age=60"'),
        a_page_is_kept_by_nobody,
    ),
    Guard(
        "the place of a tab",
        without(middleware.SeatMiddleware._in_place, "if of and", "if False and of and"),
        a_tab_of_another_workspace_is_refused,
    ),
    Guard("known hosts", lambda: replaced(settings, "ALLOWED_HOSTS", ["*"]), an_unknown_host_is_refused),
    Guard(
        "sessions that nobody uses",
        lambda: replaced(sessions, "IDLE", timedelta(days=99)),
        a_session_that_nobody_used_is_over,
    ),
    Guard("long sessions", lambda: replaced(sessions, "LONGEST", timedelta(days=99)), a_session_does_not_live_for_ever),
    Guard("links are spent", without(links.take_one_time_link, "used_at=now()", "used_at=None"), a_link_lets_in_once),
    Guard("links grow old", without(links._good, "expires_at__gt=now(), ", ""), a_link_grows_old),
    Guard("revoked tokens", without(tokens.find_token, ", revoked_at__isnull=True", ""), a_revoked_token_opens_nothing),
    Guard("old tokens", without(tokens.find_token, "token.expires_at <= now()", "False"), an_old_token_opens_nothing),
    Guard(
        "the scope of a token",
        lambda: held(permissions.SCOPES, dict.fromkeys(permissions.SCOPES, permissions.SCOPES["all"])),
        a_token_does_what_it_was_made_for,
    ),
    Guard(
        "the pace of a token",
        lambda: replaced(auth, "seconds_to_wait", lambda subject, most: 0),
        a_token_may_ask_only_so_often,
    ),
    Guard(
        "the pace of guessing", lambda: replaced(attempts, "seconds_to_wait", lambda *given: 0), guessing_gets_slower
    ),
    Guard(
        "a key is one seat's",
        lambda: rewritten(once.once, {"str(actor.seat_id), key": "key", "filter(seat_id=actor.seat_id, ": "filter("}),
        a_key_counts_for_one_seat,
    ),
    Guard(
        "kept answers",
        without(once._again, "_shown(body) < kept.shown", "False"),
        a_kept_answer_is_shown_to_who_still_sees_it,
    ),
    Guard(
        "where Plein connects",
        lambda: replaced(outside, "may_connect", lambda *given, **more: True),
        the_machine_itself_is_not_reached,
    ),
    Guard(
        "wrapped addresses",
        lambda: replaced(outside, "_inner", lambda address: address),
        an_ipv4_address_in_an_ipv6_one_is_looked_at,
    ),
    Guard(
        "secrets of machines",
        lambda: replaced(outside, "_SECRETS_OF_MACHINES", ()),
        the_secrets_of_machines_are_never_reached,
    ),
    Guard("clean HTML", lambda: replaced(nh3, "clean", lambda dirty, **more: dirty), foreign_html_acts_nowhere),
    Guard(
        "pictures from elsewhere",
        without(html.clean_html, "blocked += 1\n            return None", "return value"),
        foreign_html_calls_nobody,
    ),
    Guard("formulas", lambda: replaced(cells, "_mark", lambda found: found[0]), a_cell_is_no_formula),
    Guard("drawings", lambda: replaced(files, "PICTURES", {*PICTURES, "image/svg+xml"}), a_drawing_is_never_shown),
    Guard(
        "names of files that run",
        lambda: replaced(files, "NAMED", {*files.NAMED, "text/html"}),
        a_download_that_could_run_is_called_unknown,
    ),
    Guard("the origin of a mail", lambda: held(files.MAIL, {"sandbox": []}), a_mail_has_an_origin_of_its_own),
]
