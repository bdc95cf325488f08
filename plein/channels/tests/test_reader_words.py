# SPDX-License-Identifier: AGPL-3.0-or-later
import ast
from pathlib import Path

import pytest
from django.utils import translation

from plein.channels.connectors import mail
from plein.channels.connectors.mail.streams import _SIGNATURES, describe
from plein.channels.reader_words import _PATTERNS, told

READERS = ("archives", "child", "reader", "roles", "stores", "streams")


def sentences_of_readers() -> list[str]:
    """What the readers say, with XX where they put in what they found."""
    found = []
    for name in READERS:
        tree = ast.parse((Path(mail.__file__).parent / f"{name}.py").read_text())
        notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                text = "".join(str(part.value) if isinstance(part, ast.Constant) else "XX" for part in node.values)
                notes |= {id(part) for part in node.values}
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
                text = node.value
            else:
                continue
            if text != "XX: XX" and " " in text and text.endswith((".", ": XX")):
                found.append(text)
    return found


def test_every_sentence_of_a_reader_can_be_said_in_dutch() -> None:
    said = sentences_of_readers()
    assert len(said) > 25
    with translation.override("nl"):
        assert [text for text in said if told(text) == text] == []


def test_every_kind_of_file_has_its_words() -> None:
    known = {sentence for sentence, _pattern in _PATTERNS}
    starts = [(signature, "x") for signature, _words in _SIGNATURES]
    odd = [
        (b"PK\x03\x04", "x"),
        (b"<html", "x"),
        (b"<?xml", "x"),
        (b"", "x"),
        (b"\0", "x"),
        (b"hi", "x"),
        (b"hi", "x.csv"),
    ]
    assert [found for head, name in [*starts, *odd] if (found := describe(head, name)) not in known] == []


@pytest.mark.parametrize(
    ("text", "dutch"),
    [
        ("The message is empty.", "Het bericht is leeg."),
        ("'foto.jpg' is not mail: it is a JPEG picture.", "'foto.jpg' is geen mail: het is een JPEG-foto."),
        (
            "There is no mail in 'map': 2 files, and the first says: 'a.eml' is not mail: it is an empty file.",
            "In 'map' zit geen mail: 2 bestanden, en van het eerste: 'a.eml' is geen mail: het is een leeg bestand.",
        ),
        ("Something nobody foresaw.", "Something nobody foresaw."),
    ],
)
def test_what_a_reader_said_is_said_again_in_dutch(text: str, dutch: str) -> None:
    with translation.override("nl"):
        assert told(text) == dutch
    with translation.override("en"):
        assert told(text) == text
