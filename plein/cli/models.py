# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein models`: makes the model that recognises, tells how good it is, judges it on rows that somebody labelled;
and tries the language model that may be asked besides."""

import argparse
import importlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from plein.cli.model_endpoint import add_endpoint, endpoint
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.recognition.card import card
from plein.recognition.examples import NotUnderstood, gold_examples
from plein.recognition.labels import LABELS
from plein.recognition.model import BASE, STANDARD, TIERS, UnknownModel, load
from plein.recognition.recognise import Incoming, recognise
from plein.recognition.scoring import figures

HELP = "the model that recognises: train it, read its card, judge it on rows of your own"
NEEDED = ("sklearn", "pycrfsuite")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    train = actions.add_parser("train", help="make the model of the seed sentences; needs scikit-learn")
    train.add_argument("--into", type=Path, default=BASE, metavar="FOLDER", help="where the model is written")
    train.add_argument("--name", default="base-2", help="its name; what is in it is added")
    told = actions.add_parser("card", help="what the model was taught, how good it is, what is weak")
    judged = actions.add_parser("evaluate", help="precision, recall and F1 per label and language, on gold rows")
    judged.add_argument("file", type=Path, metavar="FILE", help="JSON lines {text, labels: [...], language, ...}")
    judged.add_argument("--tier", choices=TIERS, default=STANDARD)
    for one in (told, judged):
        one.add_argument("--model", type=Path, default=BASE, metavar="FOLDER", help="default: the one that Plein has")
    for one in (train, told, judged, add_endpoint(actions)):
        one.add_argument("--json", action="store_true", help="print JSON")


def needs_database(arguments: argparse.Namespace) -> bool:
    """Only to ask another model, which a company has, or to say how that goes."""
    return bool(arguments.action == "endpoint")


def run(arguments: argparse.Namespace) -> int:
    try:
        carry_out = {"train": _train, "card": _card, "evaluate": _evaluate, "endpoint": endpoint}[arguments.action]
        result = carry_out(arguments)
    except (UnknownModel, NotUnderstood) as trouble:
        raise CommandTrouble(str(trouble)) from trouble
    if arguments.json:
        hand_over(result)
    return 0


def _train(arguments: argparse.Namespace) -> dict[str, Any]:
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise CommandTrouble(
            f"Training needs what Plein itself does not ({', '.join(missing)}): "
            "pip install -r requirements/training.txt, then try again."
        )
    # By name: what it needs is not there in every Plein.
    facts = importlib.import_module("plein.recognition.training.train").train(
        arguments.into, version=arguments.name, say=say
    )
    say(f"The model is in {arguments.into}.")
    return {"version": facts["version"], "figures": facts["figures"]}


def _card(arguments: argparse.Namespace) -> dict[str, Any]:
    facts = load(arguments.model).facts
    if not arguments.json:
        tell(card(facts).rstrip())
    return {key: facts[key] for key in ("version", "seeds", "libraries", "figures")}


def _evaluate(arguments: argparse.Namespace) -> dict[str, Any]:
    try:
        examples = gold_examples(arguments.file.read_text("utf-8").splitlines())
    except OSError as trouble:
        raise CommandTrouble(f"{arguments.file} cannot be read: {trouble.strerror}.") from trouble
    except (ValueError, KeyError, TypeError) as trouble:
        raise CommandTrouble(f"{arguments.file} holds a line that is no gold row: {trouble}") from trouble
    if not examples:
        raise CommandTrouble(f"{arguments.file} holds no rows.")
    incoming = [Incoming(example.text, example.channel) for example in examples]
    result = figures(examples, recognise(incoming, tier=arguments.tier, model=load(arguments.model)))
    if not arguments.json:
        _tell(result)
    return result


def _tell(result: dict[str, Any]) -> None:
    for language, scores in result["labels"].items():
        tell(f"{language}: macro-F1 {scores['macro_f1']:.3f}")
        for label in LABELS:
            row = scores[label]
            told = f"precision {row['precision']:.2f}, recall {row['recall']:.2f}, F1 {row['f1']:.2f}"
            tell(f"  {label:22} {told}, {row['there']} there")
    tell(f"calibration error {result['calibration_error']:.3f}")
    tell(f"sentiment macro-F1 {result['sentiment']['macro_f1']:.3f}, urgency right {result['urgency']:.3f}")
    tell(f"language right {result['language']:.3f}")
    for kind, row in result["mentions"].items():
        tell(f"{kind}: precision {row['precision']:.2f}, recall {row['recall']:.2f}, F1 {row['f1']:.2f}")
    tell(f"small-talk spans: F1 {result['small_talk_spans']['f1']:.2f}")
