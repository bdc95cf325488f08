# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was learned, as arrays: how much each word, piece and direction of meaning says for each output.

An output is a label, a sentiment (`sentiment:negative`), a degree of haste (`urgency:1` means 1 or more) or whether a
sentence is small talk (`talk`). Its score is linear in the features; a fitted sigmoid makes a probability of it
(Platt 1999). A model is a folder with `model.json` and `arrays.npz`, and nothing in it can run.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from plein.recognition import ngrams
from plein.recognition.encoders import Rows, light_rows, standard_rows
from plein.recognition.form import form_rows
from plein.recognition.mentions.tagger import Tagger, tagger_from

BASE = Path(__file__).parent / "models" / "base"
LIGHT, STANDARD = "light", "standard"
TIERS = (LIGHT, STANDARD)
FORMAT = 2


class UnknownModel(Exception):
    """The folder holds no model that this Plein can read; says why."""


@dataclass(frozen=True)
class Seen:
    """What a model sees of texts: for each the rows of its known n-grams and their weights; and the other rows."""

    grams: list[tuple[npt.NDArray[np.int32], Rows]]
    light: Rows
    standard: Rows | None = None
    form: Rows | None = None


@dataclass(frozen=True)
class Heads:
    """One tier: a column for each output. `grams` has a row per known n-gram; the rest a row per direction."""

    grams: Rows
    light: Rows
    standard: Rows | None
    form: Rows
    bias: Rows
    slope: Rows
    offset: Rows

    def scores(self, seen: Seen) -> Rows:
        """How strongly each output (columns) holds for each text (rows); above 0 is more likely than not."""
        total: Rows = seen.light @ self.light + self.bias
        if self.standard is not None and seen.standard is not None:
            total = total + seen.standard @ self.standard
        if seen.form is not None:
            total = total + seen.form @ self.form
        for at, (rows, weights) in enumerate(seen.grams):
            if len(rows):
                total[at] += weights @ self.grams[rows]
        return total

    def probabilities(self, scores: Rows) -> Rows:
        """The scores as probabilities, 0 ... 1."""
        made: Rows = 1.0 / (1.0 + np.exp(-np.clip(self.slope * scores + self.offset, -30, 30)))
        return made


@dataclass(frozen=True)
class Model:
    """Everything that was learned, and where it comes from."""

    version: str
    outputs: tuple[str, ...]
    places: npt.NDArray[np.int32]
    idf: Rows
    light_mean: Rows
    standard_mean: Rows
    form_mean: Rows
    tiers: dict[str, Heads]
    tagger: Tagger
    facts: dict[str, Any]

    def see(self, texts: Sequence[str], tier: str, channels: Sequence[str] = ()) -> Seen:
        """The features of texts, for one tier; `channels` are how they came in, where that is known."""
        return Seen(
            grams=[self.grams(text) for text in texts],
            light=light_rows(texts) - self.light_mean,
            standard=standard_rows(texts) - self.standard_mean if tier == STANDARD else None,
            form=form_rows(texts, channels or [""] * len(texts), self.form_mean),
        )

    def grams(self, text: str) -> tuple[npt.NDArray[np.int32], Rows]:
        """Rows of the n-grams of a text that the model knows, and their weights: tf-idf, of length 1 together."""
        counts = ngrams.counted(ngrams.tokens(text[: ngrams.LONGEST]))
        rows = self.places[np.fromiter(counts.keys(), np.int64, len(counts))]
        known = rows >= 0
        rows = rows[known]
        weights = np.fromiter(counts.values(), np.float32, len(counts))[known] * self.idf[rows]
        length = float(np.sqrt(weights @ weights)) or 1.0
        return rows, weights / length

    def column(self, output: str) -> int:
        """The column of an output."""
        return self.outputs.index(output)


def load(folder: Path) -> Model:
    """The model in a folder; raises `UnknownModel`."""
    try:
        facts = json.loads((folder / "model.json").read_text("utf-8"))
        arrays = np.load(folder / "arrays.npz", allow_pickle=False)
        if facts["format"] != FORMAT:
            raise UnknownModel(f"The model in {folder.name} is of format {facts['format']}; this Plein reads {FORMAT}.")
        return _made(facts, arrays)
    except (OSError, ValueError, KeyError) as trouble:
        raise UnknownModel(f"There is no readable model in {folder.name}: {trouble}") from trouble


@cache
def base() -> Model:
    """The model that comes with Plein, loaded once for each process."""
    return load(BASE)


def _made(facts: dict[str, Any], arrays: Any) -> Model:
    hashes = arrays["hashes"].astype(np.int64)
    places = np.full(1 << ngrams.BITS, -1, np.int32)
    places[hashes] = np.arange(len(hashes), dtype=np.int32)
    return Model(
        version=facts["version"],
        outputs=tuple(facts["outputs"]),
        places=places,
        idf=_floats(arrays["idf"]),
        light_mean=_floats(arrays["light_mean"]),
        standard_mean=_floats(arrays["standard_mean"]),
        form_mean=_floats(arrays["form_mean"]),
        tiers={tier: _heads(arrays, tier) for tier in TIERS},
        tagger=tagger_from(arrays, facts["tags"], facts["mention_features"]),
        facts=facts,
    )


def _heads(arrays: Any, tier: str) -> Heads:
    scale = _floats(arrays[f"{tier}_scale"])
    return Heads(
        grams=arrays[f"{tier}_grams"].astype(np.float32) * scale,
        light=_floats(arrays[f"{tier}_light"]),
        standard=_floats(arrays[f"{tier}_standard"]) if tier == STANDARD else None,
        form=_floats(arrays[f"{tier}_form"]),
        bias=_floats(arrays[f"{tier}_bias"]),
        slope=_floats(arrays[f"{tier}_slope"]),
        offset=_floats(arrays[f"{tier}_offset"]),
    )


def _floats(stored: Any) -> Rows:
    return np.asarray(stored, np.float32)
