# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every operation of the REST door × every role × every scope, against expectations written by hand."""

from dataclasses import dataclass
from typing import Any
from zlib import crc32

import pytest
from django.db import transaction

from plein.api.tests.bodies import carry_out
from plein.api.tests.conftest import Answer, Caller, Calling
from plein.api.tests.world import World, fill, put_among_people
from plein.core.models import Operation
from plein.testing.cast import Cast
from plein.trust.models import User
from plein.trust.seats import entered

SCOPES = ("read", "write", "admin", "all")
EVERYBODY = {"owner", "administrator", "manager", "member", "guest"}
COLLEAGUES = EVERYBODY - {"guest"}
LEADERS = {"owner", "administrator", "manager"}
ADMINISTRATORS = {"owner", "administrator"}
READING, WRITING, MANAGING = set(SCOPES), {"write", "all"}, {"admin", "all"}


@dataclass(frozen=True)
class Expected:
    """Who may; the others of this workspace get 403, strangers `strangers`, everybody without a seat 401."""

    roles: set[str]
    scopes: set[str]
    strangers: int = 404


READ = Expected(EVERYBODY, READING)
LIST = Expected(EVERYBODY, READING, strangers=200)
WRITE = Expected(COLLEAGUES, WRITING)
#: What names no record of this workspace in its address.
WRITE_ANYWHERE = Expected(COLLEAGUES, WRITING, strangers=200)
MANAGE, MANAGE_ANYWHERE = Expected(ADMINISTRATORS, MANAGING), Expected(ADMINISTRATORS, MANAGING, strangers=200)

#: An operation that is not written down here is a failure: say who may do it, and the matrix asks everybody.
EXPECTED = {
    **dict.fromkeys(
        ("read_me", "search_everything", "list_relations_of_kind", "list_operations", "suggest", "find_similar")
        + ("list_tags", "list_todos", "read_today", "list_removed", "list_colleagues", "list_audiences")
        + ("read_workspace", "list_tokens", "list_kinds", "list_fields", "read_list", "count_list", "list_acts")
        + ("list_runs", "list_views", "list_own_fields", "list_groups", "list_notifications")
        + ("notification_preferences", "list_mails", "list_identities", "list_templates", "recognise_text"),
        LIST,
    ),
    **dict.fromkeys(
        ("read_readers", "preview_move")
        + ("read_relation", "read_timeline", "read_moment", "list_guests", "read_recognition", "read_thread")
        + ("read_file", "read_todo", "read_draft")
        + ("read_operation", "preview", "preview_operation_undo", "preview_merge", "read_relation_history")
        + ("read_moment_history",),
        READ,
    ),
    **dict.fromkeys(("read_introductions", "read_degrees", "read_mutual", "read_ego", "read_best"), READ),
    "read_influence": LIST,
    **dict.fromkeys(("read_unmet", "read_alone", "read_silent", "read_between", "read_only", "read_whole"), LIST),
    "read_brought": LIST,
    **dict.fromkeys(("list_introductions", "list_asked", "list_refused", "read_waiting"), LIST),
    "ask_introduction": WRITE,
    **dict.fromkeys(("list_questions", "list_answered", "list_asked_questions", "list_suggestions"), LIST),
    **dict.fromkeys(("read_question", "list_outside"), READ),
    **dict.fromkeys(("ask_outside", "note_answer"), WRITE),
    # Nobody else is there to be asked.
    "ask_question": Expected(COLLEAGUES, WRITING, strangers=422),
    **dict.fromkeys(("answer_question", "pass_question", "decline_question", "mark_best", "withdraw_question"), WRITE),
    **dict.fromkeys(
        ("list_inbox", "read_inbox_numbers", "list_searches", "list_best_heard", "read_dialogue", "list_newcomers"),
        LIST,
    ),
    **dict.fromkeys(("read_message", "list_offers", "read_search"), READ),
    **dict.fromkeys(("save_search", "save_topic", "set_minutes"), WRITE_ANYWHERE),
    "read_minutes": LIST,
    # There is no post that was heard.
    "do_with": WRITE,
    **dict.fromkeys(("change_search", "remove_search", "change_topic", "remove_topic", "refuse_suggestion"), WRITE),
    **dict.fromkeys(("list_topics", "list_possible_topics"), LIST),
    "read_topic": READ,
    **dict.fromkeys(("do_offers", "say_not_them"), WRITE),
    **dict.fromkeys(
        ("close_message", "reopen_message", "snooze_message", "assign_message", "keep_message", "note_message"), WRITE
    ),
    "allow_introductions": WRITE,
    "set_waiting": MANAGE_ANYWHERE,
    **dict.fromkeys(("read_introduction",), READ),
    **dict.fromkeys(("withdraw_introduction", "answer_introduction"), WRITE),
    "export_rows": Expected(COLLEAGUES, {"read", "write", "all"}, strangers=200),
    "create_export": Expected(COLLEAGUES, {"read", "write", "all"}, strangers=200),
    **dict.fromkeys(("read_export", "fetch_export"), Expected(COLLEAGUES, {"read", "write", "all"})),
    "export_of_subject": Expected(COLLEAGUES, {"read", "write", "all"}),
    # There is no photo yet: whoever may look finds nothing.
    "read_photo": Expected(EVERYBODY, READING),
    "send_piece": WRITE,
    "delete_upload": WRITE,
    "read_problem_file": WRITE,
    **dict.fromkeys(("mark_read", "mark_unread", "choose_notification_preferences"), WRITE_ANYWHERE),
    **dict.fromkeys(("create_relation", "create_todo", "edit_me"), WRITE_ANYWHERE),
    # Everybody has tokens of their own, and none of anybody else's.
    "delete_token": WRITE,
    **dict.fromkeys(("list_seats", "list_teams", "create_team", "edit_workspace", "invite_colleague"), MANAGE_ANYWHERE),
    **dict.fromkeys(("edit_seat", "make_link", "edit_team"), MANAGE),
    "remove_second_step": Expected({"owner"}, MANAGING),
    **dict.fromkeys(("list_imports", "start_upload", "import_connections"), WRITE_ANYWHERE),
    **dict.fromkeys(("list_books", "create_book", "import_calendar"), WRITE_ANYWHERE),
    **dict.fromkeys(("read_book", "list_book_entries", "read_left_out"), WRITE),
    # An address book of somebody else.
    **dict.fromkeys(
        ("choose_book", "decide_book", "start_book", "pause_book", "resume_book", "cancel_book", "undo_book"),
        Expected(LEADERS, WRITING),
    ),
    # A path on the server is for whoever may both manage and bring things in.
    "create_import": Expected(ADMINISTRATORS, {"all"}, strangers=200),
    **dict.fromkeys(
        ("read_import", "start_import", "list_problems", "list_proposals", "accept", "ignore", "list_job_news")
        + ("answer_news",),
        WRITE,
    ),
    "list_all_job_news": LIST,
    # Of nobody: there is nothing that is asked.
    "answer_all_news": WRITE_ANYWHERE,
    "list_connections": WRITE_ANYWHERE,
    # Nothing answers at this address.
    **dict.fromkeys(("look_at_account", "create_connection"), Expected(COLLEAGUES, WRITING, strangers=409)),
    **dict.fromkeys(("read_connection", "change_connection", "test_connection", "hear_now"), WRITE),
    **dict.fromkeys(("pause_connection", "resume_connection", "remove_connection"), WRITE),
    **dict.fromkeys(("list_addresses", "open_drop_box", "close_drop_box"), WRITE),
    **dict.fromkeys(("want_address", "prove_address", "drop_address_of"), WRITE),
    **dict.fromkeys(("read_document", "list_bills"), READ),
    **dict.fromkeys(("list_documents", "list_channels"), LIST),
    "import_documents": WRITE_ANYWHERE,
    **dict.fromkeys(("list_hooks", "add_hook", "list_out_hooks", "add_out_hook"), MANAGE_ANYWHERE),
    **dict.fromkeys(("read_hook", "change_hook", "renew_hook", "pause_hook", "resume_hook", "remove_hook"), MANAGE),
    **dict.fromkeys(("list_forms", "add_form"), MANAGE_ANYWHERE),
    **dict.fromkeys(("read_form", "read_form_words", "change_form", "pause_form", "resume_form"), MANAGE),
    "remove_form": MANAGE,
    **dict.fromkeys(("list_calls", "take_again", "list_messages", "tell_again"), MANAGE),
    **dict.fromkeys(("read_out_hook", "change_out_hook", "renew_out_secret", "try_out_hook"), MANAGE),
    **dict.fromkeys(("pause_out_hook", "resume_out_hook", "remove_out_hook"), MANAGE),
    # An import of one's own that has begun; there is none here.
    **dict.fromkeys(("read_sharing", "preview_sharing", "choose_sharing"), WRITE),
    **dict.fromkeys(("read_connection_sharing", "preview_connection_sharing", "choose_connection_sharing"), WRITE),
    # An import of somebody else.
    **dict.fromkeys(("pause_import", "resume_import", "cancel_import", "undo_import"), Expected(LEADERS, WRITING)),
    **dict.fromkeys(("tag_relations", "untag_relations", "assign_relations", "delete_relations"), WRITE_ANYWHERE),
    **dict.fromkeys(
        ("edit_relation", "delete_relation", "set_favourite", "change_circle", "move_to_circle", "set_photo")
        + ("remove_photo",)
        + ("add_contact_point", "edit_contact_point", "mark_contact_point")
        + ("add_membership", "edit_membership", "end_membership", "remove_membership")
        + ("add_tie", "edit_tie", "remove_tie", "tag", "untag", "add_interest", "remove_interest")
        + ("add_important_date", "remove_important_date", "set_following", "forbid_contact", "forbid_contact_point")
        + ("change_tag", "merge_tags", "delete_tag", "merge_relations"),
        WRITE,
    ),
    **dict.fromkeys(("allow_contact", "allow_contact_point"), MANAGE),
    **dict.fromkeys(("save_view", "write_mail", "create_identity", "create_template"), WRITE_ANYWHERE),
    # Nobody has an account to speak with in this world.
    **dict.fromkeys(("answer_invitation", "tell_guests"), WRITE),
    **dict.fromkeys(("list_elsewhere", "decide_elsewhere", "leave_elsewhere"), WRITE),
    "write_post": Expected(COLLEAGUES, WRITING, strangers=422),
    # Of those to be changed none is there for a stranger.
    "begin_act": Expected(COLLEAGUES, WRITING, strangers=409),
    **dict.fromkeys(("add_group", "read_mail_server", "choose_mail_server", "delete_mail_server"), MANAGE_ANYWHERE),
    "try_it": MANAGE_ANYWHERE,
    "read_endpoint": MANAGE_ANYWHERE,
    **dict.fromkeys(("set_endpoint", "remove_endpoint"), Expected({"owner"}, MANAGING, strangers=200)),
    # There is no language model to try.
    "try_endpoint": Expected({"owner"}, MANAGING, strangers=409),
    # A field goes into a group, and there is none of ours elsewhere.
    "add_field": MANAGE,
    "list_tie_types": LIST,
    "add_tie_type": MANAGE_ANYWHERE,
    **dict.fromkeys(("change_tie_type", "retire_tie_type", "bring_tie_type_back", "remove_tie_type"), MANAGE),
    "preview_tie_type": MANAGE,
    **dict.fromkeys(("change_field", "retire_field", "bring_field_back", "move_field"), MANAGE),
    **dict.fromkeys(("change_group", "move_group", "remove_group"), MANAGE),
    **dict.fromkeys(("read_view", "read_view_rows", "read_mail"), READ),
    **dict.fromkeys(("change_view", "delete_view", "pin_view", "edit_identity", "remove_identity"), WRITE),
    **dict.fromkeys(("edit_template", "remove_template", "rewrite_mail", "discard_mail", "add_mail_files"), WRITE),
    **dict.fromkeys(("remove_mail_file", "send_mail", "call_off", "reschedule", "say_it_arrived", "send_again"), WRITE),
    **dict.fromkeys(("pause_run", "resume_run", "cancel_run", "undo_run"), WRITE),
    **dict.fromkeys(("read_run", "list_failures"), READ),
    **dict.fromkeys(
        ("record_moment", "plan_appointment", "edit_moment", "delete_moment", "complete_appointment")
        + ("cancel_appointment", "change_moment_audience", "attach_files", "remove_attachment", "rebind_participant")
        + ("edit_todo", "tick_todo", "untick_todo", "delete_todo", "follow_up", "save_draft", "discard_draft")
        + ("change_appointment", "cancel_series", "postpone_todo", "tag_moment", "untag_moment")
        + ("correct_recognition", "withdraw_correction", "refile_thread"),
        WRITE,
    ),
    **dict.fromkeys(
        ("list_purposes", "list_consents", "read_steps", "check_never_contact", "match_profile", "read_thresholds"),
        LIST,
    ),
    **dict.fromkeys(
        ("read_purpose", "read_purpose_words", "read_consents", "read_subject", "read_requests", "list_apart"), READ
    ),
    "read_restriction": READ,
    "put_restriction": WRITE,
    "lift_restriction": MANAGE,
    **dict.fromkeys(("record_consent", "put_subject"), WRITE),
    **dict.fromkeys(("preview_erasure", "erase_subject"), MANAGE),
    # Whom it is about is not there for a stranger.
    "record_consents": Expected(COLLEAGUES, WRITING, strangers=422),
    **dict.fromkeys(("import_consents", "set_own_choice"), WRITE_ANYWHERE),
    **dict.fromkeys(("add_purpose", "add_never_contact", "set_steps"), MANAGE_ANYWHERE),
    "list_apart": READ,
    **dict.fromkeys(("match_profile", "read_thresholds"), LIST),
    **dict.fromkeys(("keep_apart", "allow_again"), WRITE),
    **dict.fromkeys(("set_thresholds", "thresholds_as_plein"), MANAGE_ANYWHERE),
    **dict.fromkeys(("list_duplicates", "read_sureness"), LIST),
    # There are no pairs, and nobody compared the book.
    "read_book_run": READ,
    **dict.fromkeys(("decide_duplicate", "part_duplicates"), WRITE),
    **dict.fromkeys(("merge_duplicates", "compare_book", "stop_comparing"), WRITE_ANYWHERE),
    "set_sureness": MANAGE_ANYWHERE,
    "read_measure": LIST,
    **dict.fromkeys(("read_learning", "list_doubts"), LIST),
    **dict.fromkeys(("set_measure", "choose_learned", "measure_as_plein", "preview_measure"), MANAGE_ANYWHERE),
    **dict.fromkeys(("read_own_pages", "set_own_pages", "list_page_requests"), MANAGE_ANYWHERE),
    **dict.fromkeys(("read_page_request", "answer_page_request", "extend_page_request"), MANAGE),
    "send_own_page": WRITE,
    **dict.fromkeys(("change_purpose", "retire_purpose", "bring_purpose_back"), MANAGE),
    # Nothing is on the list.
    "remove_never_contact": Expected(ADMINISTRATORS, MANAGING, strangers=422),
    **dict.fromkeys(
        ("list_retention", "read_retention", "set_retention", "put_off", "read_audit", "read_looked_at"),
        MANAGE_ANYWHERE,
    ),
    "delete_due": Expected(ADMINISTRATORS, {"all"}, strangers=422),
    # An operation of somebody else: who does not lead may turn back only their own.
    "undo": Expected(LEADERS, WRITING),
}
#: What there is nothing of in this world, or what is not in the state for it.
NOTHING_THERE = {
    "read_photo": 404,
    # Nobody asked for an export.
    **dict.fromkeys(("read_export", "fetch_export"), 404),
    "delete_token": 404,
    "send_piece": 404,
    "delete_upload": 404,
    "read_problem_file": 404,
    **dict.fromkeys(("read_sharing", "preview_sharing", "choose_sharing"), 404),
    **dict.fromkeys(("read_connection_sharing", "preview_connection_sharing", "choose_connection_sharing"), 404),
    **dict.fromkeys(("read_view", "read_view_rows", "change_view", "delete_view", "pin_view", "read_mail"), 404),
    **dict.fromkeys(("edit_identity", "remove_identity", "edit_template", "remove_template", "rewrite_mail"), 404),
    **dict.fromkeys(("discard_mail", "add_mail_files", "remove_mail_file", "send_mail", "call_off"), 404),
    **dict.fromkeys(("reschedule", "say_it_arrived", "send_again"), 404),
    **dict.fromkeys(("read_book_run", "decide_duplicate", "part_duplicates"), 404),
    **dict.fromkeys(("read_search", "change_search", "remove_search"), 404),
    **dict.fromkeys(("read_topic", "change_topic", "remove_topic", "refuse_suggestion"), 404),
    # Nobody here knows anybody who knows them, so nobody was asked.
    "ask_introduction": 422,
    **dict.fromkeys(("read_question", "withdraw_question", "answer_question", "pass_question"), 404),
    **dict.fromkeys(("decline_question", "mark_best", "list_outside", "ask_outside", "note_answer"), 404),
    **dict.fromkeys(("read_introduction", "withdraw_introduction", "answer_introduction"), 404),
    "write_post": 422,
    # The moment is no invitation, and no connection waits for a decision.
    "answer_invitation": 422,
    # It is over, so nobody is invited to it.
    "tell_guests": 422,
    **dict.fromkeys(("list_elsewhere", "decide_elsewhere", "leave_elsewhere"), 404),
    # Nothing is on the list, and no rule is on.
    **dict.fromkeys(("remove_never_contact", "delete_due"), 422),
    # Nothing stands in the way.
    "lift_restriction": 422,
    # It holds a field.
    "remove_group": 422,
    **dict.fromkeys(("read_run", "list_failures", "pause_run", "resume_run", "cancel_run", "undo_run"), 404),
    **dict.fromkeys(("start_import", "undo_import"), 409),
    **dict.fromkeys(("pause_book", "resume_book", "undo_book"), 409),
    **dict.fromkeys(("look_at_account", "create_connection"), 409),
    **dict.fromkeys(("read_connection", "change_connection", "test_connection", "hear_now"), 404),
    **dict.fromkeys(("pause_connection", "resume_connection", "remove_connection"), 404),
    **dict.fromkeys(("list_addresses", "open_drop_box", "close_drop_box"), 404),
    **dict.fromkeys(("want_address", "prove_address", "drop_address_of"), 404),
    # No file holds one.
    "read_document": 404,
    # No program tells us anything, and none is told.
    **dict.fromkeys(("read_hook", "change_hook", "renew_hook", "pause_hook", "resume_hook", "remove_hook"), 404),
    **dict.fromkeys(("list_calls", "take_again", "list_messages", "tell_again"), 404),
    **dict.fromkeys(("read_out_hook", "change_out_hook", "renew_out_secret", "try_out_hook"), 404),
    **dict.fromkeys(("pause_out_hook", "resume_out_hook", "remove_out_hook"), 404),
    # There is no post that was heard.
    "do_with": 404,
    # There is no mail server.
    "send_own_page": 409,
    # There is no language model either.
    "try_endpoint": 409,
}


def operations() -> list[tuple[str, str, str]]:
    schema = Caller("").read("/openapi.json")
    return [
        (method.upper(), path, described["operationId"])
        for path, methods in schema["paths"].items()
        for method, described in methods.items()
    ]


def is_as_expected(name: str, who: str, scope: str, status: int) -> bool:
    wanted = EXPECTED[name]
    if who in ("anonymous", "suspended"):
        return status == 401
    if scope not in wanted.scopes:
        return status == 403
    if who == "stranger":
        return status == wanted.strangers or (wanted.strangers == 200 and 200 <= status < 300)
    if who not in wanted.roles:
        return status == 403
    return status == NOTHING_THERE[name] if name in NOTHING_THERE else 200 <= status < 300


def make_callers(cast: Cast, calling: Calling, colleagues: dict[str, User]) -> dict[tuple[str, str], Caller]:
    people = {**colleagues, "stranger": cast.charlie}
    put_among_people(people.values())
    callers = {(who, scope): calling(user, scope) for who, user in people.items() for scope in SCOPES}
    return callers | {("anonymous", ""): Caller("")}


def tried(caller: Caller, method: str, path: str, name: str, world: World, alice: User) -> tuple[Answer, int]:
    """The answer, and how many operations it left; all of it is taken back, so that the next one finds it alike."""
    with transaction.atomic():
        with entered(alice):
            before = Operation.objects.count()
        answer = carry_out(caller, method, path, name, world)
        with entered(alice):
            made = Operation.objects.count() - before
        transaction.set_rollback(True)
    return answer, made


def walk(cast: Cast, callers: dict[tuple[str, str], Caller], *, one_of: int = 1) -> list[Any]:
    world = fill(cast.alice)
    wrong: list[Any] = []
    for method, path, name in operations():
        for (who, scope), caller in callers.items():
            if crc32(f"{name} {who} {scope}".encode()) % one_of:
                continue
            answer, made = tried(caller, method, path, name, world, cast.alice)
            if not is_as_expected(name, who, scope, answer.status_code):
                wrong.append((name, who, scope, answer.status_code, answer.content))
            if answer.status_code >= 400 and made:
                wrong.append((name, who, scope, "changed although refused"))
    return wrong


def test_every_operation_is_written_down() -> None:
    assert {name for _method, _path, name in operations()} == EXPECTED.keys()


def test_some_of_the_cells_are_as_they_were_written_down(
    cast: Cast, calling: Calling, colleagues: dict[str, User]
) -> None:
    """Always the same of them; every night all."""
    assert walk(cast, make_callers(cast, calling, colleagues), one_of=40) == []


@pytest.mark.nightly
def test_every_cell_is_as_it_was_written_down(cast: Cast, calling: Calling, colleagues: dict[str, User]) -> None:
    assert walk(cast, make_callers(cast, calling, colleagues)) == []


def test_a_token_without_the_scope_is_told_which_it_takes(cast: Cast, calling: Calling) -> None:
    world = fill(cast.alice)

    refused = calling(cast.alice, "read").send("DELETE", f"/relations/{world.person}")

    assert refused.status_code == 403 and refused.json()["code"] == "scope_missing"
    assert refused.json()["detail"] == "This token has the scope read; this takes write or all."
    as_guest = calling(cast.gina, "all").send("DELETE", f"/relations/{world.person}").json()
    assert as_guest["code"] == "not_allowed"
