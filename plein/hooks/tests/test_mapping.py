# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import UTC, datetime
from typing import Any

import pytest

from plein.hooks.mapping import Around, NotReadable, Reading, guess, reading_of
from plein.hooks.payloads import NotAPayload, leaves, payload_of, value_at
from plein.hooks.vocabulary import Preset, Reason

CAME = datetime(2026, 5, 1, 9, tzinfo=UTC)
#: Calls as real programs make them: what they send, and what has to come of it by guessing alone.
TWILIO = {"SmsSid": "SM1", "From": "+31612345678", "To": "+31881234567", "Body": "Hoi", "NumMedia": "0"}
ASTERISK = {"Event": "Newchannel", "Uniqueid": "171.9", "CallerIDNum": "0201234567", "CallerIDName": "Anna Bos",
            "Exten": "101", "ChannelState": "4", "timestamp": "1777626000"}  # fmt: skip
VOYS = {"timestamp": "2026-05-01T11:00:00+02:00", "call_id": "v1", "direction": "inbound", "status": "ringing",
        "caller": {"name": "Anna", "number": "+31201234567"}, "destination": {"number": "+31881234567"}}  # fmt: skip
SITE = {"form": {"name": "Anna Bos", "email": "Anna@Bos.example", "phone": "020 123 45 67", "message": "Bel me"}}


def read(payload: dict[str, Any], preset: str, **mapping: str) -> Reading:
    around = Around("h", "k", CAME, preset, "NL", "alice@plein.example")
    return reading_of(payload, mapping or guess(payload, preset), around)


def said(reading: Reading) -> list[tuple[str, str, str]]:
    return [(one.role, one.address or one.name, one.name) for one in reading.message.addresses]


def test_what_programs_call_things_is_guessed() -> None:
    sms = read(TWILIO, Preset.SMS)
    assert (sms.message.kind, sms.message.text, sms.message.external_id) == ("text", "Hoi", "hook:h:SM1")
    assert said(sms)[0][:2] == ("from", "+31612345678") and said(sms)[1][:2] == ("to", "+31881234567")

    call = read(ASTERISK, Preset.TELEPHONE)
    assert said(call)[0] == ("from", "+31201234567", "Anna Bos")
    assert call.message.sent_at == datetime(2026, 5, 1, 9, tzinfo=UTC) and call.message.external_id == "hook:h:171.9"

    ring = read(VOYS, Preset.TELEPHONE)
    assert ring.rings and ring.goes_on and said(ring)[0] == ("from", "+31201234567", "Anna")

    site = read(SITE, Preset.FORM)
    assert [one[:2] for one in said(site)] == [("from", "anna@bos.example"), ("reply_to", "+31201234567")]
    assert (site.message.kind, site.message.text) == ("chat", "Bel me")


def test_a_call_of_ours_goes_from_us_to_them() -> None:
    over = read(VOYS | {"direction": "outbound", "status": "ended"}, Preset.TELEPHONE)

    assert [one[:2] for one in said(over)] == [("from", "+31881234567"), ("to", "+31201234567")]
    assert not over.rings and not over.goes_on
    unknown = read({"number": "0201234567", "dir": "out"}, Preset.TELEPHONE, phone="/number", direction="/dir")
    assert [one[:2] for one in said(unknown)] == [("from", "alice@plein.example"), ("to", "+31201234567")]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"p": "12"}, Reason.PHONE),
        ({"p": "anonymous"}, Reason.NOBODY),
        ({"p": ""}, Reason.NOBODY),
        ({}, Reason.NOBODY),
        ({"e": "nobody"}, Reason.EMAIL),
        ({"e": "a@b.example", "w": "tomorrow"}, Reason.TIME),
        ({"e": "a@b.example", "w": "99999999999999999"}, Reason.TIME),
    ],
)
def test_what_cannot_be_read_says_why(payload: dict[str, Any], reason: Reason) -> None:
    with pytest.raises(NotReadable) as trouble:
        read(payload, Preset.TELEPHONE, phone="/p", email="/e", when="/w")
    assert trouble.value.reason == reason


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-05-01T11:00:00+02:00", CAME),
        ("2026-05-01T09:00:00", CAME),
        ("1777626000", CAME),
        ("1777626000.0", CAME),
        ("1777626000000", CAME),
        ("1777626000000000", CAME),
        ("Fri, 01 May 2026 11:00:00 +0200", CAME),
        ("", CAME),
    ],
)
def test_times_are_read_as_programs_write_them(text: str, wanted: datetime) -> None:
    reading = read({"e": "a@b.example", "w": text}, Preset.CHAT, email="/e", when="/w")
    assert reading.message.sent_at == wanted


def test_values_are_pointed_at_by_where_they_stand() -> None:
    payload = payload_of(b'{"a": {"b/c": [1, {"d~": "x"}]}, "n": null, "t": true}', "application/json")

    assert dict(leaves(payload)) == {"/a/b~1c/0": "1", "/a/b~1c/1/d~0": "x", "/n": "", "/t": "true"}
    assert all(value_at(payload, pointer) == text for pointer, text in leaves(payload))
    assert [value_at(payload, one) for one in ("", "/a", "/a/b~1c/9", "/a/b~1c/x", "/z/y")] == [""] * 5


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"1",
        b"{",
        b"\xff{}",
        b'{"a": NaN}',
        b"[" * 100_000,
        b'{"a":' * 5000,
        b'{"a":' * 30 + b"1" + b"}" * 30,
    ],
)
def test_what_is_no_call_is_refused(body: bytes) -> None:
    with pytest.raises(NotAPayload):
        payload_of(body, "application/json")


def test_what_a_database_cannot_hold_is_taken_out() -> None:
    body = b'{"a": "x\\u0000\\ud800y", "b": 1e999, "c": 123456789012345678901234567890}'

    assert payload_of(body, "application/json") == {"a": "xy", "b": "inf", "c": "123456789012345678901234567890"}
    assert payload_of(b"From=%2B31&Body=a+b&Body=c", "application/x-www-form-urlencoded; charset=utf-8") == {
        "From": "+31", "Body": "a b"}  # fmt: skip
