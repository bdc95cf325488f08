# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a command speaks: progress and trouble to standard error for people, results to standard output for programs."""

import json
import sys
from typing import Any


class CommandTrouble(Exception):
    """An expected failure; the message is the sentence that the administrator reads."""


def say(text: str) -> None:
    """One line of progress."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def tell(text: str) -> None:
    """One line of result for a person."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def hand_over(result: dict[str, Any]) -> None:
    """The result for a program: one JSON object."""
    tell(json.dumps(result, ensure_ascii=False, default=str))
