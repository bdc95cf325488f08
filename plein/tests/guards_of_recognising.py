# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards of recognising people: how to take each away, and the short suite that must turn red without it."""

from plein.identity.actions import keep_apart
from plein.identity.profiles import Profile
from plein.identity.queries import Thresholds, Verdict, differences, match, matching
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_membership, make_organization, make_person
from plein.tests.guards import Guard, by_owner, replaced
from plein.trust.circles import only_me
from plein.trust.seats import entered

HENK = Profile(names=("Henk Jansen",), organization="Jansen Bouw")


def keys_follow_what_they_are_made_from(cast: Cast) -> None:
    with entered(cast.alice):
        make_membership(make_person("Henk Jansen"), make_organization("Jansen Bouw"))
        assert differences() == 0
        assert match(HENK).best


def a_name_alone_links_nobody(cast: Cast) -> None:
    with entered(cast.alice):
        make_person("Henk Jansen")
        found = match(Profile(names=("Henk Jansen",)), at=Thresholds(0, 0, 0, -10))
        assert found.verdict == Verdict.SUGGESTION


def a_hidden_employer_is_no_reason(cast: Cast) -> None:
    with entered(cast.alice):
        make_membership(make_person("Henk Jansen"), make_organization("Jansen Bouw", circle_id=only_me()))
    with entered(cast.bob):
        found = match(HENK).candidates
        assert found
        assert all([reason.field for reason in one.reasons] == ["name"] for one in found)


def who_it_is_not_is_no_candidate(cast: Cast) -> None:
    heard = Profile(handles=("linkedin:henk",))
    with entered(cast.alice) as actor:
        henk = make_person("Henk Jansen")
        make_contact_point(henk, "handle", "in/henk")
        keep_apart(actor=actor, relation=henk, profile=heard)
        assert not match(heard).candidates


RECOGNISING_GUARDS = [
    Guard(
        "keys by which people are found follow what they are made from",
        lambda: by_owner(
            "ALTER TABLE relations_membership DISABLE TRIGGER i_identity_insert",
            undone_by=("ALTER TABLE relations_membership ENABLE TRIGGER i_identity_insert",),
        ),
        keys_follow_what_they_are_made_from,
    ),
    Guard(
        "a name alone links nobody",
        lambda: replaced(matching.Candidate, "is_by_name_alone", property(lambda _one: False)),
        a_name_alone_links_nobody,
    ),
    Guard(
        "a hidden employer is in no key that others see",
        lambda: by_owner(
            "ALTER TABLE relations_membership DISABLE TRIGGER a_circle",
            undone_by=("ALTER TABLE relations_membership ENABLE TRIGGER a_circle",),
        ),
        a_hidden_employer_is_no_reason,
    ),
    Guard(
        "who was said not to be somebody is not suggested",
        lambda: replaced(matching, "apart_keys", lambda _parts: []),
        who_it_is_not_is_no_candidate,
    ),
]
