# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever a program or a page can write is carried out once and turned back: then every row is as it was."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from django.db import transaction

from plein.api.tests.bodies import carry_out
from plein.api.tests.conftest import Calling
from plein.api.tests.test_permissions import operations
from plein.api.tests.world import World, fill
from plein.consent.actions import add_never_contact, remove_never_contact
from plein.core.models import Operation
from plein.core.operations import CannotUndo
from plein.listening.actions import change_search, do_with, remove_search, save_search
from plein.lists.actions import change_view, delete_view, save_view
from plein.lists.bulk.actions import turn_back
from plein.lists.query import ViewQuery
from plein.metadata.actions import add_group, remove_group, set_value_of_many, set_values
from plein.metadata.queries import catalog
from plein.moments import placing as moment_kinds
from plein.moments.actions import (
    change_subject_circle,
    change_text_circle,
    change_topic,
    correct_recognition,
    many,
    many_todos,
    refuse_suggestion,
    remove_topic,
    save_topic,
    tag_moment,
    withdraw_correction,
)
from plein.moments.models import Attachment, Moment, ToDo
from plein.outbox.actions import (
    IdentityFacts,
    TemplateFacts,
    keep_identity,
    keep_template,
    remove_identity,
    remove_template,
)
from plein.relations import actions
from plein.relations import placing as relation_kinds
from plein.relations.actions import bulk
from plein.relations.contact import Contact
from plein.relations.models import ContactPointLink, Relation, RelationValues, Tie
from plein.testing import searches
from plein.testing.cast import Cast
from plein.testing.home import ROOT
from plein.tests.undoing import Rows, picture, told
from plein.trust.actions import change_default_audience, place
from plein.trust.models import Seat
from plein.trust.seats import Entrance, entered
from plein.web.verbs import VERBS

#: Verbs whose operation is no change of rows that could be turned back, or not by the ordinary undo, and why.
NOT_SO = {
    "export_list": "It writes nothing here: the file is with who took it.",
    **dict.fromkeys(
        ("ask_introduction", "withdraw_introduction"),
        "Who was asked was asked; what has not left is withdrawn by the undo, and stays so.",
    ),
    **dict.fromkeys(
        ("answer_introduction", "allow_introductions"),
        "What somebody answered is no history: that would say who said no.",
    ),
    **dict.fromkeys(
        ("withdraw_question", "widen_question", "set_aside_question"),
        "Who was asked was asked; what somebody did with it is no history.",
    ),
    "send_mail": "What has left does not come back; before that it is taken back out of the outbox.",
    "generate": "Invented data are made to measure with, in a workspace that is thrown away.",
    "load_example": "The example company goes by its own way out, which tramples.",
    "remove_example": "It is itself the undo of loading the example company.",
    "give_seat": "A seat is ended, not unmade: what somebody did refers to it.",
    "erase_subject": "Somebody asked to be forgotten, and history with them.",
    "ask_on_my_page": "What somebody asked stands until it is answered.",
    **dict.fromkeys(("answer_request", "extend_request"), "What somebody was told on their page, they were told."),
    "decide_on_my_page": "What somebody decided on their own page is theirs: nobody here turns it back.",
    "redact_subject": "What was blacked out is gone for good: that is what it is for.",
    "undo": "It is turned back in the trials of undo.",
    **dict.fromkeys(("look_as", "stop_looking"), "Nothing is changed by looking; it is noted that somebody looked."),
    **dict.fromkeys(
        ("change_sign_in", "remove_sign_in"),
        "Whom to ask is looked up before anybody knows the workspace, and its secret is sealed: no history keeps it.",
    ),
    "remove_connection": "Its password is forgotten: what was heard stays, and the account is connected again.",
    "make_team": "A team stays: its circle may guard records by now.",
}

#: Operations of the door of which something stays, and why.
STAYS = {
    "answer_page_request": "What somebody was told on their page, they were told.",
    "extend_page_request": "What somebody was told on their page, they were told.",
    "create_team": "A team stays: its circle may guard records by now.",
    "erase_subject": "Somebody asked to be forgotten.",
}
#: Verbs for which there is nothing in this world, and the tests in which they are turned back.
_OF_IMPORTS, _OF_SERIES = "plein/moments/tests/test_import_pages.py", "plein/moments/tests/test_series.py"
_OF_JOBS = "plein/moments/tests/test_job_news.py"
TRIED_ELSEWHERE = {
    "keep_apart": "plein/identity/tests/test_book.py"
    "::test_two_who_were_said_to_be_two_stay_two_until_that_is_turned_back",
    "put_off_pair": "plein/identity/tests/test_book.py::test_a_pair_that_was_put_off_comes_back",
    "accept_job_news": f"{_OF_JOBS}::test_whoever_is_there_now_instead_has_one_history_with_the_mail_as_evidence",
    "ignore_job_news": f"{_OF_JOBS}::test_what_was_answered_is_not_asked_again",
    "accept_proposals": f"{_OF_IMPORTS}::test_a_waiting_address_becomes_a_person_with_all_it_wrote",
    "keep_introduction": "plein/asking/tests/test_asking.py::test_the_tie_of_an_introduction_is_turned_back",
    **dict.fromkeys(
        ("ask_question",),
        "plein/questions/tests/test_asking.py::test_who_withdraws_takes_it_off_every_list_and_so_does_undo",
    ),
    **dict.fromkeys(
        ("ask_outside", "note_answer"),
        "plein/questions/tests/test_outside.py::test_what_was_asked_outside_and_noted_is_turned_back",
    ),
    **dict.fromkeys(
        ("answer_question", "mark_best_answer"),
        "plein/questions/tests/test_asking.py::test_an_answer_and_the_best_are_turned_back_and_given_again",
    ),
    "suggest_topics": "plein/moments/tests/test_topics.py"
    "::test_alike_texts_without_a_topic_are_suggested_once_and_never_hidden_ones",
    "learn_from_corrections": "plein/moments/tests/test_learning.py"
    "::test_what_was_said_is_learned_once_it_does_no_worse_and_undo_forgets_it",
    "receive_message": "plein/inbox/tests/test_inbox.py::test_undo_takes_a_message_back_with_its_moment",
    "do_offered": "plein/inbox/tests/test_offers.py::test_what_is_ticked_is_one_act_and_one_undo_takes_it_back",
    "not_them": "plein/inbox/tests/test_reading.py::test_not_them_is_remembered_for_good_and_undone",
    "change_job": "plein/relations/tests/test_job_change.py"
    "::test_who_now_works_here_instead_left_the_other_in_the_same_operation",
    "load_connections": "plein/network/tests/test_connections.py"
    "::test_the_list_of_linkedin_ties_the_colleague_to_everybody_on_it",
    "load_ties": "plein/network/tests/test_command.py::test_a_list_of_ties_comes_in_is_asked_and_turned_back",
    "import_archive": "plein/moments/archives/tests/test_bringing_in_archives.py"
    "::test_conversations_and_connections_of_linkedin_come_in_and_go_again",
    "change_from_device": "plein/dav/tests/test_contacts.py"
    "::test_only_what_a_device_changed_is_changed_and_undo_takes_it_back",
    **dict.fromkeys(
        ("add_from_device", "leave_out_of_devices", "put_back_on_devices"),
        "plein/dav/tests/test_contacts.py::test_undo_takes_somebody_off_again_and_puts_them_back_on",
    ),
    **dict.fromkeys(
        ("decide_elsewhere", "leave_elsewhere"),
        "plein/dav/tests/test_deciding.py::test_what_was_decided_is_turned_back",
    ),
    "answer_invitation": "plein/outbox/tests/test_invitations.py"
    "::test_an_answer_is_taken_back_before_it_leaves_and_needs_the_same_ground_as_other_mail",
    "invite_guests": "plein/outbox/tests/test_inviting.py::test_until_it_leaves_undo_takes_all_of_it_back",
    "tell_guests": "plein/outbox/tests/test_inviting.py::test_a_guest_is_invited_once_told_of_a_change_and_called_off",
    "import_documents": "plein/documents/tests/test_bringing_in.py"
    "::test_an_invoice_becomes_a_letter_once_and_undo_takes_it_away",
    "import_calendar": "plein/dav/tests/test_bringing_in.py"
    "::test_undo_takes_a_calendar_away_and_gives_back_what_it_changed",
    "import_contacts": "plein/imports/tests/test_contacts.py"
    "::test_undo_takes_everybody_away_and_gives_back_what_was_changed",
    "hear": "plein/moments/hearing/tests/test_visiting.py::test_a_day_of_hearing_is_turned_back_whole",
    "hear_hook": "plein/hooks/tests/test_door.py::test_a_day_of_calls_is_turned_back_whole",
    "confirm_form": "plein/webforms/tests/test_door.py::test_undo_takes_all_of_it_back",
    "open_form": "plein/webforms/tests/test_making.py::test_what_is_done_with_a_form_is_turned_back",
    "import_mail": "plein/moments/intake/tests/test_bringing_in.py::test_undo_leaves_everything_as_it_was",
    "extend_series": f"{_OF_SERIES}::test_what_the_night_planned_further_is_turned_back",
    "move_appointment": "plein/moments/tests/test_agenda.py::test_dragging_moves_and_undo_brings_it_back",
    "edit_moments": "plein/moments/tests/test_many.py"
    "::test_moments_are_tagged_moved_and_filled_in_and_all_of_it_comes_back",
    "delete_due": "plein/consent/tests/test_retention.py::test_files_go_and_what_was_said_stays",
    "lift_restriction": "plein/consent/tests/test_restricting.py::test_an_administrator_lifts_it_and_nobody_else",
    "restore_contact_point": "plein/relations/tests/test_contact_point_actions.py"
    "::test_a_revoked_contact_point_is_not_found_and_can_come_back",
    "share_mail": "plein/moments/tests/test_sharing_a_mailbox.py"
    "::test_another_choice_moves_what_is_in_and_undo_brings_it_back",
}


def differences(before: Rows, after: Rows) -> list[str]:
    """The rows that are not as they were, in words."""
    keys = before.keys() | after.keys()
    return sorted(
        f"{key[0]}: {told(before.get(key))} became {told(after.get(key))}"
        for key in keys
        if told(before.get(key)) != told(after.get(key))
    )


@contextmanager
def forgotten() -> Iterator[None]:
    """What is done inside is not there afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def undone(cast: Cast, act: Callable[[], object], name: str) -> tuple[set[str], list[str]]:
    """Do something and turn it back, last thing first: which verbs that were, and what is not as it was."""
    users = (cast.alice, cast.bob)
    with entered(cast.alice):
        known = set(Operation.objects.values_list("id", flat=True))
    before = picture(users)
    act()
    after = picture(users)
    with entered(cast.alice) as actor:
        made = list(Operation.objects.exclude(id__in=known).order_by("-started_at", "-id"))
        for one in made:
            try:
                turn_back(actor=actor, operation_id=one.id)
            except CannotUndo as reason:
                if reason.reason != "unknown":
                    return {one.verb}, [f"{name}: cannot be undone, {reason.reason}"]
    if not made:
        return set(), [f"{name}: without an operation: {line}" for line in differences(before, after)]
    return {one.verb for one in made}, [f"{name}: {line}" for line in differences(before, picture(users))]


def by_hand(actor: Entrance, world: World) -> dict[str, Callable[[], object]]:
    """What no single request of that world does, by its verb."""
    person, organization = (Relation.objects.get(id=one) for one in (world.person, world.organization))
    moment, todo = Moment.objects.get(id=world.moment), ToDo.objects.get(id=world.ids["todo_id"])
    link = ContactPointLink.objects.get(id=world.ids["link_id"])
    people, moments, todos = [person.id, organization.id], [moment.id], [todo.id]
    view = save_view(actor=actor, name="Stil", query=ViewQuery("person"), audience="everyone")
    subject = save_topic(actor=actor, name="Levering", words="pakket")
    alike = searches.make_suggestion()
    listened = save_search(actor=actor, name="Stil", words="geluid")
    empty = add_group(actor=actor, name_nl="Leeg", name_en="")
    sender = keep_identity(actor=actor, facts=IdentityFacts(name="Alice", address=actor.user.email))
    letter = keep_template(actor=actor, facts=TemplateFacts("template", "Dank", "Dank u", circle="everyone"))
    tag = tag_moment(actor=actor, moment=moment, name="Beurs")
    correct_recognition(actor=actor, moment=moment, about="complaint", value="yes")
    me = {"circle": "me"}
    set_values(actor=actor, values_model=RelationValues, record=person, values={"segment": "goud"})
    values = RelationValues.objects.filter(relation_id=person.id).get()
    segment = catalog().by_key("segment", "person")
    assert segment is not None
    tie, file = Tie.objects.get(id=world.ids["tie_id"]), Attachment.objects.filter(moment=moment).first()
    bob = Seat.objects.get(user__email="bob@plein.example").id
    address = Contact("email", "nooit@vandijk.example", "nooit@vandijk.example")
    add_never_contact(actor=actor, contacts=[address], reason="Vroeg het per brief")
    return {
        "change_tie_circle": lambda: place(actor=actor, kind=relation_kinds.TIES, record=tie, audience="me"),
        "change_values_circle": lambda: place(actor=actor, kind=relation_kinds.VALUES, record=values, audience="me"),
        "change_file_circle": lambda: place(actor=actor, kind=moment_kinds.FILES, record=file, audience="me"),
        "change_todo_circle": lambda: place(actor=actor, kind=moment_kinds.TODOS, record=todo, audience="me"),
        "change_default_audience": lambda: change_default_audience(actor=actor, audience="me"),
        "do_with_heard": lambda: do_with(actor=actor, moment=moment, doing="todo"),
        "assign_todos": lambda: many_todos.assign_many(actor=actor, ids=todos, values={"assignee": bob}),
        "plan_todos": lambda: many_todos.plan_many(actor=actor, ids=todos, values={"due": date(2031, 5, 1)}),
        "edit_todos": lambda: many_todos.set_detail_of_many(
            actor=actor, ids=todos, name="means_needed", value="Ladder"
        ),
        "set_values_of_many": lambda: set_value_of_many(
            actor=actor, values_model=RelationValues, ids=[person.id], field=segment, raw="zilver"
        ),
        "remove_never_contact": lambda: remove_never_contact(actor=actor, contact=address, reason="Vergissing"),
        "create_organization": lambda: actions.create_organization(actor=actor, name="Nieuw"),
        "revoke_contact_point": lambda: actions.revoke_contact_point(actor=actor, link=link),
        "set_values": lambda: set_values(
            actor=actor, values_model=RelationValues, record=person, values={"segment": "zilver"}
        ),
        "move_relations": lambda: bulk.move_many(actor=actor, ids=people, values=me),
        "edit_relations": lambda: bulk.set_detail_of_many(actor=actor, ids=people, name="place", value="Raalte"),
        "withdraw_correction": lambda: withdraw_correction(actor=actor, moment=moment, about="complaint"),
        "tag_moments": lambda: many.tag_many(actor=actor, ids=moments, values={"name": "Nieuw"}),
        "untag_moments": lambda: many.untag_many(actor=actor, ids=moments, values={"tag": tag.tag_id}),
        "move_moments": lambda: many.move_many(actor=actor, ids=moments, values=me),
        "delete_moments": lambda: many.delete_many(actor=actor, ids=moments, values={}),
        "change_subject_circle": lambda: change_subject_circle(actor=actor, moment=moment, circle="me"),
        "change_text_circle": lambda: change_text_circle(actor=actor, moment=moment, circle="me"),
        "tick_todos": lambda: many_todos.tick_many(actor=actor, ids=todos, values={}),
        "delete_todos": lambda: many_todos.delete_many(actor=actor, ids=todos, values={}),
        "change_topic": lambda: change_topic(actor=actor, topic=subject, based_on=1, name="Bezorging"),
        "remove_topic": lambda: remove_topic(actor=actor, topic=subject),
        "refuse_suggestion": lambda: refuse_suggestion(actor=actor, suggestion=alike),
        "change_search": lambda: change_search(actor=actor, search=listened, based_on=1, name="Luid"),
        "remove_search": lambda: remove_search(actor=actor, search=listened),
        "change_view": lambda: change_view(actor=actor, view=view, based_on=view.version, name="Luid"),
        "delete_view": lambda: delete_view(actor=actor, view=view),
        "remove_field_group": lambda: remove_group(actor=actor, group=empty),
        "remove_identity": lambda: remove_identity(actor=actor, identity=sender),
        "remove_template": lambda: remove_template(actor=actor, template=letter),
    }


def test_every_operation_of_the_door_is_turned_back(cast: Cast, calling: Calling) -> None:
    world = fill(cast.alice)
    caller = calling(cast.alice, "all")
    wrong: list[str] = []
    verbs: set[str] = set()
    for method, path, name in operations():
        if method == "GET" or name in ("undo", "send_mail", *STAYS):
            continue
        with forgotten():
            done, found = undone(cast, lambda: carry_out(caller, method, path, name, world), name)  # noqa: B023
        wrong, verbs = wrong + found, verbs | done
    with entered(cast.alice) as actor:
        acts = by_hand(actor, world)
        for verb, act in acts.items():
            with forgotten():
                done, found = undone(cast, act, verb)
            wrong, verbs = wrong + found, verbs | done

    assert wrong == []
    assert VERBS.keys() - verbs - NOT_SO.keys() - TRIED_ELSEWHERE.keys() == set()


def test_what_is_tried_elsewhere_is_turned_back_there() -> None:
    missing = []
    for verb, where in TRIED_ELSEWHERE.items():
        path, _between, name = where.partition("::")
        source = (ROOT / path).read_text()
        _before, found, body = source.partition(f"def {name}(")
        if not found or "undo" not in body.partition("\ndef ")[0]:
            missing.append(verb)
    assert missing == []
