# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where in a message the small talk is: whole sentences, in at most two stretches."""

from collections.abc import Sequence

import numpy as np

from plein.recognition.encoders import Rows
from plein.recognition.model import LIGHT, Model
from plein.recognition.texts import said, sentences

OUTPUT = "talk"
MOST = 2
#: A message that is small talk as a whole, or hardly at all.
WHOLLY, HARDLY = 0.5, 0.1
HOLDS = 0.5


def small_talk_in(texts: Sequence[str], chances: Sequence[float], model: Model) -> list[tuple[tuple[int, int], ...]]:
    """For each text the stretches of small talk. `chances`: how likely each text has any."""
    looked = [at for at, chance in enumerate(chances) if chance >= HARDLY]
    places = {at: sentences(texts[at]) for at in looked}
    pieces = [texts[at][start:end] for at in looked for start, end in places[at]]
    heads = model.tiers[LIGHT]
    column = model.column(OUTPUT)
    talk = heads.probabilities(heads.scores(model.see(pieces, LIGHT)))[:, column] if pieces else np.zeros(0, np.float32)
    found: list[tuple[tuple[int, int], ...]] = [()] * len(texts)
    first = 0
    for at in looked:
        own = talk[first : first + len(places[at])]
        first += len(places[at])
        if chances[at] >= WHOLLY:
            found[at] = _stretches(places[at], own, texts[at])
    return found


def _stretches(places: Sequence[tuple[int, int]], chances: Rows, text: str) -> tuple[tuple[int, int], ...]:
    runs: list[list[float]] = []
    before = False
    for (start, end), chance in zip(places, chances, strict=True):
        is_talk = chance >= HOLDS and bool(said(text[start:end]))
        if is_talk and before:
            runs[-1][1:] = [end, max(runs[-1][2], chance)]
        elif is_talk:
            runs.append([start, end, chance])
        before = is_talk
    if not runs and places:
        # Somewhere it is: in the sentence that looks most like it.
        start, end = places[int(np.argmax(chances))]
        runs = [[start, end, 1.0]]
    kept = sorted(sorted(runs, key=lambda run: -run[2])[:MOST])
    return tuple((int(start), int(end)) for start, end, _ in kept)
