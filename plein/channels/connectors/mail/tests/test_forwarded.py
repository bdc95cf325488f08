# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail that was forwarded to a drop-box, as mail programs write it, becomes the original again."""

import random
import time
from datetime import UTC, datetime

import pytest

from plein.channels.base import Address, Message
from plein.channels.connectors.mail.forwarded import date_in, original_of, taken_apart
from plein.channels.connectors.mail.limits import Limits
from plein.channels.connectors.mail.parse import parse_message
from plein.channels.connectors.mail.raw import Raw

DROP = "alice+drop-abc234@plein.example"
GMAIL = """Even voor het dossier.

---------- Forwarded message ---------
From: Henk van Dijk <henk@vandijk.example>
Date: Mon, Mar 2, 2026 at 9:05 AM
Subject: Het dak
To: Alice Bos <alice@elders.example>
Cc: "Jansen, Wim" <wim@vandijk.example>, piet@vandijk.example

Dag Alice,

Het lekt.
"""
OUTLOOK = """Van: Henk van Dijk <henk@vandijk.example>
Verzonden: maandag 2 maart 2026 09:05
Aan: Alice Bos <alice@elders.example>
CC: Wim Jansen <wim@vandijk.example>; piet@vandijk.example
Onderwerp: Het dak

Dag Alice,

Het lekt.
"""
OLD_OUTLOOK = """-----Original Message-----
From: Henk van Dijk [mailto:henk@vandijk.example]
Sent: 02/03/2026 09:05
To: Alice Bos [mailto:alice@elders.example]
Cc: Wim Jansen [mailto:wim@vandijk.example];
 piet@vandijk.example
Subject: Het dak

Dag Alice,

Het lekt.
"""
APPLE = """Begin forwarded message:

> *From: *Henk van Dijk <henk@vandijk.example>
> *Subject: **Het dak*
> *Date: *2 March 2026 at 10:05:00 GMT+1
> *To: *Alice Bos <alice@elders.example>
> *Cc: *Wim Jansen <wim@vandijk.example>, piet@vandijk.example
>
> Dag Alice,
>
> Het lekt.
"""
THUNDERBIRD = """-------- Weitergeleitete Nachricht --------
Betreff: Het dak
Datum: Mon, 2 Mar 2026 10:05:00 +0100
Von: Henk van Dijk <henk@vandijk.example>
An: Alice Bos <alice@elders.example>
Kopie (CC): x@vandijk.example

Dag Alice,

Het lekt.
"""


def mail(text: str, *, to: str = DROP, subject: str = "Fwd: Het dak") -> Message:
    head = f"From: Alice Bos <alice@elders.example>\nTo: {to}\nSubject: {subject}\nMessage-ID: <1@x>\n"
    raw = f"{head}Date: Tue, 3 Mar 2026 08:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n{text}".encode()
    return parse_message(Raw("INBOX", "alice", 1, raw, len(raw), ""), None, Limits())


@pytest.mark.parametrize("text", [GMAIL, OUTLOOK, OLD_OUTLOOK, APPLE, THUNDERBIRD])
def test_the_original_is_the_message(text: str) -> None:
    found = taken_apart(mail(text), DROP)

    assert found.sent_at == datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
    assert (found.subject, found.text) == ("Het dak", "Dag Alice,\n\nHet lekt.")
    assert found.addresses[0] == Address("from", "Henk van Dijk", "henk@vandijk.example")
    assert found.addresses[1] == Address("to", "Alice Bos", "alice@elders.example")
    if text != THUNDERBIRD:
        assert [one.address for one in found.addresses[2:]] == ["wim@vandijk.example", "piet@vandijk.example"]
    assert not any(DROP in one.address for one in found.addresses)
    assert (
        found.external_id == f"sha256:{found.fingerprint}" == taken_apart(mail(f"Nog eens\n\n{text}"), DROP).external_id
    )
    assert "Forwarded by Alice Bos" in found.defects[-1]


def test_what_somebody_wrote_above_it_is_noted() -> None:
    assert taken_apart(mail(GMAIL), DROP).defects[-1] == "Forwarded by Alice Bos: Even voor het dossier."


def test_a_copy_is_what_it_is_without_the_drop_box() -> None:
    answer = mail(f"Dag Henk\n\n{OUTLOOK}", to=f"henk@vandijk.example, {DROP}", subject="Re: Het dak")
    found = taken_apart(answer, DROP)

    assert (found.external_id, found.text) == ("1@x", answer.text)
    assert [one.address for one in found.addresses] == ["alice@elders.example", "henk@vandijk.example"]


def test_what_was_not_forwarded_stays_and_a_sender_without_an_address_is_a_name() -> None:
    assert original_of(mail("From: here to there is a long way.\n\nDate: none")) is None
    assert taken_apart(mail("Hello"), DROP).text == "Hello"
    named = taken_apart(mail("From: Henk van Dijk\nSent: 2 maart 2026 09:05\nSubject: X\n\nDag"), DROP)
    assert (named.addresses[0].name, named.addresses[0].address) == ("Henk van Dijk", "")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-02 09:05", datetime(2026, 3, 2, 9, 5, tzinfo=UTC)),
        ("lundi 2 mars 2026 à 09:05", datetime(2026, 3, 2, 9, 5, tzinfo=UTC)),
        ("3/13/26 9:05 PM", datetime(2026, 3, 13, 21, 5, tzinfo=UTC)),
        ("12 de dez. de 2025 18h30", datetime(2025, 12, 12, 18, 30, tzinfo=UTC)),
        ("1 januari 2026 00:30 +02:00", datetime(2025, 12, 31, 22, 30, tzinfo=UTC)),
        ("31-02-2026 10:00", None),
        ("soon", None),
    ],
)
def test_dates_as_people_and_programs_write_them(text: str, at: datetime | None) -> None:
    assert date_in(text) == at


def test_damage_takes_no_time_and_crashes_nothing() -> None:
    chance = random.Random(1)  # noqa: S311
    samples = [GMAIL, OUTLOOK, OLD_OUTLOOK, APPLE, THUNDERBIRD, "From: " * 5000, "To: a\n" * 20_000, ">" * 100_000]
    started = time.process_time()
    for _turn in range(120):
        text = list(chance.choice(samples)[:4000])
        for _cut in range(8):
            at = chance.randrange(len(text))
            text[at : at + chance.randint(0, 30)] = chance.choice(["", "\n", ":", "*", "> ", "٣", "From:", "\u2028"])
        original_of(mail("".join(text)))
    for whole in samples:
        original_of(mail(whole))
    assert time.process_time() - started < 10
