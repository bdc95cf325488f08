# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein connect` and `plein fetch`: an account from the first look to its removal, and what is refused."""

import argparse
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plein.channels.connectors.mastodon.tests.fake import FakeMastodon, status
from plein.channels.models import Connection
from plein.cli import connect, fetch
from plein.cli.speech import CommandTrouble
from plein.core.operations import operation
from plein.moments.models import Moment, MomentSource
from plein.relations.models import ContactPoint, ContactPointLink, Tie
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.testing.peers import Answer, Peer, Request, running
from plein.trust import secret_box
from plein.trust.models import Secret
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)
type Say = Callable[..., tuple[int, Any]]
ENTRY = """<entry><id>tag:nets.example,2026:{0}</id><title>Net {0}</title>
<author><name>Noor de Wit</name><email>noor@nets.example</email></author>
<updated>2026-03-0{0}T09:00:00Z</updated><content>Text {0}</content></entry>"""


def feed(*numbers: int) -> bytes:
    entries = "".join(ENTRY.format(one) for one in numbers)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Nets</title>{entries}</feed>'.encode()


class Site:
    """A website whose feed a test fills."""

    def __init__(self) -> None:
        self.body = feed(1, 2, 3)

    def __call__(self, request: Request) -> Answer:
        return Answer(self.body, headers={"Content-Type": "application/atom+xml"})


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def peer(site: Site) -> Iterator[Peer]:
    with running(site) as found:
        yield found


@pytest.fixture
def carry_out(capsys: pytest.CaptureFixture[str]) -> Say:
    def carry_out(*words: str) -> tuple[int, Any]:
        parser = argparse.ArgumentParser()
        module = fetch if words[0] == "fetch" else connect
        module.add_arguments(parser)
        given = parser.parse_args([*words[words[0] == "fetch" :], "--json"])
        code = module.run(given)
        return code, json.loads(capsys.readouterr().out)

    return carry_out


def figures(told: tuple[int, Any]) -> tuple[int, int, int]:
    return told[0], told[1]["heard"], told[1]["imported"]


def test_a_feed_from_the_first_look_to_its_removal(cast: Cast, carry_out: Say, site: Site, peer: Peer) -> None:
    me = ("--user", cast.alice.email)
    add = ("add", "feed", "--name", "Nets", "--set", f"url={peer.url}/feed", "--inside", *me)

    code, looked = carry_out(*add, "--dry-run")
    assert (code, looked["account"], looked["counts"], looked["connection"]) == (0, "Nets", {"Nets": 3}, None)
    with entered(cast.alice):
        assert not Connection.objects.exists()
        assert not Secret.objects.exists()

    added = carry_out(*add, "--policy", "everyone", "--since", "2026-03-02")[1]
    assert (added["counts"], added["is_dry_run"]) == ({"Nets": 3}, False)
    with pytest.raises(CommandTrouble, match="You have a connection called Nets already"):
        carry_out(*add)
    (row,) = carry_out("list", *me)[1]["connections"]
    assert (row["id"], row["name"], row["state"], row["owner"]) == (
        added["connection"], "Nets", "active", cast.alice.email,
    )  # fmt: skip
    assert carry_out("test", "Nets", *me)[1]["counts"] == {"Nets": 3}

    assert figures(carry_out("fetch", "Nets", *me)) == (0, 2, 2)
    assert figures(carry_out("fetch", "Nets", *me)) == (0, 0, 0)
    site.body = feed(1, 2, 3, 4)
    assert figures(carry_out("fetch", added["connection"], *me)) == (0, 1, 1)

    assert carry_out("pause", "Nets", *me)[1]["state"] == "paused"
    with pytest.raises(CommandTrouble, match="“Nets” is paused: resume it first"):
        carry_out("fetch", "Nets", *me)
    assert carry_out("resume", "Nets", *me)[1]["state"] == "active"
    assert figures(carry_out("fetch", "Nets", *me)) == (0, 0, 0)

    assert carry_out("remove", "Nets", *me)[1]["state"] == "removed"
    assert carry_out("list", *me)[1]["connections"] == []
    with entered(cast.alice):
        assert MomentSource.objects.filter(import_id=added["connection"]).count() == 3
        assert sorted(Moment.objects.filter(kind="post").values_list("occurred_at__day", flat=True)) == [2, 3, 4]
        assert ContactPoint.objects.filter(value="noor@nets.example").exists()
    with pytest.raises(CommandTrouble, match="There is no connection called Nets"):
        carry_out("fetch", "Nets", *me)


def test_colleagues_see_what_is_shared_and_change_nothing(
    cast: Cast, carry_out: Say, peer: Peer, capsys: pytest.CaptureFixture[str]
) -> None:
    url, me, bob = f"url={peer.url}/feed", ("--user", cast.alice.email), ("--user", cast.bob.email)
    carry_out("add", "feed", "--name", "Mine", "--set", url, "--inside", *me)
    carry_out("add", "feed", "--name", "Ours", "--set", url, "--inside", "--circle", "everyone", *me)

    assert [one["name"] for one in carry_out("list", *bob)[1]["connections"]] == ["Ours"]
    for words in (("fetch", "Ours"), ("test", "Ours"), ("pause", "Ours"), ("remove", "Ours"), ("resume", "Ours")):
        with pytest.raises(CommandTrouble, match=f"{cast.bob.email} may not do this"):
            carry_out(*words, *bob)
        with pytest.raises(CommandTrouble, match="There is no connection called Mine"):
            carry_out(words[0], "Mine", *bob)
    for email in (cast.bob.email, cast.gina.email):
        # One's own network is for administrators; a guest brings nothing in.
        with pytest.raises(CommandTrouble, match=f"{email} may not do this"):
            carry_out("add", "feed", "--set", url, "--inside", "--user", email)
    with entered(cast.alice):
        assert Connection.objects.filter(state="active").count() == 2

    parser = argparse.ArgumentParser()
    connect.add_arguments(parser)
    assert connect.run(parser.parse_args(["remove", "Ours", *me])) == 0
    assert "People, addresses and history stay." in capsys.readouterr().out


def test_a_secret_is_never_typed_nor_shown(
    cast: Cast, carry_out: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake, file, me = FakeMastodon(), tmp_path / "token", ("--user", cast.alice.email)
    fake.home, fake.notifications, fake.followers = [status(number) for number in range(4)], [], fake.followers[:1]
    with running(fake) as peer:
        add = (
            "add",
            "mastodon",
            "--name",
            "Toots",
            "--set",
            f"server={peer.url}",
            "--set",
            "home=yes",
            "--inside",
            *me,
        )
        for words, sentence in (
            (("--set", "token=token"), "token is a secret: on the command line others could read it"),
            (("--set", "color=blue"), "Mastodon has no setting color; it has server"),
            (("--set", "home=perhaps", "--secret-from", str(file)), "There is no secret to read at"),
            ((), r"Mastodon wants a secret \(Access token\): give it with --secret-from FILE"),
        ):
            with pytest.raises(CommandTrouble, match=sentence):
                carry_out(*add, *words)
        file.write_text("wrong-word\n")
        with pytest.raises(CommandTrouble) as refused:
            carry_out(*add, "--secret-from", str(file))
        assert "wrong-word" not in str(refused.value)
        assert str(refused.value).endswith(".")
        with entered(cast.alice):
            assert not Connection.objects.exists()
        with entered(cast.alice) as actor, operation("keep_person"):
            make_person("Alice", seat_id=actor.seat_id, is_ours=True)
            point = ContactPoint.objects.create(kind="handle", network="mastodon", value="name1@far.example")
            ContactPointLink.objects.create(contact_point=point, relation=make_person("Ann Bos"))

        monkeypatch.setattr("sys.stdin", io.StringIO("token\n"))
        added = carry_out(*add, "--secret-from", "-")[1]
        assert (added["account"], added["counts"]["followers"]) == ("@us@social.example", 100)
        told = carry_out("fetch", "Toots", *me)[1]
        assert (told["imported"], told["follows"], told["problem"]) == (4, 1, "")
        with entered(cast.alice):
            assert "token" not in str(Connection.objects.get().settings)
            assert secret_box.get(f"connection {added['connection']}") == '{"token": "token"}'
            assert [tie.kind for tie in Tie.objects.filter(one__name="Ann Bos")] == ["follows"]

        with entered(cast.alice):
            secret_box.put(f"connection {added['connection']}", '{"token": "old-word"}')
        code, told = carry_out("fetch", "Toots", *me)
        assert (code, told["heard"]) == (1, 0)
        assert told["problem"]
        with pytest.raises(CommandTrouble, match="“Toots” stopped: "):
            carry_out("fetch", "Toots", *me)
        file.write_text("token\n")
        assert carry_out("resume", "Toots", "--secret-from", f"token={file}", *me)[1]["state"] == "active"
        assert figures(carry_out("fetch", "Toots", *me)) == (0, 0, 0)
        assert "-word" not in str(capsys.readouterr())


def test_whoever_cannot_be_reached_is_named_in_one_sentence(cast: Cast, carry_out: Say, peer: Peer) -> None:
    me, url = ("--user", cast.alice.email), f"url={peer.url}/feed"
    add = ("add", "feed", "--set", url, *me)
    for mood, words, sentence in (
        ("", (), "127.0.0.1"),
        ("500", ("--inside",), "127.0.0.1"),
        ("garbage", ("--inside",), "127.0.0.1"),
        ("", ("--inside", "--circle", "nobody"), "--circle wants everyone, me"),
        ("", ("--set", "pages=3"), "has no setting pages; it has url"),
        ("", ("--secret-from", "-"), "has no secret"),
    ):
        peer.moods[:] = [mood]
        with pytest.raises(CommandTrouble, match=sentence) as refused:
            carry_out(*add, *words)
        assert "\n" not in str(refused.value)
    with entered(cast.alice):
        assert not Connection.objects.exists()

    carry_out(*add, "--inside", "--name", "Nets")
    peer.moods[:] = ["500"]
    code, told = carry_out("fetch", "Nets", *me)
    assert (code, told["heard"], "127.0.0.1" in told["problem"]) == (1, 0, True)
    assert figures(carry_out("fetch", "Nets", *me)) == (0, 3, 3)
