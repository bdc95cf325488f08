# SPDX-License-Identifier: AGPL-3.0-or-later
"""A thousand contacts and a thousand events come from a real server of others, and changes go there, every night."""

import base64
import importlib.util
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.dav import card, event, properties
from plein.channels.actions import HearingWishes, add_connection, look_into, set_connection
from plein.channels.models import Connection
from plein.channels.net import OutsideNet
from plein.core.ids import now
from plein.core.models import Operation
from plein.dav.models import Mirrored
from plein.dav.tests.test_additions import add_some
from plein.dav.tests.test_elsewhere import visit
from plein.dav.tests.test_new_cards import PIXEL
from plein.dav.writing_back import write_back
from plein.moments.actions import begin_hearing, create_todo
from plein.moments.models import Gives, Moment, ToDo
from plein.relations.actions import edit_relation, set_photo
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.home import ROOT
from plein.testing.server import free_port
from plein.trust.models import User
from plein.trust.seats import entered

HOW_MANY = 1000
CONFIG = """[server]
hosts = 127.0.0.1:{port}
[auth]
type = none
[storage]
filesystem_folder = {folder}
"""
BOOK = (
    '<mkcol xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><set><prop><resourcetype><collection/>'
    "<c:addressbook/></resourcetype></prop></set></mkcol>"
)
CALENDAR = '<c:mkcalendar xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"/>'


class Radicale:
    """The server, as somebody else uses it."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def ask(self, method: str, path: str, body: str = "", kind: str = "application/xml") -> tuple[int, str]:
        """One request and its answer."""
        told = {"Authorization": "Basic " + base64.b64encode(b"us:word").decode(), "Content-Type": kind}
        with OutsideNet(may_be_inside=True) as net:
            reply = net.ask(method, self.url + path, headers=told, body=body.encode(), most_bytes=64_000_000)
        return reply.status, reply.body.decode()

    def all_in(self, path: str) -> list[list[str]]:
        """What stands in a collection, each as its properties."""
        ends = "END:VCARD\r\n" if "book" in path else "END:VEVENT\r\n"
        _status, text = self.ask("GET", path)
        return [properties(piece + ends) for piece in text.replace("\r\n ", "").split(ends)[:-1]]


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[Radicale]:
    if importlib.util.find_spec("radicale") is None:
        pytest.skip("Radicale is not installed")
    port = free_port()
    config = tmp_path / "config"
    config.write_text(CONFIG.format(port=port, folder=tmp_path / "there"))
    process = subprocess.Popen([sys.executable, "-m", "radicale", "--config", str(config)], cwd=ROOT)
    server = Radicale(port)
    try:
        for _turn in range(100):
            try:
                server.ask("OPTIONS", "/")
                break
            except Exception:  # it does not listen yet
                time.sleep(0.2)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)


def connected(user: User, server: Radicale) -> Connection:
    with entered(user) as actor:
        settings = {"server": server.url, "user_name": "us", "password": "word"}
        made = add_connection(actor=actor, connector="dav", name="Cloud", settings=settings, is_inside=True)
        wishes = HearingWishes("nobody", "me")
        return begin_hearing(actor=actor, connection=made, wishes=wishes, gives=Gives.EVERYTHING)


def bring_there(user: User, server: Radicale, connection: Connection) -> None:
    """What somebody adds here goes there once, with a photo, and is the same when it is heard again."""
    with entered(user) as actor:
        settings = {"additions": sorted(look_into(actor=actor, connection=connection).counts)}
        set_connection(actor=actor, connection=connection, settings=settings, name="")
    add_some(user)
    with entered(user) as actor:
        set_photo(actor=actor, relation=Relation.objects.get(name="Nora Vis"), data=PIXEL)
        create_todo(actor=actor, title="Call Nora", circle="me")
        counts = Relation.objects.count(), Moment.objects.count(), ToDo.objects.count()
    assert write_back(user, connection.workspace_id, connection.id) == 4
    visit(user, connection)
    assert write_back(user, connection.workspace_id, connection.id) == 0
    with entered(user):
        assert (Relation.objects.count(), Moment.objects.count(), ToDo.objects.count()) == counts
    book, agenda = server.ask("GET", "/us/book/")[1], server.ask("GET", "/us/agenda/")[1]
    assert (book.count("FN:Nora Vis"), book.count("\nPHOTO")) == (1, 1)
    assert [agenda.count(f"SUMMARY:{title}") for title in ("Lunch", "Training", "Call Nora")] == [1, 1, 1]


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.django_db(transaction=True)
def test_a_thousand_of_each_come_in_and_nothing_of_them_is_lost_on_the_way_back(cast: Cast, radicale: Radicale) -> None:
    assert radicale.ask("MKCOL", "/us/book/", BOOK)[0] == 201
    assert radicale.ask("MKCALENDAR", "/us/agenda/", CALENDAR)[0] == 201
    for number in range(HOW_MANY):
        assert radicale.ask("PUT", f"/us/book/{number}.vcf", card(number), "text/vcard")[0] == 201
        assert radicale.ask("PUT", f"/us/agenda/{number}.ics", event(number), "text/calendar")[0] == 201
    before = radicale.all_in("/us/book/")
    connection = visit(cast.alice, connected(cast.alice, radicale))
    assert (connection.problem, connection.counts["heard"], connection.counts["refused"]) == ("", 2 * HOW_MANY, 0)
    assert write_back(cast.alice, connection.workspace_id, connection.id) == 0

    with entered(cast.alice) as actor:
        for one in Relation.objects.filter(name__startswith="Bench Person"):
            edit_relation(actor=actor, relation=one, changes={"about": "Changed"}, based_on=one.version)
        assert Operation.objects.filter(started_at__lt=now()).exists()
    assert write_back(cast.alice, connection.workspace_id, connection.id) == HOW_MANY
    visit(cast.alice, connection)
    assert write_back(cast.alice, connection.workspace_id, connection.id) == 0

    after = radicale.all_in("/us/book/")
    assert len(after) == len(before) == HOW_MANY
    without_note = [{line for line in one if not line.startswith("NOTE")} for one in before]
    assert sorted(map(sorted, without_note)) == sorted(
        sorted(line for line in one if not line.startswith("NOTE")) for one in after
    )
    assert all(any(line == "NOTE:Changed" for line in one) for one in after)
    bring_there(cast.alice, radicale, connection)
    with entered(cast.alice):
        assert not Mirrored.objects.exclude(theirs="").exists()
