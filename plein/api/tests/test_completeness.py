# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people can do on the pages, programs can do through the door: every action is reached, or has a reason."""

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]

#: Actions that no operation of the door carries out, and why.
WITHIN = "Another action, a worker or a door does this as part of its own; nobody asks for it."
MANY = "An act on many rows does this: `POST /lists/{kind}/acts/{act}`."
IN_PERSON = "How people sign in is settled by somebody who proves who they are, and a token proves nobody."
LOOKING = "A page keeps a list while somebody looks at it; a program sends it to `POST /consents/import`, dry or not."
ELSEWHERE: dict[str, str] = {
    **dict.fromkeys(("follow_delivery", "record_outgoing_mail", "tell_reminders", "replan", "begin_series"), WITHIN),
    **dict.fromkeys(("note_said", "note_hub", "heed_hub", "tell_whoever_is_to_know"), WITHIN),
    **dict.fromkeys(("start_import", "start_hearing", "begun_subject", "is_large"), WITHIN),
    # What visitors fill in comes by their own door, without a token.
    **dict.fromkeys(("keep_submission", "mail_link", "confirm_submission"), WITHIN),
    **dict.fromkeys(("keep_words", "look_ahead", "make_fields", "clear_settled", "ask_who"), WITHIN),
    **dict.fromkeys(
        (
            "extend_series",
            "keep_recognised",
            "keep_opinions",
            "keep_work",
            "learn_from_corrections",
            "measure_names",
            "suggest_topics",
        )
        + ("may_change_topic",),
        WITHIN,
    ),
    **dict.fromkeys(("tell_assignee", "begin_delivery", "mark_sending", "end_delivery", "note_no_copy"), WITHIN),
    **dict.fromkeys(("fail_delivery", "hold_back", "give_up", "own_mail", "permit_undo", "create_person"), WITHIN),
    **dict.fromkeys(
        ("create_organization", "undo_operation", "provider_of", "providers_of", "check_colleague"), WITHIN
    ),
    **dict.fromkeys(("record_imported", "record_waiting", "redact_subject", "ask_about_retention"), WITHIN),
    **dict.fromkeys(("subject_of", "finish_erasure", "erased_before", "keep_silent", "replay"), WITHIN),
    **dict.fromkeys(("ask_next", "begin_letter", "end_letter", "retry_letter", "stop_turn", "stop_request"), WITHIN),
    **dict.fromkeys(("widen_question", "end_question", "tell_of_answer"), WITHIN),
    **dict.fromkeys(
        ("finish_request", "give_turn", "take_turn_away", "link_in_mail", "mail_first", "measure_influence"), WITHIN
    ),
    **dict.fromkeys(("add_membership", "change_job", "settle_job"), WITHIN),
    **dict.fromkeys(
        ("new_event", "change_event", "take_event_in", "take_event_off", "take_card", "take_card_in", "ours_of")
        + ("decide_card", "decide_event", "take_new_cards", "take_todo_in", "decide_todo", "new_todo", "change_todo")
        + ("note_additions",),
        WITHIN,
    ),
    **dict.fromkeys(("want_alias", "send_proof"), "`POST /connections/{connection_id}/addresses` sends the letter."),
    **dict.fromkeys(("keep_list", "discard_list", "import_list"), LOOKING),
    **dict.fromkeys(("set_provider", "remove_provider", "welcome_user"), IN_PERSON),
    **dict.fromkeys(
        ("set_value_of_many", "set_detail_of_many", "move_many", "merge_many", "tick_many", "plan_many"), MANY
    ),
    **dict.fromkeys(
        ("change_file_circle", "change_values_circle", "change_todo_circle", "change_tie_circle", "move_beside")
        + ("move_series",),
        "`PUT /{kind}/{id}/circle` moves every kind.",
    ),
    **dict.fromkeys(
        ("start_look", "stop_look"), "One looks through a colleague's eyes with a session, and a token has none."
    ),
    **dict.fromkeys(
        ("put_card", "put_event", "remove_event", "put_todo", "put_back"),
        "Devices do it through a door of their own, `/dav/`; programs have the people, moments and to-dos themselves.",
    ),
    **dict.fromkeys(("make_key", "revoke_key"), IN_PERSON),
    "note_call": "A program records a call with `POST /moments`, as every other contact moment.",
    **dict.fromkeys(("set_line", "set_exchange"), "Which telephone is whose is said by people, on the page of calls."),
    "set_example": "An example is for who points at its values on the page; a program sends the mapping itself.",
    "add_device": "A browser tells its own key, which only itself knows.",
    "forget_device": "A browser forgets its own key.",
    "note_visit": "What somebody looked at is noted when a person looks, not when a program reads.",
    **dict.fromkeys(
        ("take_snapshot", "keep_snapshot", "drop_snapshot"),
        "Files that only make answers sooner are kept by a job, and at the command line by whoever runs the server.",
    ),
    "load_ties": "A list of ties comes from another program or a test, at the command line.",
    "remove_example": "The example company is for people who look around; `plein example remove` takes it away too.",
}


@cache
def actions() -> dict[str, str]:
    """Every public function that somebody carries out, by its name, with the domain it belongs to."""
    found = {}
    for path in sorted(
        [*PACKAGE.glob("*/actions.py"), *PACKAGE.glob("*/actions/*.py"), *PACKAGE.glob("*/*/actions.py")]
    ):
        if "tests" in path.parts:
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                parameters = {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
                if "actor" in parameters:
                    found[node.name] = str(path.relative_to(PACKAGE))
    return found


@cache
def reached() -> set[str]:
    """Every name that the modules of the door use."""
    names: set[str] = set()
    for path in [
        *PACKAGE.glob("*/api/*.py"),
        *PACKAGE.glob("*/api.py"),
        *PACKAGE.glob("*/*/api.py"),
        *PACKAGE.glob("api/*.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                names.add(node.attr)
            elif isinstance(node, ast.Name):
                names.add(node.id)
    return names


def test_every_action_is_reached_by_an_operation_or_has_a_reason() -> None:
    missing = {name: where for name, where in actions().items() if name not in reached() and name not in ELSEWHERE}

    assert missing == {}


def test_the_reasons_are_about_actions_that_are_there_and_not_reached() -> None:
    assert [name for name in ELSEWHERE if name not in actions() or name in reached()] == []
    assert all(reason.endswith(".") for reason in ELSEWHERE.values())
