# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the hand-written texts and names."""

import re
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from math import prod
from pathlib import Path
from typing import Any

from plein.example.days import delay

HERE = Path(__file__).parent
VARIATION = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
SLOT = re.compile(r"\{(\w+)\}")
#: Files of texts/ that hold something else than threads.
OTHER = ("appointments", "interests", "outcomes", "stories", "todos")
#: Threads of which only colleagues speak.
AMONG_US = re.compile(r"-int-|^note-")

Table = dict[str, Any]


@cache
def read(name: str) -> Table:
    """One file, such as "texts/stories"."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread, with its slots and variations open."""

    is_ours: bool
    after: timedelta
    subject: str
    text: str
    facts: dict[str, str]

    @property
    def renderings(self) -> int:
        """How many different texts it can become, without regard to its slots."""
        return prod((len(found.split("|")) for found in VARIATION.findall(self.text)), start=1)

    @property
    def is_fixed(self) -> bool:
        """Whether its slots make no difference, because it has none."""
        return not SLOT.search(self.text)


@dataclass(frozen=True)
class Thread:
    """A hand-written thread; `by` is the only colleague who can have written it, `answers` who must answer."""

    id: str
    channel: str
    team: str
    lang: str
    who: str
    gender: str
    months: frozenset[int]
    by: str
    answers: str
    messages: tuple[Message, ...]

    @cached_property
    def words(self) -> str:
        """Everything it says, for finding the names in it."""
        return "\n".join("\n".join((m.subject, m.text, *m.facts.values())) for m in self.messages)

    @cached_property
    def slots(self) -> frozenset[str]:
        return frozenset(SLOT.findall(self.words))

    @property
    def is_internal(self) -> bool:
        """Whether colleagues speak among themselves, about somebody."""
        return all(m.is_ours for m in self.messages) and AMONG_US.search(self.id) is not None

    @property
    def is_by_stranger(self) -> bool:
        """Whether whoever asks is no contact of ours: a passer-by on the web site or on a network."""
        return self.id.startswith("msg-web-") or (
            self.channel == "post" and self.who == "any" and not self.messages[0].is_ours
        )

    @property
    def asks_ours(self) -> bool:
        """Whether, among us, the first message is to {collega}, who then is one of sales."""
        return self.is_internal and self.messages[0].text.startswith("{collega},")

    def most_uses(self, texts_equal: int) -> int:
        """How often it can be told before a text without slots would be there more often than that."""
        return min((m.renderings * texts_equal for m in self.messages if m.is_fixed), default=10_000)


@cache
def threads() -> tuple[Thread, ...]:
    """All hand-written threads."""
    files = sorted(path.stem for path in (HERE / "texts").glob("*.toml") if path.stem not in OTHER)
    return tuple(_thread(table) for file in files for table in read(f"texts/{file}")["thread"])


def _thread(table: Table) -> Thread:
    return Thread(
        id=table["id"],
        channel=table.get("channel", "email"),
        team=table["team"],
        lang=table["lang"],
        who=table["who"],
        gender=table.get("gender", ""),
        months=frozenset(table.get("months", range(1, 13))),
        by=table.get("by", ""),
        answers=table.get("answers", ""),
        messages=tuple(
            Message(
                is_ours=message["from"] == "us",
                after=delay(message["after"]),
                subject=message.get("subject", ""),
                text=message["text"].strip(),
                facts=facts_of(message),
            )
            for message in table["message"]
        ),
    )


def facts_of(table: Table) -> dict[str, str]:
    """What a moment was for, what came of it, what follows and what that takes."""
    return {key: table[key] for key in ("purpose", "outcome", "follow_up", "means_needed") if key in table}
