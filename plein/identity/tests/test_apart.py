# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody is not is remembered, by whoever may see it, until it is turned back."""

import pytest

from plein.api.tests.conftest import Calling, calling
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.identity.actions import allow_again, keep_apart
from plein.identity.models import Apart
from plein.identity.profiles import Profile
from plein.identity.queries import Verdict, match
from plein.identity.queries.apart import pairs_apart
from plein.relations.models import ContactPoint
from plein.relations.refusals import Refused
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_person
from plein.trust.circles import only_me
from plein.trust.seats import entered

__all__ = ["calling"]
pytestmark = pytest.mark.django_db
HEARD = Profile(names=("Henk Jansen",), emails=("henk@jansen.nl",))


def test_who_it_is_not_is_suggested_no_more_until_that_is_turned_back(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        henk = make_person("Henk Jansen")
        make_contact_point(henk, "email", "henk@jansen.nl")
        assert match(HEARD).verdict == Verdict.AUTOMATIC

        keep_apart(actor=actor, relation=henk, profile=HEARD)
        done = Operation.objects.latest("started_at")
        assert match(HEARD).candidates == ()
        assert match(Profile(names=("Henk Jansen",))).verdict == Verdict.SUGGESTION

        undo(done.id)
        assert match(HEARD).verdict == Verdict.AUTOMATIC


def test_a_name_that_was_heard_is_told_apart_with_all_that_was_known_of_it(cast: Cast) -> None:
    heard = Profile(names=("Henk Jansen",), organization="Jansen BV")
    with entered(cast.alice) as actor:
        henk = make_person("Henk Jansen")
        [apart] = keep_apart(actor=actor, relation=henk, profile=heard)
        assert keep_apart(actor=actor, relation=henk, profile=heard) == [apart]

        assert match(heard).candidates == ()
        assert match(Profile(names=("Henk Jansen",), organization="Bos BV")).best

        allow_again(actor=actor, apart=apart)
        assert match(heard).best


def test_what_is_known_of_a_hidden_address_stays_among_who_sees_it(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        henk = make_person("Henk Jansen")
        with operation("add_contact_point"):
            ContactPoint.objects.create(kind="email", value="henk@jansen.nl", circle_id=only_me())
        keep_apart(actor=actor, relation=henk, profile=HEARD)
        hidden = make_person("Anna Smit", circle_id=only_me())
        keep_apart(actor=actor, relation=hidden, other=henk)

    with entered(cast.bob):
        assert not Apart.objects.exists()
        assert pairs_apart([henk.id, hidden.id]) == frozenset()
    with entered(cast.alice):
        assert pairs_apart([henk.id, hidden.id]) == {tuple(sorted((henk.id, hidden.id)))}
    with entered(cast.charlie):
        assert not Apart.objects.exists()


def test_what_makes_no_sense_is_refused_in_words(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        henk = make_person("Henk Jansen")
        for asked in ({}, {"other": henk}, {"profile": Profile()}, {"other": henk, "profile": HEARD}):
            with pytest.raises(Refused):
                keep_apart(actor=actor, relation=henk, **asked)
        assert not Apart.objects.exists()


def test_the_api_remembers_lists_and_forgets(cast: Cast, calling: Calling) -> None:
    with entered(cast.alice):
        henk, other = make_person("Henk Jansen"), make_person("Henk Janssen")
    caller = calling(cast.bob, "write")

    [made] = caller.write("POST", "/apart", {"relation": str(henk.id), "other": str(other.id)})["rows"]
    listed = caller.read(f"/relations/{other.id}/apart")["rows"]
    nothing = caller.send("POST", "/apart", json={"relation": str(henk.id)})
    stranger = calling(cast.charlie, "write").send("DELETE", f"/apart/{made['id']}")
    caller.write("DELETE", f"/apart/{made['id']}")

    assert [one["id"] for one in listed] == [made["id"]]
    assert (nothing.status_code, stranger.status_code) == (422, 404)
    assert caller.read(f"/relations/{henk.id}/apart") == {"rows": []}
