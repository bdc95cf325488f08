# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a company taught besides the model that everybody has: small changes to the scores of some outputs."""

import io
import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from plein.recognition.encoders import Rows
from plein.recognition.model import LIGHT, STANDARD, Model, Seen, UnknownModel

FORMAT = 1


@dataclass(frozen=True)
class Change:
    """For some outputs (columns): the score counts `slope` times, and each direction of meaning adds what it weighs."""

    slope: Rows
    bias: Rows
    light: Rows
    standard: Rows | None = None


@dataclass(frozen=True)
class Adjustment:
    """The changes per tier, learned on top of one version of the model: on another they say nothing."""

    version: str
    model: str
    outputs: tuple[str, ...]
    tiers: dict[str, Change]

    def applied(self, scores: Rows, seen: Seen, model: Model, tier: str) -> Rows:
        """The scores with what the company taught."""
        if self.model != model.version:
            return scores
        change = self.tiers[tier]
        columns = [model.column(output) for output in self.outputs]
        more = seen.light @ change.light + change.bias
        if change.standard is not None and seen.standard is not None:
            more = more + seen.standard @ change.standard
        changed = scores.copy()
        changed[:, columns] = changed[:, columns] * change.slope + more
        return changed

    def packed(self) -> bytes:
        """As bytes to keep: arrays and JSON, nothing that can run."""
        arrays: dict[str, Any] = {}
        for tier, change in self.tiers.items():
            arrays |= {f"{tier}_slope": change.slope, f"{tier}_bias": change.bias, f"{tier}_light": change.light}
            if change.standard is not None:
                arrays[f"{tier}_standard"] = change.standard
        facts = {"format": FORMAT, "version": self.version, "model": self.model, "outputs": self.outputs}
        written = io.BytesIO()
        np.savez_compressed(written, facts=np.frombuffer(json.dumps(facts).encode(), np.uint8), **arrays)
        return written.getvalue()


def unpacked(kept: bytes) -> Adjustment:
    """The adjustment that `packed` wrote; raises `UnknownModel`."""
    try:
        arrays = np.load(io.BytesIO(kept), allow_pickle=False)
        facts = json.loads(arrays["facts"].tobytes())
        if facts["format"] != FORMAT:
            raise UnknownModel(f"What was learned is of format {facts['format']}; this Plein reads {FORMAT}.")
        tiers = {
            tier: Change(
                arrays[f"{tier}_slope"],
                arrays[f"{tier}_bias"],
                arrays[f"{tier}_light"],
                arrays[f"{tier}_standard"] if tier == STANDARD else None,
            )
            for tier in (LIGHT, STANDARD)
            if f"{tier}_slope" in arrays
        }
    except (ValueError, KeyError, OSError) as trouble:
        raise UnknownModel(f"What was learned cannot be read: {trouble}") from trouble
    return Adjustment(facts["version"], facts["model"], tuple(facts["outputs"]), tiers)
