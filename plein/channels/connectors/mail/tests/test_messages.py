# SPDX-License-Identifier: AGPL-3.0-or-later
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plein.channels.base import Address, Message
from plein.channels.connectors.mail.addresses import normal_address, parse_list
from plein.channels.connectors.mail.charsets import decode
from plein.channels.connectors.mail.headers import decode_words, parse_date
from plein.channels.connectors.mail.html_text import html_to_text
from plein.channels.connectors.mail.limits import Limits
from plein.channels.connectors.mail.parse import parse_message
from plein.channels.connectors.mail.quoting import find_quote
from plein.channels.connectors.mail.stores import read_store
from plein.channels.connectors.mail.subjects import subject_key
from plein.channels.connectors.mail.tests.samples import FOLDER, mail, read


def fixture(name: str, spool: Path | None = None) -> list[Message]:
    return [parse_message(raw, spool, Limits()) for raw in read_store(FOLDER / name)]


def test_a_plain_mail_is_read_completely() -> None:
    offer, reply, forward = fixture("conversation.mbox")

    assert offer.external_id == "offerte-1@noorderlicht.example"
    assert offer.sent_at == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert offer.addresses == (
        Address("from", "Sanne de Wit", "sanne@noorderlicht.example"),
        Address("to", "Bakker, Joris", "joris@bakkerij.example"),
        Address("cc", "Renée van Dijk", "renee@noorderlicht.example"),
    )
    assert "€ 9.480,-" in offer.text and "\nFrom the roof" in offer.text
    assert offer.text[offer.signature_from :] == "-- \nSanne de Wit\nNoorderlicht Techniek\n"
    assert reply.in_reply_to == ("offerte-1@noorderlicht.example",)
    assert reply.quote_from is not None and reply.text[reply.quote_from :].startswith("Op ma 2 mrt")
    assert forward.quote_from is not None and forward.text[forward.quote_from :].startswith("-----Oorspr")
    assert {message.subject_key for message in (offer, reply, forward)} == {"offerte zonnepanelen"}
    assert not (offer.defects or reply.defects or forward.defects)


@pytest.mark.parametrize(
    ("name", "nature"),
    [
        ("newsletter.eml", "newsletter"),
        ("bounce.eml", "bounce"),
        ("absent.eml", "auto_reply"),
        ("list.eml", "list"),
        ("invitation.eml", "personal"),
    ],
)
def test_the_headers_tell_what_kind_of_mail_it_is(name: str, nature: str) -> None:
    assert fixture(name)[0].nature == nature


def test_a_vacation_subject_alone_makes_no_auto_reply() -> None:
    assert read(mail(Subject="Out of office next week?")).nature == "personal"


def test_a_bounce_names_who_was_not_reached(tmp_path: Path) -> None:
    bounce = fixture("bounce.eml", tmp_path)[0]

    assert [(report.recipient, report.status) for report in bounce.bounces] == [("oud.adres@bakkerij.example", "5.1.1")]
    assert "Onderhoud.eml" in [part.name for part in bounce.attachments]
    for part in bounce.attachments:
        assert hashlib.sha256((tmp_path / part.sha256).read_bytes()).hexdigest() == part.sha256


def test_html_becomes_text_without_style_or_script() -> None:
    letter = fixture("newsletter.eml")[0]

    assert letter.subject == "Actie: omvormers voor € 499"
    assert letter.text.split("\n\n")[:2] == ["Beste klant,", "Deze week alle omvormers voor € 499."]
    assert "- Levering morgen\n- Vijf jaar garantie" in letter.text
    assert "alert" not in letter.text and "color" not in letter.text
    assert "<script>" in letter.html


def test_an_invitation_is_an_appointment() -> None:
    (event,) = fixture("invitation.eml")[0].invitations

    assert (event.method, event.uid, event.sequence, event.status) == ("REQUEST", "plaatsing-1", 2, "CONFIRMED")
    assert event.starts_at == datetime(2026, 3, 30, 7, 0, tzinfo=UTC)
    assert event.ends_at == datetime(2026, 3, 30, 15, 0, tzinfo=UTC)
    assert event.location == "Bakkerij, Dorpsstraat 1"
    assert event.organizer == "sanne@noorderlicht.example"
    assert event.attendees == ("joris@bakkerij.example", "tom@hughes.example")


def test_a_broken_mail_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    broken = fixture("broken.eml", tmp_path)[0]

    assert broken.addresses[0].name == "Jürgen Groß"
    assert "klant@xn--mller-kva.example" in [address.address for address in broken.addresses]
    assert broken.subject == "Café € 20 en meer"
    assert broken.sent_at is None
    assert broken.text.startswith("Het café kost € 20. Einde")
    assert [part.name for part in broken.attachments] == ["prijs.pdf", "Binnenste.eml"]
    assert (tmp_path / broken.attachments[0].sha256).read_bytes() == b"%PDF-1.4\n"
    assert broken.external_id == f"sha256:{broken.fingerprint}"
    assert any("date cannot be read" in defect for defect in broken.defects)
    assert any("ends before its last boundary" in defect for defect in broken.defects)


def test_copies_in_other_folders_have_one_fingerprint() -> None:
    one = read(mail("Zelfde tekst.\n\n\n", Message_ID="<a@x.example>", Received="from here"))
    other = read(mail("Zelfde tekst.\n", Message_ID="<b@x.example>"))
    different = read(mail("Andere tekst.\n"))

    assert one.fingerprint == other.fingerprint != different.fingerprint


@pytest.mark.parametrize(
    ("value", "pairs"),
    [
        ("a@b.example", [("", "a@b.example")]),
        ("jjl at pobox.example (John J. Lee)", [("John J. Lee", "jjl@pobox.example")]),
        (
            '"Groep; en, komma" <G@B.example>, C <c@d.example>',
            [("Groep; en, komma", "g@b.example"), ("C", "c@d.example")],
        ),
        ("Team: a@b.example, c@d.example;", [("", "a@b.example"), ("", "c@d.example")]),
        ("undisclosed-recipients:;", [("undisclosed-recipients:", "")]),
        ("'x@y.example' <x@y.example>", [("", "x@y.example")]),
        ("Iemand zonder adres", [("Iemand zonder adres", "")]),
        ("=?utf-8?Q?B=C3=A9?= <b@c.example>", [("Bé", "b@c.example")]),
        ("<@route.example:b@c.example>", [("", "b@c.example")]),
    ],
)
def test_addresses_are_read_as_people_write_them(value: str, pairs: list[tuple[str, str]]) -> None:
    assert parse_list(value, 300, 100) == pairs


@pytest.mark.parametrize("raw", ["", "geen adres", "@x.example", "x@", "a b@c.example", "a@b@c.example", "a@b c"])
def test_what_is_no_address_is_not_made_one(raw: str) -> None:
    assert normal_address(raw) == ""


def test_ten_thousand_recipients_are_all_there() -> None:
    crowd = ", ".join(f"Naam {n} <n{n}@groot.example>" for n in range(10_000))

    assert len(read(mail(To=crowd)).addresses) == 10_001


def test_more_addresses_than_allowed_are_left_out_and_reported() -> None:
    crowd = read(mail(To=", ".join(f"n{n}@groot.example" for n in range(50))), addresses=20)

    assert len(crowd.addresses) <= 21
    assert any("More than 20 addresses" in defect for defect in crowd.defects)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Tue, 3 Mar 2026 09:15:00 +0100", datetime(2026, 3, 3, 8, 15, tzinfo=UTC)),
        ("3 Mar 26 09:15 GMT", datetime(2026, 3, 3, 9, 15, tzinfo=UTC)),
        ("2026-03-03T09:15:00Z", datetime(2026, 3, 3, 9, 15, tzinfo=UTC)),
        ("Sun, 27 Nov 0001 10:00:00 +0000", datetime(2001, 11, 27, 10, 0, tzinfo=UTC)),
        ("Thu, 18 Jul 0102 10:00:00 +0000", None),
        ("gisteren", None),
        ("", None),
    ],
)
def test_dates_are_read_or_reported(value: str, moment: datetime | None) -> None:
    found, defect = parse_date(value)

    assert found == moment
    assert bool(defect) == (moment is None or moment.year == 2001)


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("é€".encode(), "iso-8859-1", "é€"),
        (b"caf\xe9", "utf-8", "café"),
        (b"\x80 5", "us-ascii", "€ 5"),
        ("日本".encode("iso2022_jp"), "iso-2022-jp", "日本"),
        ("привет".encode("koi8_r"), "koi8-r", "привет"),
        (b"a\x00b", "", "ab"),
        (b"plain", "zip", "plain"),
    ],
)
def test_bytes_become_the_text_that_was_meant(data: bytes, charset: str, text: str) -> None:
    assert decode(data, charset) == text


def test_encoded_words_that_cut_a_character_in_two_are_joined() -> None:
    assert decode_words("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?= =?utf-8?b?4oKs?=") == "café€"


@pytest.mark.parametrize(
    ("subject", "key"),
    [
        ("Re: FW: Antw: [lijst] Offerte  zon", "offerte zon"),
        ("RE[2]: sv: Straße", "strasse"),
        ("[agenda]", "[agenda]"),
        ("Resultaat: goed", "resultaat: goed"),
        ("", ""),
    ],
)
def test_the_subject_key_holds_through_a_conversation(subject: str, key: str) -> None:
    assert subject_key(subject) == key


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Ja.\n\nOn Mon, 2 Mar 2026 Sanne wrote:\n> Kan het?\n", "On Mon"),
        ("Ja.\n\n> Kan het?\n> Echt?\n", "> Kan"),
        ("Ja.\n\nFrom: Sanne\nSent: Monday 2 March 2026\nTo: Joris\nSubject: Zon\n\nKan het?\n", "From: Sanne"),
        (
            "Ok\n\n\nJeff Smith@ECT\n05/10/2001 09:33 AM\nTo: Jo Lee/HOU/ECT@ECT\ncc: \nSubject: Gas\n\nHi\n",
            "Jeff Smith",
        ),
        ("On Mon, 2 Mar 2026 Sanne wrote:\n> Kan het?\nJa, dat kan.\n", None),
        ("Vraag:\n> citaat\nantwoord\n", None),
        ("> alleen citaat\n", None),
        ("From: is a word to start with.\n", None),
    ],
)
def test_quoted_history_is_found_and_nothing_else(text: str, start: str | None) -> None:
    found = find_quote(text)

    assert (None if found is None else text[found:].startswith(start or "")) == (None if start is None else True)


def test_a_quotation_in_html_gets_the_mark_of_plain_mail() -> None:
    assert html_to_text("<p>Ja</p><blockquote><p>Kan<br>het?</p></blockquote>") == "Ja\n\n> Kan\n> het?"


def test_long_texts_are_cut_and_reported() -> None:
    long = read(mail("x" * 2000, Subject="y" * 1500), text=1000)

    assert (len(long.text), len(long.subject)) == (1000, 1000)
    assert len(long.defects) == 2


def test_an_attachment_that_is_too_large_is_named_but_not_stored(tmp_path: Path) -> None:
    body = "--g\n\nZie bijlage.\n--g\nContent-Type: video/mp4; name=film.mp4\n\n" + "z" * 5000 + "\n--g--\n"
    message = read(mail(body, Content_Type="multipart/mixed; boundary=g"), tmp_path, attachment=1000)

    assert message.text.strip() == "Zie bijlage."
    assert message.attachments == ()
    assert message.defects == ("Too large, not stored: film.mp4, 4.9 kB.",)
    assert list(tmp_path.iterdir()) == []


def test_headers_from_an_enemy_stay_data() -> None:
    evil = read(
        mail(Subject="=?utf-8?Q?x=0D=0ABcc:_all@x.example=00=E2=80=A8?=", From="=?utf-8?Q?a=0Ab?= <a@b.example>")
    )

    assert "\n" not in evil.subject and "\0" not in evil.subject
    assert evil.addresses[0].name == "a b"
    assert all(address.role != "bcc" for address in evil.addresses)
