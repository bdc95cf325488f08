# SPDX-License-Identifier: AGPL-3.0-or-later
import random
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.utils import timezone

from plein.channels.base import Message
from plein.channels.connectors.mail.connector import read
from plein.channels.letters import Enclosure, Letter, Mailbox, NoAddress, written
from plein.core.ids import now

ME = Mailbox("sanne@noorderlicht.example", "Sanne de Wit")
PIECES = ["a", "b c", "é", "ß", ",", '"', "\\", "(", ")", "<", ">", "@", ";", ":", ".", "日本語", "😀", "=?utf-8?q?x?=",
          "-", "'", "x" * 30, "ö" * 30, "Van", "den"]  # fmt: skip
INJECTIONS = ["\r\nBcc: spy@evil.example", "\nX-Evil: 1", "\r\n\r\nAnother body", "\x00", "\u2028X-Evil: 1", "\x0bX: 1",
              "=?utf-8?q?=0D=0AX-Evil:_1?=", "\r\n.\r\nMAIL FROM:<spy@evil.example>", "\x85X-Evil: 1"]  # fmt: skip


def sent(letter: Letter) -> bytes:
    return written(letter, letter.sender or ME, "one@noorderlicht.example", timezone.localtime(now()))


def as_heard(data: bytes, folder: Path) -> Message:
    """The letter as our own reader of mail understands it."""
    (folder / "letter.eml").write_bytes(data)
    [(_cursor, item)] = read(folder / "letter.eml", spool=folder)
    assert isinstance(item, Message)
    return item


def test_names_and_subjects_arrive_as_they_were_written(tmp_path: Path) -> None:
    dice = random.Random(7)  # noqa: S311 — the same letters each time
    for _round in range(12):
        names = [" ".join("".join(dice.choices(PIECES, k=dice.randint(1, 8))).split()) for _name in range(25)]
        subject = " ".join(dice.choices(PIECES, k=dice.randint(1, 25)))
        letter = Letter(tuple(Mailbox(f"u{n}@example.nl", name) for n, name in enumerate(names)), subject, "Dag")
        data = sent(letter)
        head = message_from_bytes(data, policy=policy.compat32)

        assert max(map(len, data.split(b"\r\n"))) < 998
        assert b"\n" not in data.replace(b"\r\n", b"")
        assert [name.lower() for name in head] == [
            "from", "to", "subject", "date", "message-id", "content-type", "content-transfer-encoding", "mime-version"
        ]  # fmt: skip
        message = as_heard(data, tmp_path)
        assert " ".join(message.subject.split()) == subject
        heard = [a.name for a in message.addresses if a.role == "to"]
        assert [n.strip("\"' ") for n in heard] == [n.strip("\"' ") for n in names]


@pytest.mark.parametrize("evil", INJECTIONS)
def test_nothing_that_is_typed_becomes_a_header_or_a_second_letter(evil: str, tmp_path: Path) -> None:
    letter = Letter(
        (Mailbox("henk@vandijk.example", f"Henk{evil}"),),
        f"Offerte{evil}",
        f"Dag{evil}",
        html=f"<p>Dag{evil}</p>",
        reply_to=Mailbox("service@noorderlicht.example", f"Service{evil}"),
        headers={"X-Plein": f"ja{evil}"},
        attachments=(Enclosure(f"offerte{evil}.pdf", f"application/pdf{evil}", b"%PDF"),),
        in_reply_to=f"older@x{evil}",
        references=(f"older@x{evil}", "fine@x"),
    )
    data = sent(letter)
    parsed = message_from_bytes(data, policy=policy.compat32)

    assert {"bcc", "x-evil", "x"}.isdisjoint(name.lower() for part in parsed.walk() for name in part)
    assert [name.lower() for name in parsed].count("subject") == 1
    assert "evil" not in str(parsed.get("In-Reply-To", "")).lower()
    assert len(as_heard(data, tmp_path).attachments) == 1


@pytest.mark.parametrize(
    "address",
    ["", "henk", "henk@", "@x.nl", "a b@x.nl", "a@x.nl\r\nRCPT TO:<b@x.nl>", "a@x.nl>\r\nDATA", "<a@x.nl>", "a@b@c.nl",
     "a\x00@x.nl", "a@x..nl", "a,b@x.nl", '"a b"@x.nl', "a@x.nl,b@x.nl", "a@" + "x" * 300 + ".nl", "\ud800@x.nl"],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(address: str) -> None:
    with pytest.raises(NoAddress, match="is not an e-mail address"):
        Letter((address,), "x", "x").receivers()


def test_a_domain_with_letters_of_its_own_goes_out_in_ascii() -> None:
    assert Mailbox("piet@Bücher.Example").address == "piet@xn--bcher-kva.example"
    assert b"<piet@xn--bcher-kva.example>" in sent(Letter((Mailbox("piet@bücher.example", "Piet"),), "x", "x"))


def test_long_lines_dots_and_every_letter_arrive(tmp_path: Path) -> None:
    text = "\n".join([".", "..", "From here", "x" * 5000, "één 日本 😀", "", "einde."])
    message = as_heard(sent(Letter(("a@x.nl",), "x", text)), tmp_path)

    assert message.text.rstrip("\n") == text


def test_the_date_carries_its_zone_and_blind_copies_stay_blind(tmp_path: Path) -> None:
    letter = Letter(("a@x.nl",), "x", "x", cc=("b@x.nl",), bcc=("secret@x.nl",))
    with timezone.override("Europe/Amsterdam"):
        data = sent(letter)
    message = as_heard(data, tmp_path)

    assert letter.receivers() == ["a@x.nl", "b@x.nl", "secret@x.nl"]
    assert b"secret" not in data
    assert b"+0100" in data or b"+0200" in data
    assert message.sent_at is not None and abs(message.sent_at - now()) < timedelta(minutes=1)
    assert message.external_id == "one@noorderlicht.example"


def test_files_keep_their_names_and_bytes(tmp_path: Path) -> None:
    names = ["offerte.pdf", "één ✓ bestand.pdf", 'a"b.pdf', "x" * 170 + ".pdf", "日本" * 40 + ".pdf"]
    files = tuple(Enclosure(name, "application/pdf", bytes(range(256)) * 9) for name in names)
    message = as_heard(sent(Letter(("a@x.nl",), "x", "Zie", "<p>Zie</p>", attachments=files)), tmp_path)

    assert [part.name for part in message.attachments] == names
    assert {part.size for part in message.attachments} == {256 * 9}
    assert message.html.strip() == "<p>Zie</p>"


def test_own_headers_cannot_be_repeated() -> None:
    for name in ("Bcc", "subject", "X Y", "X:Y", ""):
        with pytest.raises(ValueError, match="not a header"):
            sent(Letter(("a@x.nl",), "x", "x", headers={name: "1"}))
