# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cards, calendars and questions as no program should send them: refused in words, and nothing half done."""

import random
import time
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from plein.core.ids import new_id
from plein.core.models import Operation
from plein.dav.card_photos import NEW, OLD
from plein.dav.cards import Facts, KeptCard, read_card, write_card
from plein.dav.ics import read_object
from plein.dav.lines import BadText
from plein.dav.tests.phone import AGENDA, PEOPLE, SPACES, TODOS, card, event, phone_of, todo
from plein.dav.xml import BadXml, read
from plein.relations.models import Relation
from plein.relations.names import PersonName
from plein.trust.models import User
from plein.trust.seats import entered

ZONE = ZoneInfo("Europe/Amsterdam")
LONGEST_SECONDS = 5.0
SEEDS = [
    card("Henk van Dijk", "u1", "EMAIL;TYPE=WORK:h@x.example", "TEL:06-12345678", "ADR:;;A 1;Zwolle;;8011 AB;NL",
         "BDAY:1980-01-02", "ORG:Acme;Sales", "CATEGORIES:a,b", 'X-A;B="c;d:e":f', "item1.URL:https://x.example",
         "item1.X-ABLabel:_$!<HomePage>!$_", "PHOTO;ENCODING=b;TYPE=PNG:iVBORw0KGgo="),
    event("Weekly", "u2", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=5", "EXDATE:20300112T090000Z",
          "ATTENDEE;CN=A:mailto:a@x.example", "BEGIN:VALARM", "TRIGGER:-PT5M", "END:VALARM"),
    todo("Call", "u3", "DUE;TZID=Europe/Amsterdam:20300105T090000", "STATUS:COMPLETED", "COMPLETED:20300105T090000Z"),
    f'<sync-collection {SPACES}><sync-token>urn:x</sync-token><prop><getetag/></prop></sync-collection>',
]  # fmt: skip
ODD = ["\x00", "\ud800", "\r\n ", ";", ":", '"', "\\", "BEGIN:VCARD\r\n", "END:VEVENT\r\n", "9" * 400, "\u2028",
       "<!DOCTYPE a>", "&b;", "T999999Z", "=", ",", "FREQ=SECONDLY;", "-", "'", "\ufeff", "é", "<a>" * 30]  # fmt: skip


def spoiled(seed: int) -> tuple[int, str]:
    """One of the objects, with a few wrongs in it, always the same for a number."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    kind = seed % len(SEEDS)
    text = SEEDS[kind]
    for _turn in range(chance.randint(1, 6)):
        at, to = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        act = chance.randrange(5)
        if act == 0:
            text = text[:at] + chance.choice(ODD) + text[at:]
        elif act == 1:
            text = text[:at] + text[min(to, at + 40) :]
        elif act == 2:
            text = text[:to]
        elif act == 3:
            text = text[:at] + text[at : at + 60] * chance.randint(2, 50) + text[at:]
        else:
            text = text[:at] + chr(chance.randrange(1, 0xD7FF)) + text[at + 1 :]
        text = text[:60_000] or "x"
    return kind, text


def numbers(how_many: int) -> Iterator[int]:
    return iter(range(how_many))


@pytest.mark.parametrize("how_many", [150, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_what_is_spoiled_is_read_or_refused_in_time(how_many: int) -> None:
    readers = (_card, _object, _object, _question)
    for seed in numbers(how_many):
        kind, text = spoiled(seed)
        began = time.monotonic()
        try:
            readers[kind](text)
        except (BadText, BadXml):
            pass
        except Exception as trouble:
            raise AssertionError(f"number {seed}: {text[:300]!r}") from trouble
        assert time.monotonic() - began < LONGEST_SECONDS, seed


def _card(text: str) -> None:
    found = read_card(text)
    facts = Facts(new_id(), 1, True, found.name, PersonName(), "", "NL", list(found.values))
    for version in (OLD, NEW):
        again = read_card(write_card(facts, version, KeptCard(found.uid, text, {})))
        assert again.name


def _object(text: str) -> None:
    read_object(text, ZONE)


def _question(text: str) -> None:
    read(text.encode("utf-8", "surrogatepass"))


def test_what_is_refused_leaves_nothing_behind(bob: User) -> None:
    phone, paths = phone_of(bob), (PEOPLE, AGENDA, TODOS)
    with entered(bob):
        before = Operation.objects.count()
    refused = 0
    for seed in range(24):
        kind, text = spoiled(seed)
        if kind < len(paths):
            status = phone.ask("PUT", f"{paths[kind]}{seed}.x", text.encode("utf-8", "surrogatepass")).status_code
            assert status in (201, 204, 403, 412), (seed, status)
            refused += status == 403
    with entered(bob):
        made = Operation.objects.count() - before
        assert made == 18 - refused and refused > 0
        assert Relation.objects.filter(name="").count() == 0
