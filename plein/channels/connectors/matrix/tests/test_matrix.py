# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rooms on Matrix: what is said there, what was missed in between, what was edited and taken back, and answering."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from plein.channels.base import Address, Edited, Gone, Message
from plein.channels.connectors.mastodon.tests.fake import json_answer
from plein.channels.connectors.matrix.connector import MatrixConnector, Settings
from plein.channels.connectors.matrix.tests.fake import BEGAN, HOST, ME, URL, FakeMatrix, event, said
from plein.channels.live import Outgoing, Trouble, Visit
from plein.testing.peers import Answer, Behaviour, Request
from plein.testing.recorded import Recorded, heard, heard_in_pieces

CONNECTOR = MatrixConnector()
NETS, TWO = "!nets:far.example", "!two:far.example"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def visit_to(behaviour: Behaviour, tmp_path: Path, **settings: Any) -> Visit:
    chosen = Settings(server=URL, token=SecretStr("token"), **settings)
    return Visit(settings=chosen, net=Recorded(behaviour), spool=tmp_path, since=LONG_AGO)


def last_of(visit: Visit) -> Visit:
    """The same account, after all that is there now."""
    return replace(visit, cursor=list(CONNECTOR.fetch(visit))[-1][0])


def messages(visit: Visit) -> list[Message]:
    return [one for one in heard(CONNECTOR, visit) if isinstance(one, Message)]


def test_everything_in_rooms_that_are_not_encrypted_is_heard(tmp_path: Path) -> None:
    found = messages(visit_to(FakeMatrix(), tmp_path))

    in_nets = [one for one in found if one.place == "Nets"]
    assert [one.text for one in in_nets] == [f"Line {number}" for number in range(130)]
    assert len(found) == 131
    first, direct = in_nets[0], found[-1]
    assert (first.external_id, first.kind, first.is_public) == (f"{NETS}/$e0", "chat", False)
    assert first.addresses == (Address("from", "Name 1", "@name1:far.example", "handle", "matrix"),)
    assert first.sent_at == datetime.fromtimestamp(BEGAN / 1000, UTC)
    assert first.url == "https://matrix.to/#/!nets:far.example/$e0"
    assert (direct.place, direct.folder) == ("Name 2", f"Name 2 {TWO}")


def test_a_look_counts_people_by_room_and_only_chosen_rooms_are_heard(tmp_path: Path) -> None:
    glimpse = CONNECTOR.look(visit_to(FakeMatrix(), tmp_path))

    assert glimpse.account == ME
    assert glimpse.counts == {f"Nets {NETS}": 40, f"Name 2 {TWO}": 2}
    chosen = messages(visit_to(FakeMatrix(), tmp_path, folders=(f"Once called otherwise {TWO}",)))
    assert [one.external_id for one in chosen] == [f"{TWO}/$e500"]


def test_what_was_missed_in_between_is_fetched_and_nothing_comes_twice(tmp_path: Path) -> None:
    fake = FakeMatrix()
    visit = last_of(visit_to(fake, tmp_path))
    assert list(CONNECTOR.fetch(visit)) == []

    for number in range(700, 950):
        fake.add(NETS, said(number))
    fake.add(TWO, said(960, 0))
    found = messages(visit)
    assert [one.text for one in found] == [f"Line {number}" for number in (*range(700, 950), 960)]
    assert [(one.role, one.address) for one in found[-1].addresses] == [("from", ME), ("to", "@name2:far.example")]
    assert [one.external_id for one in heard_in_pieces(CONNECTOR, visit, 41)] == [one.external_id for one in found]  # type: ignore[union-attr]


def test_while_a_visit_is_broken_off_rooms_that_were_done_may_go_on(tmp_path: Path) -> None:
    fake = FakeMatrix()
    visit = visit_to(fake, tmp_path)
    some = list(CONNECTOR.fetch(visit))[:100]
    fake.add(NETS, said(800))
    rest = [one for _cursor, one in CONNECTOR.fetch(replace(visit, cursor=some[-1][0])) if isinstance(one, Message)]

    texts = [one.text for _cursor, one in some if isinstance(one, Message)] + [one.text for one in rest]
    assert sorted(texts) == sorted([*(f"Line {number}" for number in range(130)), "Line 500", "Line 800"])


def test_a_server_that_answers_from_memory_is_asked_on(tmp_path: Path) -> None:
    fake, remembered = FakeMatrix(), FakeMatrix()
    for number in range(700, 760):
        fake.add(NETS, said(number))

    def forgetful(request: Request) -> Answer:
        is_first = "/sync" in request.path and "since=" not in request.target
        return remembered(request) if is_first else fake(request)

    assert len(messages(visit_to(forgetful, tmp_path))) == 131 + 60


def test_edits_and_redactions_are_of_what_they_change(tmp_path: Path) -> None:
    fake = FakeMatrix()
    visit = last_of(visit_to(fake, tmp_path))
    new = {"msgtype": "m.text", "body": "Better"}
    fake.add(NETS, said(700, 1, **{"m.new_content": new, "m.relates_to": {"rel_type": "m.replace", "event_id": "$e5"}}))
    fake.add(NETS, event(701, "m.room.redaction", {"redacts": "$e6"}, "@name1:far.example"))
    fake.add(NETS, event(702, "m.room.redaction", {}, "@name1:far.example", redacts="$e7"))
    fake.add(NETS, event(703, "m.reaction", {"m.relates_to": {"key": "x"}}, "@name1:far.example"))

    edited, *gone = heard(CONNECTOR, visit)
    assert isinstance(edited, Edited)
    assert (edited.message.external_id, edited.message.text) == (f"{NETS}/$e5", "Better")
    assert gone == [Gone(f"{NETS}/$e6"), Gone(f"{NETS}/$e7")]


def test_answers_files_and_markup_are_read_as_people_read_them(tmp_path: Path) -> None:
    fake = FakeMatrix()
    visit = last_of(visit_to(fake, tmp_path))
    fake.add(NETS, said(700, 1, body="> <@name1:far.example> Line 5\n> more\n\nYes", format="org.matrix.custom.html",
                        formatted_body="<mx-reply>Line 5</mx-reply><b>Yes</b>",
                        **{"m.relates_to": {"rel_type": "m.thread", "event_id": "$e1",
                                            "m.in_reply_to": {"event_id": "$e5"}}}))  # fmt: skip
    fake.add(NETS, said(701, msgtype="m.image", body="roof.jpg", url="mxc://x"))
    fake.add(NETS, said(702, msgtype="m.emote", body="waves"))

    answer, picture, emote = messages(visit)
    assert (answer.text, answer.html) == ("Yes", "<b>Yes</b>")
    assert (answer.in_reply_to, answer.references) == ((f"{NETS}/$e5",), (f"{NETS}/$e1", f"{NETS}/$e5"))
    assert (picture.text, emote.text) == ("[roof.jpg]", "* waves")


def test_an_answer_is_said_once_in_its_room_and_never_where_others_expect_secrecy(tmp_path: Path) -> None:
    fake = FakeMatrix()
    visit = visit_to(fake, tmp_path)
    answer = Outgoing("key-1", "Thank you", in_reply_to=f"{NETS}/$e5")

    assert CONNECTOR.send(visit, answer) == CONNECTOR.send(visit, answer)
    (sent,) = fake.sent.values()
    assert sent["room"] == NETS
    assert sent["content"] == {
        "msgtype": "m.text", "body": "Thank you", "m.relates_to": {"m.in_reply_to": {"event_id": "$e5"}},
    }  # fmt: skip
    for place, words in (("!closed:far.example/$e600", "encrypted"), ("!gone:x/$e1", "may not write"), ("", "answer")):
        with pytest.raises(Trouble, match=words) as trouble:
            CONNECTOR.send(visit, replace(answer, in_reply_to=place))
        assert trouble.value.is_lasting
    assert len(fake.sent) == 1


def test_a_place_that_the_server_forgot_is_read_anew(tmp_path: Path) -> None:
    fake = FakeMatrix()
    visit = visit_to(fake, tmp_path)
    assert len(messages(replace(visit, cursor='{"since": "gone"}'))) == 131


def test_news_is_waited_for_only_after_the_first_visit(tmp_path: Path) -> None:
    fake = FakeMatrix()
    visit = visit_to(fake, tmp_path)
    assert CONNECTOR.wait(visit, most_seconds=5) is False
    after = last_of(visit)
    assert CONNECTOR.wait(after, most_seconds=0.01) is False
    fake.add(NETS, said(700))
    assert CONNECTOR.wait(after, most_seconds=5) is True


@pytest.mark.parametrize(
    ("answer", "words", "is_lasting"),
    [(json_answer({}, 401), "let us in", True), (json_answer({}, 500), "could not", False),
     (Answer(b"<html>"), "not what it should be", False), (json_answer({}), "whose token", False)],
)  # fmt: skip
def test_refusals_are_told_in_a_sentence(answer: Answer, words: str, is_lasting: bool, tmp_path: Path) -> None:
    def behaviour(_request: Request) -> Answer:
        return answer

    with pytest.raises(Trouble, match=words) as trouble:
        heard(CONNECTOR, visit_to(behaviour, tmp_path))
    assert trouble.value.is_lasting == is_lasting
    assert HOST in str(trouble.value)
