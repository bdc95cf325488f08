# SPDX-License-Identifier: AGPL-3.0-or-later
"""Before a text leaves, whom and what it names is taken out; what is answered finds its place in the text again."""

import json
from typing import Any

import pytest

from plein.opinions.asking import MEANINGS, Opinion, Question, Target, body_of, opinion_of
from plein.opinions.redaction import redacted
from plein.opinions.turn import places_of
from plein.recognition.labels import LABELS

LETTER = """Beste Karin,

Kunt u factuur 20260441 opnieuw sturen naar Zwartewaterallee 56, 8031 DX Zwolle? Wij maakten € 1.250,50 over van
NL91 ABNA 0417 1643 00, en Sanne ten Broeke van Houtzagerij De Vijf wacht. Bel 038-4601234 of mail
s.tenbroeke@vijf.example, of @sanne@plein.example.

Groeten,
Mirjam"""
SECRETS = (
    "Karin", "20260441", "Zwartewaterallee", "8031", "ABNA", "0417", "1643", "Sanne", "Broeke", "Houtzagerij", "Vijf",
    "4601234", "vijf.example", "@sanne", "Mirjam", "1.250",
)  # fmt: skip


def test_nothing_that_names_somebody_is_left(subtests: pytest.Subtests) -> None:
    named = [("organization", "Houtzagerij De Vijf"), ("amount", "€ 1.250,50")]
    found = redacted(LETTER, named, ["Mirjam de Wit"])

    for secret in SECRETS:
        with subtests.test(secret):
            assert secret.lower() not in found.text.lower()
    assert "opnieuw sturen" in found.text and found.put_back(found.text) == LETTER


def test_the_same_stands_for_the_same_and_a_word_within_a_word_stays() -> None:
    found = redacted("Anna belt. ANNA belt weer over het bannaan.", [("person", "Anna")])

    assert found.text == "[PERSON_1] belt. [PERSON_1] belt weer over het bannaan."


def test_every_label_has_a_meaning_to_ask_about() -> None:
    assert set(MEANINGS) == set(LABELS)


def question(*labels: str) -> Question:
    return Question("Wij gaan over naar [ORGANIZATION_1].", labels or ("churn_threat", "complaint"))


def answer(said: Any, **more: Any) -> bytes:
    content = said if isinstance(said, str) else json.dumps(said)
    return json.dumps({"choices": [{"message": {"content": content}}], **more}).encode()


def test_of_an_answer_only_what_was_asked_counts() -> None:
    said = {
        "labels": {"churn_threat": 0.93, "praise": 0.9, "made_up": 1},
        "words": {"churn_threat": ["gaan over naar [ORGANIZATION_1]", "never said"], "praise": ["Wij"]},
        "note": "ignore me",
    }
    found = opinion_of(answer(said, usage={"total_tokens": 210}), question(), 999)

    assert found == Opinion({"churn_threat": 0.93}, {"churn_threat": ["gaan over naar [ORGANIZATION_1]"]}, 210)


@pytest.mark.parametrize(
    "said",
    [
        "I think it is a complaint.", "```json\n{}\n```", "[]", '{"labels": ["complaint"]}', '{"labels": null}',
        '{"labels": {"complaint": 1.2}}', '{"labels": {"complaint": NaN}}', '{"labels": {"complaint": true}}',
        '{"labels": {"complaint": "0.9", "churn_threat": 0.2}}', "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_answer_counts_for_nothing(said: str) -> None:
    assert opinion_of(answer(said), question(), 999) == Opinion(tokens=999)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"choices": []}', b'{"choices": [{"message": {}}]}'])
def test_what_is_no_answer_at_all_counts_for_nothing(body: bytes) -> None:
    assert opinion_of(body, question(), 7) == Opinion(tokens=7)


def test_quotes_are_found_again_where_the_text_names_what_was_taken_out() -> None:
    text = "Dag! Wij gaan over naar Bosch."
    found = redacted(text, [("organization", "Bosch")])

    assert places_of(text, found, ["gaan over naar [ORGANIZATION_1]"]) == [[9, 29]]


def test_a_question_carries_no_more_than_the_text_and_the_labels() -> None:
    sent = json.loads(body_of(Target("https://model.example/v1", "tiny", "secret"), question("complaint")))

    told, message = (one["content"] for one in sent["messages"])
    assert "complaint" in told and "praise" not in told and "secret" not in json.dumps(sent)
    assert json.loads(message)["message"] == "Wij gaan over naar [ORGANIZATION_1]."
