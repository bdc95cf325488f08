# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a company says about its own messages is learned, judged on what was not read, and kept as arrays."""

import pytest

from plein.recognition.adjustment import unpacked
from plein.recognition.learning import LEAST, Correction, learn
from plein.recognition.model import LIGHT, STANDARD, UnknownModel
from plein.recognition.recognise import Incoming, recognise

#: In this trade a reading of a meter is a complaint: nobody else would say so.
READINGS = [f"Meterstand {number} van pomp {number % 7}, afgelezen in hal {number % 5}." for number in range(400, 440)]
OTHERS = [f"De pallets voor loods {number % 9} staan klaar, zending {number}." for number in range(700, 740)]
NEW = "Meterstand 918 van pomp 3, afgelezen in hal 2."


def corrections() -> list[Correction]:
    yes = [Correction(text, {"complaint": True, "business": True}) for text in READINGS]
    return yes + [Correction(text, {"complaint": False}) for text in OTHERS]


def test_corrections_are_learned_and_judged() -> None:
    before = recognise([Incoming(NEW)])[0]
    learned = learn(corrections(), version="1")
    assert learned
    assert learned.is_better
    assert learned.judged > 5
    assert learned.after < learned.before
    for tier in (LIGHT, STANDARD):
        after = recognise([Incoming(NEW)], tier=tier, adjustment=learned.adjustment)[0]
        assert after.labels["complaint"] > 0.5 > before.labels["complaint"]
        assert after.version.endswith("+1")


def test_what_was_not_corrected_stays_as_it_was() -> None:
    learned = learn(corrections(), version="1")
    assert learned
    text = "Schikt dinsdag om tien uur voor een afspraak?"
    before, after = recognise([Incoming(text)])[0], recognise([Incoming(text)], adjustment=learned.adjustment)[0]
    assert after.labels["appointment"] == before.labels["appointment"]
    assert after.labels["complaint"] < 0.5


def test_too_few_teach_nothing() -> None:
    assert learn(corrections()[: LEAST // 2], version="1") is None


def test_what_only_confuses_is_not_taken() -> None:
    wrong = [Correction(one.text, {"complaint": one.is_held_out}) for one in corrections()]
    learned = learn(wrong, version="1")
    assert learned
    assert not learned.is_better


def test_it_is_kept_as_bytes() -> None:
    learned = learn(corrections(), version="7")
    assert learned
    kept = unpacked(learned.adjustment.packed())
    texts = [Incoming(NEW), Incoming(OTHERS[0])]
    assert recognise(texts, adjustment=kept) == recognise(texts, adjustment=learned.adjustment)
    with pytest.raises(UnknownModel):
        unpacked(b"not this")
