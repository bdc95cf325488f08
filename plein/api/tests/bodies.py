# SPDX-License-Identifier: AGPL-3.0-or-later
"""What to send to each operation that takes something, so that it is carried out."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from plein.api.tests.conftest import Answer, Caller
from plein.api.tests.world import World

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 16
SOON = "2030-05-01T09:00:00Z"


def bodies(world: World, address: str = "") -> dict[str, Any]:
    """The body for each operation, in the world that was filled; the address is of who asks."""
    person, organization, purpose = str(world.person), str(world.organization), world.ids["purpose_id"]
    return {
        "create_export": {"list": "people", "format": "json"},
        "create_relation": {"kind": "person", "name": "Nieuw Iemand"},
        "edit_relation": {"version": 1, "place": "Hattem"},
        "set_favourite": {"is_favourite": True},
        "change_circle": {"audience": "everyone"},
        **dict.fromkeys(("choose_sharing", "choose_connection_sharing"), {"gives": "envelope", "circle": "everyone"}),
        "move_to_circle": {"circle": "everyone"},
        "add_contact_point": {"text": "0612345678"},
        "edit_contact_point": {"label": "werk"},
        "add_membership": {"relation": organization, "role": "adviseur"},
        "edit_membership": {"role": "adviseur"},
        "add_tie": {"relation": organization, "kind": "friend:out"},
        "edit_tie": {"note": "van vroeger", "may_introduce": "no"},
        "add_tie_type": {"name_nl": "buur van", "strength": "weak"},
        "change_tie_type": {"version": 1, "strength": "strong"},
        "preview_tie_type": {"strength": "exact", "percent": 30},
        "remove_tie_type": {"into": "friend"},
        "tag": {"name": "Vriend"},
        "add_interest": {"text": "Fietsen"},
        "add_important_date": {"kind": "anniversary", "on": "2020-02-29"},
        "tag_relations": {"ids": [person], "name": "Vriend"},
        "untag_relations": {"ids": [person], "tag": world.ids["tag_id"]},
        "assign_relations": {"ids": [person], "owner": None},
        "delete_relations": {"ids": [person]},
        "recognise_text": {"text": "Kunt u mij terugbellen?", "tier": "light"},
        "record_moment": {"kind": "visit", "relation": person, "text": "Koffie."},
        "plan_appointment": {"kind": "visit", "relation": person, "occurred_at": SOON, "text": "Koffie."},
        "edit_moment": {"version": 1, "title": "Andere offerte"},
        "complete_appointment": {"version": 1, "outcome": "Akkoord"},
        "cancel_appointment": {"version": 1},
        "change_moment_audience": {"moment": "everyone"},
        "rebind_participant": {"relation": organization},
        "create_todo": {"title": "Nabellen"},
        "edit_todo": {"version": 1, "title": "Toch nabellen"},
        "follow_up": {},
        "save_draft": {"text": "Half"},
        "set_following": {"is_following": True},
        "mark_read": {},
        "mark_unread": {"lines": [person]},
        "choose_notification_preferences": {
            kind: {"product": True, "mail": True, "push": False}
            for kind in ("mention", "assigned", "reminder", "mail", "connection", "followed")
        },
        "forbid_contact": {"reason": "Vroeg erom"},
        "forbid_contact_point": {"reason": "Vroeg erom"},
        "preview_merge": {"into": person, "other": world.ids["other_person"]},
        "merge_relations": {
            "into": person,
            "other": world.ids["other_person"],
            "into_version": 1,
            "other_version": 1,
        },
        "change_tag": {"name": "Klanten", "colour": "blue"},
        "merge_tags": {"others": [world.ids["other_tag"]]},
        "change_appointment": {"version": 1, "title": "Verzet"},
        "cancel_series": {"version": 1},
        "postpone_todo": {"until": "2030-01-02"},
        "tag_moment": {"name": "Beurs"},
        "correct_recognition": {"about": "complaint", "value": "yes"},
        "choose_learned": {"number": None},
        "refile_thread": {"relevance": "small_talk"},
        "begin_act": {"ids": [person], "values": {"name": "Beurs"}},
        "cancel_run": {"keep": True},
        "save_topic": {"name": "Levering", "examples": ["Waar blijft mijn pakket?"]},
        "change_topic": {"version": 1, "words": ["bezorging"]},
        "set_minutes": {"minutes": 10},
        "do_with": {"doing": "todo"},
        "save_search": {"name": "Noise", "words": ["noise at night"], "circle": "everyone"},
        "change_search": {"version": 1, "never": ["film"]},
        "save_view": {"kind": "person", "name": "In Zwolle", "query": "f=place:is:Zwolle", "audience": "me"},
        "change_view": {"version": 1, "name": "Anders"},
        "pin_view": {"is_pinned": True},
        "write_mail": {"to": "henk@vandijk.example", "subject": "Dak", "text": "Dag Henk"},
        "answer_invitation": {"answer": "accepted"},
        "tell_guests": {"guests": [person]},
        "want_address": {"address": "verkoop@plein.example"},
        "prove_address": {"proof": "x"},
        "decide_elsewhere": {"holds": "ours"},
        "write_post": {"account": person, "text": "Dag"},
        "rewrite_mail": {"to": "henk@vandijk.example", "subject": "Dak", "text": "Dag Henk"},
        "send_mail": {},
        "reschedule": {},
        "create_identity": {"name": "Plein", "address": address or "alice@plein.example"},
        "edit_identity": {"name": "Plein"},
        "create_template": {"kind": "template", "name": "Dank", "text": "Dank u wel", "circle": "everyone"},
        "edit_template": {"version": 1, "name": "Dank u"},
        "add_group": {"name_nl": "Zaken", "name_en": "", "audience": "everyone"},
        "change_group": {"version": 1, "name_nl": "Zaken"},
        "move_group": {"to": 0},
        "add_field": {"group": world.ids["group_id"], "type": "text", "label_nl": "Bijnaam", "kinds": ["person"]},
        "change_field": {"version": 1, "label_nl": "Segment"},
        "move_field": {"to": 0},
        "set_endpoint": {"address": "https://model.example/v1", "model": "tiny", "agrees": True},
        "choose_mail_server": {
            "host": "mail.plein.example",
            "port": 587,
            "security": "starttls",
            "sender": "post@plein.example",
        },
        "edit_me": {"name": "Anders Genoemd"},
        "invite_colleague": {"name": "Nieuw", "email": "nieuw@plein.example", "role": "member", "language": "nl"},
        "edit_seat": {"role": "manager"},
        "create_team": {"name": "Service", "seats": []},
        "edit_team": {"name": "Verkoop"},
        "edit_workspace": {"name": "Noorderlicht BV"},
        "create_import": {"path": "/"},
        "start_upload": {"name": "post.mbox", "size": 10},
        "look_at_account": {"kind": "feed", "settings": {"url": "http://127.0.0.1:9/"}},
        "create_connection": {
            "kind": "feed",
            "settings": {"url": "http://127.0.0.1:9/"},
            "policy": "everyone",
            "circle": "me",
        },
        "add_form": {"name": "Website", "title_en": "Write us"},
        "change_form": {"title_en": "Ask us", "version": 1},
        "add_hook": {"name": "Telephone"},
        "change_hook": {"mapping": {"phone": "/from"}},
        "renew_hook": {},
        "take_again": {},
        "add_out_hook": {"name": "Books", "url": "https://books.example/", "happenings": ["moment.created"]},
        "change_out_hook": {"name": "Ledger"},
        "tell_again": {},
        "change_connection": {"settings": {"url": "http://127.0.0.1:9/"}},
        "start_import": {"policy": "answered"},
        "cancel_import": {"keep": True},
        "choose_book": {"match": "email", "tags": ["beurs"]},
        "decide_book": {"items": [{"number": 1, "decided": "new"}]},
        "cancel_book": {"keep": True},
        "record_consent": {"purpose": purpose, "state": "given", "how": "call", "address": "henk@vandijk.example"},
        "record_consents": {"items": [{"relation": person, "purpose": purpose, "state": "given", "how": "form"}]},
        "put_restriction": {"reason": "Asked us on 3 March"},
        "add_purpose": {
            "name_en": "Fairs",
            "what_en": "We tell you where we stand.",
            "benefit_en": "A free ticket.",
            "basis": "consent",
            "kinds": ["email"],
        },
        "change_purpose": {"version": 1, "holds_months": 12},
        "add_never_contact": {"addresses": ["rik@elders.example"], "reason": "By letter"},
        "keep_apart": {"relation": person, "profile": {"emails": ["anders@vandijk.example"]}},
        "set_thresholds": {"automatic": 25},
        "match_profile": {"names": ["Henk van Dijk"], "emails": ["henk@vandijk.example"]},
        "check_never_contact": {"addresses": ["rik@elders.example"]},
        "remove_never_contact": {"addresses": ["rik@elders.example"], "reason": "By letter"},
        "answer_page_request": {"state": "done", "answer": "We changed it."},
        "extend_page_request": {"reason": "It takes looking through old files."},
        "set_own_pages": {"is_open": True, "in_footer": True},
        "merge_duplicates": {"ids": [world.ids.get("pair_id", person)]},
        "part_duplicates": {"together": world.ids.get("pair_id", person)},
        "decide_duplicate": {"said": "apart"},
        "set_sureness": {"bits": 20},
        "set_measure": {"half_life": 365, "weights": {"call": 1.5}},
        "preview_measure": {"half_life": 365},
        "ask_introduction": {"to": person, "purpose": "Heat pumps"},
        "answer_introduction": {"answer": "declined"},
        "set_waiting": {"days": 10},
        "snooze_message": {"until": SOON.replace("2030", "2027")},
        "assign_message": {"seat": world.ids["seat_id"]},
        "do_offers": {"keys": ["todo-000000000000"]},
        "note_message": {"text": "Eerst bellen."},
        "ask_question": {"text": "Who knows about heat pumps?"},
        "answer_question": {"text": "De Linde does."},
        "ask_outside": {"people": [person]},
        "note_answer": {"person": person, "text": "De Linde does."},
        "pass_question": {"remark": "You may know."},
        "set_steps": {"steps": "consent"},
        "set_own_choice": {"is_open": False},
        "set_retention": {"months": 12, "is_on": True},
        "erase_subject": {"never_contact": True},
        "delete_due": {"expected": 1},
        "accept": {"ids": [person]},
        "ignore": {"ids": [person]},
        "answer_all_news": {"ids": [person], "answer": "also"},
        "answer_news": {"ids": [person], "answer": "also"},
    }


#: What stands after the question mark, for operations that need something there.
QUERIES: dict[str, Callable[[World], dict[str, str]]] = {
    "read_introductions": lambda world: {"to": str(world.person)},
    "read_degrees": lambda world: {"of": str(world.person)},
    "read_mutual": lambda world: {"a": str(world.person), "b": world.ids["other_person"]},
    "list_suggestions": lambda world: {"text": "Who knows about heat pumps?"},
    "read_best": lambda world: {"organization": str(world.organization)},
}


def carry_out(caller: Caller, method: str, path: str, name: str, world: World, **others: object) -> Answer:
    """Ask for an operation as it wants to be asked for."""
    address = world.address(path, **others)
    if name == "set_photo":
        return caller.upload(address, photo=_file("foto.png", PNG))
    if name in ("attach_files", "add_mail_files"):
        return caller.upload(address, files=[_file("a.txt", b"abc")])
    if name == "import_consents":
        return caller.upload(address, file=_file("fair.csv", b"email,purpose\nrik@elders.example,newsletter\n"))
    if name == "import_calendar":
        event = b"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Koffie\r\nDTSTART:20300501T090000Z\r\nEND:VEVENT\r\n"
        calendar = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + event + b"END:VCALENDAR\r\n"
        return caller.upload(address, file=_file("agenda.ics", calendar))
    if name == "import_documents":
        return caller.upload(address, files=[_file("a.txt", b"no invoice")])
    if name == "create_book":
        return caller.upload(address, file=_file("lijst.csv", b"name,email\nRik,rik@elders.example\n"))
    if name == "import_connections":
        return caller.upload(address, file=_file("connections.csv", b"name,email\nRik,rik@elders.example\n"))
    query = {"q": "henk"} if name in ("search_everything", "suggest") else None
    query = {"circle": "me"} if name == "preview_move" else query
    query = (
        {"gives": "envelope", "circle": "me"} if name in ("preview_sharing", "preview_connection_sharing") else query
    )
    query = {"kind": "person"} if name in ("find_similar", "list_views") else query
    query = {"since": "2026-01-01T00:00:00Z"} if name == "read_looked_at" else query
    query = QUERIES[name](world) if name in QUERIES else query
    return caller.send(method, address, query, json=bodies(world, caller.address).get(name))


def _file(name: str, data: bytes) -> Any:
    return SimpleUploadedFile(name, data)
