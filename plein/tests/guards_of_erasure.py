# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards around erasing: how to take each away, and the short suite that must turn red without it."""

import io
import re
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client

from plein.cli import erasures
from plein.cli.speech import CommandTrouble
from plein.consent.actions import subject_for
from plein.core import blobs
from plein.core.ids import new_id, now
from plein.core.isolation import default_circle_id, no_workspace
from plein.core.isolation.registry import guarded_tables
from plein.core.models import Change
from plein.core.operations import operation
from plein.erasure import forms, ledger
from plein.erasure.actions import erase_subject, finish_erasure
from plein.erasure.queries import export_subject, telling
from plein.erasure.texts import keeper_sql
from plein.erasure.views import erasing as page
from plein.moments.intake import book
from plein.moments.models import Attachment, Moment, MomentText, Participant
from plein.moments.vocabulary import MomentKind
from plein.relations.actions import contact_points
from plein.relations.models import Relation
from plein.relations.refusals import Refused
from plein.testing.cast import Cast, sign_in
from plein.testing.factories import make_contact_point, make_moment, make_person
from plein.tests.guards import Guard, by_owner, replaced
from plein.trust.actions import change_password
from plein.trust.seats import entered

ADDRESS = "qzxgiven@person.example"
NAME, SECRET, GOOD = "Qzxgiven Qzxfamily", "qzxsecret", "a long enough sentence"


def _erased_address(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        person = make_person(NAME)
        make_contact_point(person, "email", ADDRESS)
        erase_subject(actor=actor, subject_id=subject_for(actor=actor, relation=person).id)


def an_erased_address_makes_nobody(cast: Cast) -> None:
    _erased_address(cast)
    with entered(cast.alice), operation("import_mail"):
        known = book.AddressBook(default_circle_id(), (), [default_circle_id()])
        known.learn([ADDRESS])
        assert ADDRESS not in known.known


def an_erased_address_is_noted_knowingly(cast: Cast) -> None:
    _erased_address(cast)
    with entered(cast.alice) as actor:
        try:
            contact_points.add_contact_point(actor=actor, relation=make_person("New"), text=ADDRESS)
        except Refused:
            return
    raise AssertionError("it was noted without a word")


def _function(name: str) -> str:
    """The statement that makes a function of the keeper, as the protection has it."""
    made = re.search(
        rf"CREATE OR REPLACE FUNCTION {name}\(.*?\n(?:END )?\$\$;", keeper_sql(guarded_tables()), re.DOTALL
    )
    assert made is not None
    return made[0]


def without(name: str, stand_in: str) -> AbstractContextManager[None]:
    """As if the function did nothing of the kind."""
    return by_owner(stand_in, undone_by=(_function(name),))


def _somebody(cast: Cast) -> tuple[Relation, UUID]:
    with entered(cast.alice) as actor:
        person = make_person(NAME, about=SECRET)
        return person, subject_for(actor=actor, relation=person).id


def _erase(cast: Cast, subject: UUID) -> None:
    with TemporaryDirectory() as folder, replaced(settings, "PLEIN_ERASURES", Path(folder)):
        with entered(cast.alice) as actor:
            erasure = erase_subject(actor=actor, subject_id=subject)
        with entered(cast.alice) as actor:
            finish_erasure(actor=actor, erasure=erasure)


def only_administrators_erase(cast: Cast) -> None:
    _person, subject = _somebody(cast)
    with entered(cast.bob):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT plein_erasure_facts(%s)", [subject])
        except DatabaseError:
            return
    raise AssertionError("a member learned what there is to erase")


def the_history_keeps_no_content(cast: Cast) -> None:
    person, subject = _somebody(cast)
    with entered(cast.alice), operation("edit_relation"):
        Relation.objects.filter(id=person.id).update(about="")
    _erase(cast, subject)
    with entered(cast.alice):
        kept = [one for one in Change.objects.filter(row_id=person.id) if one.before or one.after]
        assert kept == []


def the_file_of_another_stays(cast: Cast) -> None:
    person, subject = _somebody(cast)
    with entered(cast.alice):
        sha256 = blobs.store(io.BytesIO(b"the same price list for everybody"))
        for one in (person, make_person("Wim Blijver")):
            moment = make_moment(one)
            text = MomentText.objects.get(moment=moment)
            file = {"name": "prijs.txt", "mime": "text/plain", "size": 9, "sha256": sha256}
            with operation("test"):
                Attachment.objects.create(moment=moment, text=text, **file)
    _erase(cast, subject)
    with entered(cast.alice):
        assert blobs.exists(sha256)


def it_is_on_the_list_before_it_is_done(cast: Cast) -> None:
    _person, subject = _somebody(cast)
    with TemporaryDirectory() as folder, replaced(settings, "PLEIN_ERASURES", Path(folder)):
        with entered(cast.alice) as actor:
            erase_subject(actor=actor, subject_id=subject)
        assert ledger.path().exists()


def a_list_under_another_key_is_refused(cast: Cast) -> None:
    del cast
    with TemporaryDirectory() as folder:
        file = Path(folder) / "erasures.jsonl"
        line = ledger.line_of(new_id(), [new_id()], ())
        file.write_text(line.text().replace(line.key, "00000000") + "\n")
        try:
            erasures.read_list(file)
        except CommandTrouble:
            return
    raise AssertionError("a list that says nothing here was taken for a list")


def _stale(cast: Cast) -> Client:
    """Alice, who came in with a password long ago."""
    client = Client()
    with no_workspace("test"):
        change_password(user=cast.alice, password=GOOD)
        client.force_login(cast.alice)
        session = client.session
        session.pop("proved_at", None)
        session.save()
    return client


def _there(cast: Cast, person: Relation) -> bool:
    with entered(cast.alice):
        return Relation.objects.filter(id=person.id).exists()


def erasing_asks_once_more_who_it_is(cast: Cast) -> None:
    person, _subject = _somebody(cast)
    with TemporaryDirectory() as folder, replaced(settings, "PLEIN_ERASURES", Path(folder)):
        _stale(cast).post(f"/relations/{person.id}/erase/", {"name": NAME})
    assert _there(cast, person)


def another_name_is_no_word(cast: Cast) -> None:
    person, _subject = _somebody(cast)
    client = Client()
    sign_in(client, cast.alice)
    with TemporaryDirectory() as folder, replaced(settings, "PLEIN_ERASURES", Path(folder)):
        client.post(f"/relations/{person.id}/erase/", {"name": "Wim"})
    assert _there(cast, person)


def _told(cast: Cast, **changes: str) -> str:
    """What is told to somebody with whom there was one moment of contact."""
    person, subject = _somebody(cast)
    with entered(cast.alice) as actor:
        moment: Moment = make_moment(person, text=SECRET, kind=changes["kind"], occurred_at=now())
        with operation("test"):
            Participant.objects.filter(moment=moment).update(role=changes["role"])
        return str(export_subject(subject_for(actor=actor, relation=person)))


def what_we_noted_of_a_talk_is_not_told(cast: Cast) -> None:
    assert SECRET not in _told(cast, kind="call", role="with")


def mail_they_did_not_have_is_not_told(cast: Cast) -> None:
    assert SECRET not in _told(cast, kind="email", role="mentioned")


ERASURE_GUARDS = [
    Guard(
        "administrators alone, says the database",
        lambda: without(
            "plein_may_erase", "CREATE OR REPLACE FUNCTION plein_may_erase() RETURNS void LANGUAGE sql AS 'SELECT'"
        ),
        only_administrators_erase,
    ),
    Guard(
        "history without content",
        lambda: without(
            "plein_redact_history",
            "CREATE OR REPLACE FUNCTION plein_redact_history(ids uuid[], points uuid[], bare uuid[], shared uuid[],"
            " stub text, places text, names text, near text) RETURNS text[] LANGUAGE sql AS 'SELECT ''{}''::text[]'",
        ),
        the_history_keeps_no_content,
    ),
    Guard(
        "files that others need",
        lambda: without(
            "plein_is_unused",
            "CREATE OR REPLACE FUNCTION plein_is_unused(sha text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        ),
        the_file_of_another_stays,
    ),
    Guard(
        "the list of erasures",
        lambda: replaced(ledger, "append", lambda line: None),
        it_is_on_the_list_before_it_is_done,
    ),
    Guard(
        "the key of a list",
        lambda: replaced(ledger, "unknown_keys", lambda lines: set()),
        a_list_under_another_key_is_refused,
    ),
    Guard(
        "proof before erasing",
        lambda: replaced(page, "ask_for_proof", lambda request: None),
        erasing_asks_once_more_who_it_is,
    ),
    Guard(
        "addresses that come in again",
        lambda: replaced(book, "erased_at", lambda asked: {}),
        an_erased_address_makes_nobody,
    ),
    Guard(
        "addresses that are noted by hand",
        lambda: replaced(contact_points, "erased_at", lambda values, kind: {}),
        an_erased_address_is_noted_knowingly,
    ),
    Guard("the typed name", lambda: replaced(forms, "folded", lambda text: ""), another_name_is_no_word),
    Guard(
        "notes among us", lambda: replaced(telling, "WRITTEN", tuple(MomentKind)), what_we_noted_of_a_talk_is_not_told
    ),
    Guard(
        "mail of others", lambda: replaced(telling, "HAD", ("from", "mentioned")), mail_they_did_not_have_is_not_told
    ),
]
