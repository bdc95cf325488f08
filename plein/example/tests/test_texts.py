# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hand-written texts are complete, well-formed and all different."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).resolve().parent.parent / "texts"
SLOTS = {
    "voornaam",
    "achternaam",
    "collega",
    "collega_achternaam",
    "andere_collega",
    "bedrijf",
    "plaats",
    "adres",
    "product",
    "aantal",
    "bedrag",
    "offerte",
    "order",
    "factuur",
    "serienummer",
    "dag",
    "datum",
    "tijd",
    "project",
}
TEAMS = {"sales", "service", "accounts", "marketing"}
COUNTERPARTS = {
    "installer",
    "housing",
    "municipality",
    "care",
    "school",
    "farm",
    "hotel",
    "club",
    "business",
    "supplier",
    "any",
}
SLOT = re.compile(r"\{([^{}]*)\}")
# Set pieces reckon from today: a date, weekday, month or year at an offset.
OFFSET = re.compile(r"[dwmy]:[+-]\d+[dwmy]")
VARIATION = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")

Table = dict[str, Any]


def documents() -> dict[str, Table]:
    return {path.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(TEXTS.glob("*.toml"))}


def threads() -> list[Table]:
    return [thread for document in documents().values() for thread in document.get("thread", [])]


def messages() -> Iterator[tuple[str, Table]]:
    for thread in threads():
        for message in thread["message"]:
            yield thread["id"], message


def strings(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from strings(item, f"{place} {value.get('id', '')} {key}")
    elif isinstance(value, list):
        for item in value:
            yield from strings(item, place)


def all_strings() -> list[tuple[str, str]]:
    return [pair for name, document in documents().items() for pair in strings(document, name)]


def is_known(place: str, slot: str) -> bool:
    return slot in SLOTS or (place.startswith("stories.toml") and OFFSET.fullmatch(slot) is not None)


def test_every_slot_is_known_and_no_brace_is_left_over() -> None:
    for place, text in all_strings():
        assert [slot for slot in SLOT.findall(text) if not is_known(place, slot)] == [], (place, text)
        assert not re.search(r"[{}]", SLOT.sub("", text)), (place, text)


def test_every_variation_has_different_alternatives_and_is_closed() -> None:
    for place, text in all_strings():
        for found in VARIATION.findall(text):
            alternatives = found.split("|")
            assert len(alternatives) == len(set(alternatives)) > 1, (place, found)
            assert all(alternatives) and "[[" not in found, (place, found)
        assert not re.search(r"\[\[|\]\]|\|", VARIATION.sub("", text)), (place, text)


def test_ids_are_unique_over_all_files() -> None:
    ids = [
        row["id"]
        for document in documents().values()
        for rows in document.values()
        if isinstance(rows, list)
        for row in rows
        if isinstance(row, dict) and "id" in row
    ]
    assert sorted(set(ids)) == sorted(ids)


def test_every_thread_names_team_language_and_counterpart() -> None:
    for thread in threads():
        assert thread["team"] in TEAMS, thread["id"]
        assert thread["lang"] in {"nl", "en"}, thread["id"]
        assert thread["who"] in COUNTERPARTS, thread["id"]
        assert thread["message"], thread["id"]
        assert set(thread.get("months", [])) <= set(range(1, 13)), thread["id"]


def test_every_message_says_from_whom_when_and_what() -> None:
    for thread, message in messages():
        assert message["from"] in {"them", "us"}, thread
        assert re.fullmatch(r"0|[1-9]\d*[mhd]", message["after"]), (thread, message["after"])
        assert message["text"].strip(), thread


def test_every_thread_starts_at_once_and_every_mail_thread_has_a_subject() -> None:
    for thread in threads():
        first = thread["message"][0]
        assert first["after"] == "0", thread["id"]
        assert thread.get("channel", "email") != "email" or first.get("subject"), thread["id"]


def test_no_two_texts_are_equal_once_slots_are_taken_out() -> None:
    seen: dict[str, str] = {}
    for thread, message in messages():
        bare = re.sub(r"\W+", " ", SLOT.sub("", message["text"])).strip().casefold()
        assert bare not in seen, (thread, seen.get(bare), message["text"])
        seen[bare] = thread


def test_no_filler_text_and_no_emoji() -> None:
    for place, text in all_strings():
        assert not re.search(r"lorem|ipsum|dolor sit", text, re.IGNORECASE), place
        assert not EMOJI.search(text), place


def test_there_are_at_least_five_hundred_texts() -> None:
    assert sum(1 for _ in messages()) >= 500


def test_mail_has_enough_threads_and_some_of_it_is_english() -> None:
    mail = [thread for thread in threads() if thread.get("channel", "email") == "email"]
    english = [thread for thread in mail if thread["lang"] == "en"]
    count = sum(len(thread["message"]) for thread in mail)
    assert len(mail) >= 150 and count >= 330
    assert 0.08 <= sum(len(thread["message"]) for thread in english) / count <= 0.16
