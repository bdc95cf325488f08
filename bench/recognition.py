# SPDX-License-Identifier: AGPL-3.0-or-later
"""How well and how fast texts are recognised: labelled sets that others made, our own, speed, and what corrections add.

The sets of others are not part of Plein: they lie in `SHARED`/data (default `../shared`). On those with labels of their
own the features of the product and a linear machine are taught on one part and judged on the other.
"""

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedKFold

from bench.server import BenchTrouble
from bench.table import Row
from plein.recognition.language import language_of
from plein.recognition.learning import Correction, fitted
from plein.recognition.model import LIGHT, STANDARD, base
from plein.recognition.recognise import HOLDS, Incoming, recognise
from plein.recognition.texts import said
from plein.recognition.training.fit import fit, left_out, scale_of
from plein.recognition.training.seen import seen
from plein.recognition.training.sharpening import best_threshold

DATA = Path(os.environ.get("SHARED", "../shared")) / "data" / "recognition"
LANGUAGES = Path(__file__).parent / "languages.txt"
ENOUGH_LETTERS = 20
#: A domain that the base model never saw: what a hotel or bank calls a complaint is what does not work.
SHIFTED = "wrong_notworking_notshowing"
TAUGHT = "complaint"
CORRECTIONS = (50, 200)
HELD_OUT = 800
Judge = Callable[[Any, Any], float]


def rows(command: str, *, quick: bool = False) -> list[Row]:
    """All figures of recognition."""
    if not DATA.is_dir():
        raise BenchTrouble(f"there is no {DATA}: set SHARED to the folder that holds it")
    found = _own(command) + _languages(command) + _speed(command)
    found += _corrections(command)
    return found if quick else found + _sets(command)


def _sets(command: str) -> list[Row]:
    banking, intents = _banking()
    talk = _clinc()
    enron, needs = _enron()
    return [
        _judged("banking77, 77 intents, accuracy", _split(banking, intents), accuracy_score, 0.92, command),
        _judged("CLINC150, small talk, F1", talk, f1_score, 0.96, command),
        _judged("Enron, needs action or meeting, macro-F1", _split(enron, needs), _macro, 0.84, command),
    ]


def _macro(right: Any, told: Any) -> float:
    return float(f1_score(right, told, average="macro"))


def _banking() -> tuple[list[str], list[str]]:
    with (DATA / "banking77" / "train.csv").open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines))
    return [one["text"] for one in found], [one["category"] for one in found]


def _clinc() -> tuple[list[str], Any, list[str], Any]:
    sets = json.loads((DATA / "clinc150" / "data_train_val.json").read_text("utf-8"))
    talk = set(json.loads((DATA / "clinc150" / "domains.json").read_text("utf-8"))["small_talk"])
    parts = [sets["train"] + sets["oos_train"], sets["val"] + sets["oos_val"]]
    (texts, right), (others, wanted) = (
        ([text for text, _ in part], np.array([intent in talk for _, intent in part])) for part in parts
    )
    return texts, right, others, wanted


def _enron() -> tuple[list[str], list[int]]:
    folder = DATA / "enron_intent"
    yes, no = ((folder / f"intent_{name}.train").read_text("utf-8").strip().split("\n") for name in ("pos", "neg"))
    return yes + no, [1] * len(yes) + [0] * len(no)


def _split(texts: Sequence[str], right: Sequence[Any]) -> tuple[list[str], Any, list[str], Any]:
    """Four parts to learn from and one to judge by, the same ones each time."""
    wanted = np.array(right)
    learned, judged = next(StratifiedKFold(5, shuffle=True, random_state=0).split(texts, wanted))
    return [texts[at] for at in learned], wanted[learned], [texts[at] for at in judged], wanted[judged]


def _judged(words: str, split: tuple[list[str], Any, list[str], Any], judge: Judge, goal: float, command: str) -> Row:
    texts, right, others, wanted = split
    names, columns = np.unique(right, return_inverse=True)
    learned, asked = seen(texts), seen(others)
    scale = scale_of(learned)
    told = np.eye(len(names), dtype=np.int8)[columns]
    machine = fit(scale.features(learned, STANDARD), told if len(names) > 2 else told[:, 1:])
    scores = machine.scores(scale.features(asked, STANDARD))
    if len(names) > 2:
        answers = names[scores.argmax(1)]
    else:
        # As for our own labels: where to decide is learned from texts that the machine had not read.
        folds = [str(number % 5) for number in np.random.default_rng(0).permutation(len(texts))]
        unread = left_out(learned, told[:, 1:], folds, tiers=(STANDARD,))[STANDARD][:, 0]
        answers = names[(scores[:, 0] > best_threshold(unread, told[:, 1])).astype(int)]
    figure = judge(wanted, answers)
    return Row(words, f"{100 * figure:.1f} %", command, goal=f">= {100 * goal:.0f} %", is_good=figure >= goal)


def _own(command: str) -> list[Row]:
    """What the model card says of messages whose author was not read: see `plein models card`."""
    figures = base().facts["figures"][STANDARD]
    found = []
    for language, told in figures.items():
        macro, error = told["macro_f1"], told["calibration_error"]
        words = f"Labels of messages in {language}, author left out, macro-F1"
        found.append(Row(words, f"{macro:.3f}", command, goal=">= 0.80", is_good=macro >= 0.80))
        words = f"Probabilities in {language}, calibration error"
        found.append(Row(words, f"{error:.3f}", command, goal="<= 0.04", is_good=error <= 0.04))
    return found


def _languages(command: str) -> list[Row]:
    pairs = [line.split("|", 1) for line in LANGUAGES.read_text("utf-8").splitlines() if "|" in line]
    long = [(language, text) for language, text in pairs if len(text) > ENOUGH_LETTERS]
    right = sum(language_of(text)[0] == language for language, text in long)
    share = right / len(long)
    words = f"Language of {len(long)} texts in {len({one for one, _ in long})} languages"
    return [Row(words, f"{100 * share:.1f} %", command, goal=">= 98 %", is_good=share >= 0.98)]


def _speed(command: str) -> list[Row]:
    texts, _ = _banking()
    messages = [Incoming(text) for text in texts[:640]]
    found = []
    for tier, goal, many in ((LIGHT, 200, 640), (STANDARD, 25, 128)):
        recognise(messages[:2], tier=tier)
        began = time.process_time()
        recognise(messages[:many], tier=tier)
        pace = many / (time.process_time() - began)
        words = f"Tier {tier}, messages a second of one core, in batches"
        found.append(Row(words, f"{pace:.0f}", command, goal=f">= {goal}", is_good=pace >= goal))
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "plein.cli.main", "recognise", "-", "--json"],
        input='{"id": 1, "text": "Kunt u mij terugbellen?"}\n', text=True, check=True, capture_output=True,
    )  # fmt: skip
    taken = time.monotonic() - began
    words = "First answer of a process that just started, wall time"
    return [*found, Row(words, f"{taken:.1f} s", command, goal="< 3 s", is_good=taken < 3)]


def _shifted() -> tuple[list[str], list[bool]]:
    texts: list[str] = []
    right: list[bool] = []
    for path in sorted((DATA / "nlupp" / "data").glob("*/fold*.json")):
        for row in json.loads(path.read_text("utf-8")):
            texts.append(row["text"])
            right.append(SHIFTED in row.get("intents", ()))
    return texts, right


def _corrections(command: str) -> list[Row]:
    """Corrections of a trade that is new, asked where the model is least sure; the error of what is held out."""
    texts, right = _shifted()
    order = list(range(len(texts)))
    Random(3).shuffle(order)  # noqa: S311 - a sample, no secret
    judged, pool = order[:HELD_OUT], order[HELD_OUT:]
    model = base()
    column = model.column(TAUGHT)
    asked = model.see([said(texts[at]) for at in judged], STANDARD)
    wanted = np.array([right[at] for at in judged])
    heads = model.tiers[STANDARD]
    start = _error(heads.probabilities(heads.scores(asked))[:, column], wanted)
    found = [Row("Complaints of a trade that is new, wrong without corrections", f"{100 * start:.1f} %", command)]
    pool_seen = model.see([said(texts[at]) for at in pool], STANDARD)
    chosen: list[int] = []
    chances = heads.probabilities(heads.scores(pool_seen))[:, column]
    for many in CORRECTIONS:
        while len(chosen) < many:
            unsure = np.argsort(np.abs(chances - HOLDS))
            chosen += [int(at) for at in unsure if at not in set(chosen)][: min(25, many - len(chosen))]
            taught = [Correction(texts[pool[at]], {TAUGHT: right[pool[at]]}) for at in chosen]
            adjustment = fitted(taught, [TAUGHT], version="bench", model=model)
            chances = heads.probabilities(adjustment.applied(heads.scores(pool_seen), pool_seen, model, STANDARD))[
                :, column
            ]
        after = _error(
            heads.probabilities(adjustment.applied(heads.scores(asked), asked, model, STANDARD))[:, column], wanted
        )
        goal = "less" if many == CORRECTIONS[0] else "half or less"
        is_good = after < start if many == CORRECTIONS[0] else after <= start / 2
        words = f"The same after {many} corrections"
        found.append(Row(words, f"{100 * after:.1f} %", command, goal=goal, is_good=is_good))
    return found


def _error(chances: Any, wanted: Any) -> float:
    """1 - F1: accuracy would be flattered by what is rare."""
    return 1 - float(f1_score(wanted, chances >= HOLDS))
