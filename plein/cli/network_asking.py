# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein network ask` and `plein network shout`: ask for an introduction, and ask the square."""

import argparse

from plein.asking.actions import Wish, ask_introduction
from plein.asking.queries import request_of
from plein.asking.refusals import CannotAsk
from plein.cli.network_lists import Said, relation_named
from plein.cli.speech import CommandTrouble
from plein.questions.actions import Call, ask_question
from plein.questions.queries import question_of
from plein.questions.refusals import CannotAsk as CannotShout
from plein.trust.seats import Entrance

LONGEST_PURPOSE = 500


def ask_told(actor: Entrance, arguments: argparse.Namespace) -> Said:
    """Ask the first person on a way to introduce one; where that stands."""
    if len(arguments.purpose) > LONGEST_PURPOSE:
        raise CommandTrouble(f"Keep what it is about to {LONGEST_PURPOSE} letters.")
    to = relation_named(arguments.to)
    way = tuple(relation_named(one).id for one in arguments.way)
    try:
        made = ask_introduction(actor=actor, wish=Wish(to, way, arguments.purpose, arguments.text))
    except CannotAsk as refusal:
        raise CommandTrouble(str(refusal)) from refusal
    standing = request_of(made.id, actor.seat_id)
    assert standing is not None
    told = {
        "id": made.id,
        # A mail can still be called off; what stands on somebody's list is withdrawn instead.
        "operation": made.operation_id if made.is_by_mail else None,
        "target": {"id": made.target.id, "name": made.target.name},
        "people": [{"id": one.id, "name": one.name} for one in standing.people],
        "stands": standing.words,
        "expires_at": made.expires_at.isoformat(),
    }
    return told, [" > ".join([*(one.name for one in standing.people), made.target.name]), standing.words]


def shout_told(actor: Entrance, arguments: argparse.Namespace) -> Said:
    """Ask at most five colleagues who may know; whom."""
    people = tuple(relation_named(one).id for one in arguments.ask)
    try:
        made = ask_question(actor=actor, call=Call(arguments.text, people, arguments.circle))
    except CannotShout as refusal:
        raise CommandTrouble(str(refusal)) from refusal
    standing = question_of(made.id, actor.seat_id)
    assert standing is not None
    asked = [{"id": one.person.id, "name": one.person.name} for one in standing.asked]
    told = {
        "id": made.id,
        "operation": made.operation_id,
        "text": made.text,
        "asked": asked,
        "stands": standing.words,
        "expires_at": made.expires_at.isoformat(),
    }
    return told, [*(str(one["name"]) for one in asked), standing.words]
