# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a message looks like, whatever it says: its marks, its lines, its length, and how it came in."""

import math
from collections.abc import Sequence

import numpy as np

from plein.recognition.encoders import Rows
from plein.recognition.labels import CHANNELS
from plein.recognition.ngrams import LONGEST

MARKS = ("?", "!", "\n")
WIDTH = len(MARKS) + 1 + len(CHANNELS)


def form_rows(texts: Sequence[str], channels: Sequence[str], middle: Rows) -> Rows:
    """A row for each text, seen from the middle of all; how it came in says nothing where nobody told."""
    rows = np.array([_row(text, channel) for text, channel in zip(texts, channels, strict=True)], np.float32)
    rows = rows.reshape(-1, WIDTH) - middle
    untold = [at for at, channel in enumerate(channels) if channel not in CHANNELS]
    rows[untold, -len(CHANNELS) :] = 0
    return rows


def _row(text: str, channel: str) -> list[float]:
    marks = [float(mark in text) for mark in MARKS]
    return [*marks, math.log1p(min(len(text), LONGEST)), *(float(channel == one) for one in CHANNELS)]
