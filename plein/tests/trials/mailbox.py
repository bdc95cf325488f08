# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mailbox made from a number: threads, attachments, several folders, and part of it delivered twice."""

import base64
import random
from dataclasses import dataclass
from pathlib import Path

OURS = "plein.example"
REDELIVERED = 0.05
FILES = ("inbox.mbox", "sent.mbox", "archive/2025.mbox")
WORDS = ("offerte", "levering", "planning", "pomp", "ketel", "monteur", "factuur", "vraag", "kwaliteit", "overleg")


@dataclass(frozen=True)
class Mailbox:
    """A folder of mail, and exactly what must come of it."""

    path: Path
    ids: frozenset[str]
    copies: int


def make_mailbox(path: Path, count: int, seed: int) -> Mailbox:
    """Write `count` messages, 5 % of them twice: at once again, later, or in another folder."""
    chance = random.Random(seed)  # noqa: S311 — no secret
    stores: dict[str, list[str]] = {name: [] for name in FILES}
    copies = 0
    for number in range(count):
        text = _message(number, chance)
        stores[chance.choice(FILES)].append(text)
        if chance.random() < REDELIVERED:
            copies += 1
            again = stores[chance.choice(FILES)]
            again.insert(chance.randrange(max(0, len(again) - 400), len(again) + 1), text)
    for name, texts in stores.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text("".join(texts))
    return Mailbox(path, frozenset(_id(number) for number in range(count)), copies)


def _id(number: int) -> str:
    return f"trial-{number}@firm.example"


def _message(number: int, chance: random.Random) -> str:
    # Conversations of a dozen messages, each with one person; several of them go on at the same time.
    talk, turn = number // 60 * 5 + number % 5, number % 60 // 5
    person, colleague = talk % 200, ("alice", "bob")[talk % 2]
    theirs = f"Persoon {person} <p{person}@firm{person % 40}.example.net>"
    ours = f"{colleague.title()} <{colleague}@{OURS}>"
    sender, to = (theirs, ours) if turn % 2 == 0 else (ours, theirs)
    lines = [
        f"From {OURS} Mon Mar  2 09:30:00 2026",
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {'Re: ' if turn else ''}{WORDS[talk % len(WORDS)]} {talk}",
        f"Date: {number % 28 + 1:02d} Mar 2025 {number // 60 % 24:02d}:{number % 60:02d}:{number % 59:02d} +0100",
        f"Message-ID: <{_id(number)}>",
    ]
    if turn and chance.random() < 0.7:
        lines.append(f"In-Reply-To: <{_id(number - 5 * chance.randint(1, turn))}>")
    text = "\n".join(" ".join(chance.choices(WORDS, k=12)) for _line in range(chance.randint(3, 20)))
    body = f"Bericht {number}\n{text}\n"
    if chance.random() < 0.1:
        return "\n".join(lines + _with_file(body, chance)) + "\n\n"
    return "\n".join([*lines, "", body]) + "\n"


def _with_file(body: str, chance: random.Random) -> list[str]:
    # Of few kinds, so that the same file comes with several messages.
    content = base64.encodebytes(random.Random(chance.randrange(60)).randbytes(3000)).decode()  # noqa: S311
    head = ["MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="deel"', "", "--deel"]
    file = ["Content-Type: application/octet-stream; name=tekening.bin", "Content-Transfer-Encoding: base64"]
    return [*head, "Content-Type: text/plain", "", body, "--deel", *file, "", content, "--deel--"]
