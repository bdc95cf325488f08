# SPDX-License-Identifier: AGPL-3.0-or-later
import socket
from collections.abc import Iterator

import pytest

from plein.channels.post import Letter, PostRefused, PostUncertain, post
from plein.channels.smtp import Server, hand_over, try_out
from plein.core import outside
from plein.testing.mail_server import STEPS, Box, mail_server

ANY = ".".join("0000")
DATA = b"From: a@x.nl\r\nSubject: x\r\n\r\nDag\r\n.punt\r\n"


@pytest.fixture
def box() -> Iterator[Box]:
    with mail_server() as running:
        yield running


def server(box: Box, **changes: object) -> Server:
    return Server(**{"host": "localhost", "port": box.port, "security": "none", "is_inside": True, **changes})  # type: ignore[arg-type]


def test_a_letter_goes_over_the_line_once_and_whole(box: Box) -> None:
    refused = hand_over(server(box), "a@x.nl", ["b@x.nl", "c@x.nl"], DATA)

    assert refused == {}
    assert [(kept.sender, kept.receivers) for kept in box.kept] == [("a@x.nl", ["b@x.nl", "c@x.nl"])]
    assert box.kept[0].data == DATA


@pytest.mark.parametrize("step", STEPS)
def test_a_server_that_dies_leaves_the_letter_with_us_or_says_that_nobody_knows(box: Box, step: str) -> None:
    box.dies_at, told = step, []
    with pytest.raises((PostRefused, PostUncertain)) as trouble:
        hand_over(server(box), "a@x.nl", ["b@x.nl"], DATA, lambda: told.append(step))

    is_late = step in ("before_keeping", "after_keeping")
    assert isinstance(trouble.value, PostUncertain) == is_late
    assert bool(told) == is_late
    assert len(box.kept) == (step == "after_keeping")
    assert is_late or not getattr(trouble.value, "permanent", True)


@pytest.mark.parametrize(
    ("step", "answer", "permanent"),
    [("MAIL", "550 5.7.1 not you", True), ("RCPT", "550 5.1.1 no such user", True), ("RCPT", "451 4.7.1 later", False),
     ("before_keeping", "554 5.6.0 no", True), ("before_keeping", "452 4.3.1 full", False)],
)  # fmt: skip
def test_a_refusal_is_told_in_the_servers_words(box: Box, step: str, answer: str, permanent: bool) -> None:
    box.refusals[step] = answer
    with pytest.raises(PostRefused) as trouble:
        hand_over(server(box), "a@x.nl", ["b@x.nl"], DATA)

    assert trouble.value.permanent is permanent
    assert answer in trouble.value.words
    assert box.kept == []


def test_who_is_refused_for_good_does_not_keep_it_from_the_others(box: Box) -> None:
    box.refusals["gone@x.nl"] = "550 5.1.1 no such user"
    refused = hand_over(server(box), "a@x.nl", ["b@x.nl", "gone@x.nl"], DATA)

    assert list(refused) == ["gone@x.nl"]
    assert "no such user" in refused["gone@x.nl"]
    assert box.kept[0].receivers == ["b@x.nl"]


def test_who_is_refused_for_now_holds_it_back_for_all(box: Box) -> None:
    box.refusals["busy@x.nl"] = "450 4.2.1 greylisted"
    with pytest.raises(PostRefused) as trouble:
        hand_over(server(box), "a@x.nl", ["b@x.nl", "busy@x.nl"], DATA)

    assert not trouble.value.permanent
    assert box.kept == []


def test_what_happens_before_the_letter_may_still_call_it_off(box: Box) -> None:
    def no() -> None:
        raise RuntimeError("somebody else has it")

    with pytest.raises(RuntimeError):
        hand_over(server(box), "a@x.nl", ["b@x.nl"], DATA, no)
    assert box.kept == []


def test_letters_before_the_at_sign_that_are_not_ascii_need_a_server_that_knows_them(box: Box) -> None:
    hand_over(server(box), "a@x.nl", ["jörg@x.nl"], DATA)
    assert box.kept[0].receivers == ["jörg@x.nl"]


def test_a_letter_larger_than_the_server_takes_is_not_offered(box: Box) -> None:
    with pytest.raises(PostRefused, match="takes 30.0 MB at most") as trouble:
        hand_over(server(box), "a@x.nl", ["b@x.nl"], b"x" * (31 * 1024 * 1024))
    assert trouble.value.permanent
    assert "MAIL" not in box.steps


def test_inside_addresses_only_when_somebody_said_so(box: Box) -> None:
    with pytest.raises(PostRefused, match="does not connect to"):
        try_out(server(box, is_inside=False))
    assert box.steps == []
    try_out(server(box))


def test_a_line_without_protection_goes_nowhere_but_here(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    here = socket.gethostbyname(socket.gethostname())
    if here.startswith("127."):
        pytest.skip("this machine has no other address")
    with pytest.raises(PostRefused):
        try_out(server(box, host=here))


def test_a_server_without_starttls_gets_no_password(box: Box) -> None:
    with pytest.raises(PostRefused) as trouble:
        try_out(server(box, security="starttls", user_name="a", password="geheim"))  # noqa: S106
    assert not trouble.value.permanent


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "0177.0.0.1", "0x7f000001", "2130706433", "127.1", "::1", "[::1]", "::ffff:127.0.0.1",
     "::ffff:7f00:1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", ANY, "::", "fc00::1", "::127.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "169.254.169.254", "fe80::1", "ff02::1", "224.0.0.1", "255.255.255.255"],
)  # fmt: skip
def test_no_spelling_leads_inside(host: str) -> None:
    with pytest.raises(outside.NotAllowed):
        outside.endpoints(host, 25)


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "::ffff:169.254.169.254", "0xa9fea9fe", "fe80::1", "fd00:ec2::254", "100.100.100.200",
             ANY, "224.0.0.1", "2002:a9fe:a9fe::"],
)  # fmt: skip
def test_the_secrets_of_machines_are_never_asked_for(host: str) -> None:
    with pytest.raises(outside.NotAllowed):
        outside.endpoints(host, 80, may_be_inside=True)


@pytest.mark.parametrize("host", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_the_internet_is_open(host: str) -> None:
    assert outside.endpoints(host, 25)


@pytest.mark.parametrize("host", ["", "a b", "mail\r\nx", "x" * 300, "ma\x00il", "user@host", "a/b"])
def test_what_is_no_name_is_nobody(host: str) -> None:
    with pytest.raises(outside.Unreachable):
        outside.endpoints(host, 25)


def test_without_a_context_nothing_is_posted(db: None) -> None:
    with pytest.raises(RuntimeError):
        post(Letter(("a@x.nl",), "x", "x"))
