# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of a file are found by whoever may see the file, and by nobody else."""

import json
from collections.abc import Callable
from io import BytesIO

from django.db import connection
from django.test import Client

from plein.core.finding import search
from plein.documents.models import FileText
from plein.documents.reading import FileReader
from plein.documents.tests.samples import FILES
from plein.moments.actions import IncomingFile, attach_files, change_file_circle, remove_attachment
from plein.moments.models import Attachment, Moment
from plein.testing.factories import make_moment, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def attached(user: User, *names: str) -> Moment:
    with entered(user) as actor:
        moment = make_moment(make_person(), title="Bezoek", text="Gepraat.")
        attach_files(
            actor=actor,
            moment=moment,
            files=[IncomingFile(name, len(FILES[name]), BytesIO(FILES[name])) for name in names],
        )
    return moment


def read(user: User, workspace: int) -> int:
    return FileReader(user, workspace).run()


def found(user: User, words: str) -> bool:
    with entered(user):
        return bool(search(words).moments)


def test_the_words_of_a_file_are_found_and_shown(alice: User, bob: User, charlie: User, signed_in: SignIn) -> None:
    moment = attached(alice, "offerte.pdf", "brief.docx")
    with entered(alice) as actor, connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'documents.read_files'")
        assert {"after": str(moment.id), "until": str(moment.id)}.items() <= json.loads(
            cursor.fetchall()[-1][0]
        ).items()
        workspace = actor.workspace_id
        file = Attachment.objects.get(name="brief.docx")
    assert not found(alice, "hekwerk")

    assert (read(alice, workspace), read(bob, workspace)) == (2, 0)

    assert (
        found(alice, "hekwerk")
        and found(bob, "hekwerk")
        and found(bob, "offerte.pdf")
        and not found(charlie, "hekwerk")
    )
    address = f"/files/{file.id}/words"
    assert "het hekwerk" in signed_in(bob).get(address).text
    assert signed_in(charlie).get(address).status_code == 404
    assert f'hx-get="{address}"' in signed_in(bob).get(f"/moments/{moment.id}/").text


def test_a_file_for_one_colleague_is_read_by_them_and_found_by_them(alice: User, bob: User) -> None:
    attached(alice, "offerte.pdf")
    with entered(alice) as actor:
        workspace, file = actor.workspace_id, Attachment.objects.get()
        change_file_circle(actor=actor, file=file, circle="me")
    assert (read(bob, workspace), read(alice, workspace)) == (0, 1)
    assert found(alice, "hekwerk") and not found(bob, "hekwerk")

    with entered(alice) as actor:
        assert FileText.objects.get().circle_id == only_me()
        change_file_circle(actor=actor, file=Attachment.objects.get(), circle="everyone")
    assert found(bob, "hekwerk")
    with entered(alice) as actor:
        remove_attachment(actor=actor, attachment=Attachment.objects.get())
    assert not found(alice, "hekwerk")


def test_a_file_that_cannot_be_read_is_tried_once_and_says_why(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        workspace, moment = actor.workspace_id, make_moment(make_person())
        attach_files(actor=actor, moment=moment, files=[IncomingFile("half.pdf", 9, BytesIO(b"%PDF-1.7\n"))])
        file = Attachment.objects.get()
    page = signed_in(alice).get(f"/files/{file.id}/words")
    assert "Nobody read this file yet" in page.text

    assert (read(alice, workspace), read(alice, workspace)) == (1, 0)
    assert "This PDF is damaged" in signed_in(alice).get(f"/files/{file.id}/words").text
