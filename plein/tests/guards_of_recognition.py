# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards around what is recognised in texts: how to take each away, and the suite that then turns red."""

from contextlib import AbstractContextManager

from plein.core.isolation import default_circle_id
from plein.core.operations import operation
from plein.moments import recognising
from plein.moments.actions import correct_recognition
from plein.moments.models import MomentText
from plein.moments.queries import heard_in, learned, recognised, waiting
from plein.moments.queries.waiting import START, Waiting
from plein.moments.recognised_words import LABEL_WORDS
from plein.moments.tests.recognised import make_recognised
from plein.testing.cast import Cast
from plein.testing.factories import make_moment, make_person
from plein.tests.guards import Guard, replaced
from plein.trust.circles import only_me
from plein.trust.seats import entered


def without(owner: object, name: str, part: str, instead: str = "") -> AbstractContextManager[None]:
    """A statement with a part of it left out."""
    whole = getattr(owner, name)
    assert part in whole, part
    return replaced(owner, name, whole.replace(part, instead))


def a_name_hidden_from_one_reader_helps_nobody(cast: Cast) -> None:
    with entered(cast.alice):
        make_person("Verborgen Vos", circle_id=only_me())
        known = {name for _kind, name in waiting.known_names(default_circle_id())}
        assert "Verborgen Vos" not in known, "a hidden name helps to read a text for everyone"


def what_is_hidden_teaches_nobody(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        hidden = make_moment(text="Geheim", circle_id=only_me())
        correct_recognition(actor=actor, moment=hidden, about="complaint", value="yes")
        assert not learned.lessons(), "a hidden text teaches how the texts of others are read"


def of_another_text_nothing_holds(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        made = make_moment(text="Wat kost het?")
        make_recognised(actor, made, labels={"question": 0.9})
        with operation("edit_moment"):
            MomentText.objects.filter(moment=made).update(text="Nee.")
        assert not heard_in([made.id])[made.id].labels, "what was in another text is shown"


def what_is_wanted_does_not_file_itself(cast: Cast) -> None:
    del cast
    form = Waiting(START, START, 1, "Wanneer komt u?", 1, None, "email", "personal", "no-reply@web.example", "")
    labels = dict.fromkeys([*LABEL_WORDS, "business", "small_talk"], 0.0) | {"complaint": 0.95}
    assert recognising.filed_as(form, labels) == "", "a complaint that came by a form was filed away"


RECOGNITION_GUARDS = [
    Guard(
        "names of wider circles only",
        lambda: without(waiting, "_WIDE", "AND c.parts <@ o.parts"),
        a_name_hidden_from_one_reader_helps_nobody,
    ),
    Guard(
        "lessons that everybody may read",
        lambda: replaced(learned, "default_circle_id", only_me),
        what_is_hidden_teaches_nobody,
    ),
    Guard(
        "what was recognised is of this text",
        lambda: without(recognised, "_HEARD", "AND r.print = hashtext(t.text)"),
        of_another_text_nothing_holds,
    ),
    Guard(
        "what is wanted is not filed away",
        lambda: replaced(recognising, "_WANTED", ()),
        what_is_wanted_does_not_file_itself,
    ),
]
