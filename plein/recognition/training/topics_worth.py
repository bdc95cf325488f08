# SPDX-License-Identifier: AGPL-3.0-or-later
"""Learns what the ways of measuring a text against a topic are worth, and how well topics are told.

    python -m plein.recognition.training.topics_worth FOLDER [--keep]

FOLDER holds `banking77/train.csv` (CC BY 4.0) and `clinc150/data_train_val.json` (CC BY 3.0), messages of 77 and of 150
intents; and there are Dutch messages of our own (`topics/nl.txt`), in two halves of five topics. Each plays a topic
with two to eight examples, among others that nobody named. Each source is judged by what the others taught. `--keep`
writes what ships, which all of them taught.
"""

import argparse
import csv
import json
import random
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from plein.recognition.encoders import Rows, light_rows, standard_rows
from plein.recognition.model import STANDARD, TIERS, base
from plein.recognition.topics import FOLDER, WAYS, fitted, joined, measured

SEEDS, DUTCH = Path(__file__).parent / "seeds", Path(__file__).parent / "topics" / "nl.txt"
AROUND, OF_EACH, MOST_GROUPS, ROUNDS = 300, 10, 77, 24
FEWEST, MOST_EXAMPLES, MOST_TOPICS, MOST_NOBODYS = 2, 8, 8, 60
SHOWN = (0.5, 0.7, 0.8)
Numbers = npt.NDArray[np.float64]
type Groups = list[list[str]]


@dataclass(frozen=True)
class Round:
    """Measures of texts against topics, and whether each is about it."""

    found: Rows
    right: Numbers


def main() -> int:
    """Judges, and keeps what was learned if that is asked."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("folder", type=Path)
    asked.add_argument("--keep", action="store_true")
    arguments = asked.parse_args()
    dutch = sections(DUTCH)
    sources = {
        "banking77": banking(arguments.folder),
        "clinc150": clinc(arguments.folder),
        "Dutch, first half": dutch[: len(dutch) // 2],
        "Dutch, second half": dutch[len(dutch) // 2 :],
    }
    anything = about_anything()
    rows = _rows([text for groups in sources.values() for group in groups for text in group] + anything)
    kept: dict[str, Any] = {}
    for tier in TIERS:
        near = dict(zip(rows[0], joined(rows[1], rows[2] if tier == STANDARD else None), strict=True))
        around = np.stack([near[text] for text in anything])
        rounds = {name: played(groups, near, around) for name, groups in sources.items()}
        for name, judged in rounds.items():
            others = [one for other, one in rounds.items() if other != name]
            sys.stdout.write(f"{tier} {name}: {told(worth(others), judged)}\n")
        learned = worth(list(rounds.values()))
        kept[tier] = {
            "weights": [round(float(one), 4) for one in learned.coef_[0]],
            "bias": round(float(learned.intercept_[0]), 4),
        }
    if arguments.keep:
        keep(kept, anything, rows)
    return 0


def banking(folder: Path) -> Groups:
    """A few messages of each intent of banking77."""
    groups: dict[str, list[str]] = {}
    with (folder / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            groups.setdefault(row["category"], []).append(row["text"])
    return _few(groups)


def clinc(folder: Path) -> Groups:
    """A few messages of each intent of CLINC150."""
    groups: dict[str, list[str]] = {}
    for text, intent in json.loads((folder / "clinc150" / "data_train_val.json").read_text("utf-8"))["train"]:
        groups.setdefault(intent, []).append(text)
    return _few(groups)


def sections(path: Path) -> Groups:
    """The messages of each topic of a file of our own."""
    groups: Groups = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("=="):
            groups.append([])
        elif line and not line.startswith("#"):
            groups[-1].append(line)
    return groups


def about_anything() -> list[str]:
    """Seed sentences of everybody who wrote some, in order of chance that is always the same."""
    found: list[str] = []
    for path in sorted(SEEDS.glob("*.txt")):
        lines = [line.split("|", 4)[4] for line in path.read_text("utf-8").splitlines() if line.count("|") >= 4]
        plain = [re.sub(r"\{\w:([^}]*)\}", r"\1", line).replace("<<", "").replace(">>", "").strip() for line in lines]
        found += random.Random(path.stem).sample(plain, AROUND // 12)  # noqa: S311 - the same each time
    return found


def _few(groups: dict[str, list[str]]) -> Groups:
    chosen = random.Random(5).sample(sorted(groups), min(len(groups), MOST_GROUPS))  # noqa: S311 - the same each time
    return [random.Random(name).sample(groups[name], OF_EACH) for name in chosen]  # noqa: S311 - the same each time


def _rows(texts: Sequence[str]) -> tuple[list[str], Rows, Rows]:
    once, model = list(dict.fromkeys(texts)), base()
    light = light_rows(once) - model.light_mean
    standard = np.vstack([standard_rows(once[at : at + 64]) for at in range(0, len(once), 64)]) - model.standard_mean
    return once, light, standard


def played(groups: Groups, near: dict[str, Rows], around: Rows) -> Round:
    """Rounds in which some of the groups are topics and the others nobody's."""
    chance, found, right = random.Random(11), [], []  # noqa: S311 - the same each time
    for _turn in range(ROUNDS):
        order = chance.sample(groups, len(groups))
        topics, others = order[: chance.randint(2, min(MOST_TOPICS, len(groups) - 2))], order[-len(groups) // 2 :]
        examples, asked = [], []
        nobodys = [(text, -1) for group in others if group not in topics for text in group]
        for topic, group in enumerate(topics):
            many = chance.randint(FEWEST, min(MOST_EXAMPLES, len(group) - 2))
            examples += [(text, topic) for text in group[:many]]
            asked += [(text, topic) for text in group[many:]]
        asked += chance.sample(nobodys, min(len(nobodys), MOST_NOBODYS))
        refused = [(text, topic) for topic in range(len(topics)) for text in _refused(chance, others, topics)]
        asked = [one for one in asked if one[0] not in {text for text, _topic in refused}]
        signs = np.zeros((len(examples) + len(refused), len(topics)), np.float32)
        signs[range(len(examples)), [topic for _text, topic in examples]] = 1.0
        signs[range(len(examples), len(signs)), [topic for _text, topic in refused]] = -1.0
        measures = fitted(np.stack([near[text] for text, _topic in examples + refused]), around, signs)
        found.append(measured(np.stack([near[text] for text, _topic in asked]), measures).reshape(-1, len(WAYS)))
        right.append(np.array([[topic == at for at in range(len(topics))] for _text, topic in asked]).reshape(-1))
    return Round(np.vstack(found), np.concatenate(right).astype(np.float64))


def _refused(chance: random.Random, others: Groups, topics: Groups) -> list[str]:
    """Texts that somebody said are not about a topic: of half of the topics up to two of one other group."""
    free = [group for group in others if group not in topics]
    return chance.sample(chance.choice(free), chance.randint(1, 2)) if free and chance.random() < 0.5 else []


def worth(rounds: Sequence[Round]) -> Any:
    """What each measure is worth; each source weighs the same."""
    learner = import_module("sklearn.linear_model").LogisticRegression(C=10, max_iter=3000)
    weights = np.concatenate([np.full(len(one.right), 1 / len(one.right)) for one in rounds])
    found, right = np.vstack([one.found for one in rounds]), np.concatenate([one.right for one in rounds])
    return learner.fit(found, right, sample_weight=weights * len(right) / len(rounds))


def told(learned: Any, judged: Round) -> str:
    """Precision and recall from some probabilities on, and how far probabilities are off on average."""
    chances = learned.predict_proba(judged.found)[:, 1]
    parts = []
    for least in SHOWN:
        holds = chances >= least
        true = (holds & (judged.right > 0)).sum()
        parts.append(
            f"from {least} on precision {true / max(holds.sum(), 1):.2f} recall {true / judged.right.sum():.2f}"
        )
    tenth = np.clip((chances * 10).astype(int), 0, 9)
    off = sum(
        abs(chances[tenth == one].mean() - judged.right[tenth == one].mean()) * (tenth == one).mean()
        for one in range(10)
        if (tenth == one).any()
    )
    return "; ".join(parts) + f"; calibration error {off:.3f} over {len(judged.right):,} decisions"


def keep(kept: dict[str, Any], anything: Sequence[str], rows: tuple[list[str], Rows, Rows]) -> None:
    """Writes the arrays and numbers that ship."""
    at, model = {text: place for place, text in enumerate(rows[0])}, base()
    places = [at[text] for text in anything]
    FOLDER.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        FOLDER / "around.npz",
        light=(rows[1][places] + model.light_mean).astype(np.float16),
        standard=(rows[2][places] + model.standard_mean).astype(np.float16),
    )
    facts = {
        "ways": list(WAYS),
        "tiers": kept,
        "learned from": {
            "banking77": "PolyAI-LDN/task-specific-datasets, CC BY 4.0, Casanueva et al. 2020",
            "clinc150": "clinc/oos-eval, CC BY 3.0, Larson et al. 2019",
            "topics/nl.txt": "written for Plein",
        },
    }
    (FOLDER / "worth.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
