# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards around people's own pages: how to take each away, and the short suite that must turn red without it."""

from contextlib import AbstractContextManager
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.test import Client

from plein.consent.models import Decision
from plein.consent.queries import purpose_called
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.isolation.protection import SQL
from plein.core.models import Operation
from plein.core.operations import operation
from plein.mypage import middleware
from plein.mypage.actions import decide, link_for, link_of_subject, take_link, ways
from plein.mypage.actions.ways import begun_subject
from plein.mypage.models import Way
from plein.mypage.picture import Picture
from plein.mypage.queries import read_page
from plein.relations.models import ContactPoint, Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_person
from plein.tests.guards import Guard, by_owner, replaced
from plein.trust import permissions
from plein.trust.actions import undo_operation
from plein.trust.actions.links import digest_of
from plein.trust.circles import only_me
from plein.trust.permissions import may_undo
from plein.trust.seats import entered

ADDRESS = "henk@vandijk.example"


CHOSEN = "AND EXISTS (SELECT FROM mypage_settings t WHERE t.workspace_id = me.place AND t.names_readers)"


def without(condition: str) -> AbstractContextManager[None]:
    """The entrance of the database, with one of its conditions left out."""
    whole = (SQL / "my_page.sql").read_text()
    assert condition in whole, condition
    return by_owner(whole.replace(condition, ""), undone_by=(whole,))


def secret_for(cast: Cast, lifetime: timedelta = timedelta(hours=1)) -> tuple[Relation, str]:
    """Somebody with an address, and a link to their page."""
    with entered(cast.alice) as actor:
        person = make_person()
        make_contact_point(person, "email", ADDRESS)
        subject = begun_subject(actor, person)
        return person, link_of_subject(subject=subject.id, lifetime=lifetime).rstrip("/").rpartition("/")[2]


def opened(cast: Cast) -> tuple[Relation, str, Picture]:
    """Somebody whose page is open: the hash of the visit, and what it shows."""
    person, secret = secret_for(cast)
    visit = digest_of(take_link(secret) or "")
    picture = read_page(visit)
    assert picture is not None
    return person, visit, picture


def a_link_is_no_visit(cast: Cast) -> None:
    _person, secret = secret_for(cast)
    assert read_page(digest_of(secret)) is None


def a_visit_ends(cast: Cast) -> None:
    _person, visit, _picture = opened(cast)
    with no_workspace("test"):
        Way.objects.filter(digest=visit).update(expires_at=now() - timedelta(days=1))
    assert read_page(visit) is None


def confidential_parts_stay_out(cast: Cast) -> None:
    person, visit, _picture = opened(cast)
    with entered(cast.alice), operation("test"):
        make_contact_point(person, "email", "hidden@vandijk.example")
        ContactPoint.objects.filter(value="hidden@vandijk.example").update(circle_id=only_me())
    picture = read_page(visit)
    assert picture is not None and "hidden@vandijk.example" not in [one.value for one in picture.points]


def no_colleague_is_named_unasked(cast: Cast) -> None:
    _person, _visit, picture = opened(cast)
    assert "Bob" not in picture.readers


def nobody_decides_for_the_address_of_another(cast: Cast) -> None:
    _person, visit, picture = opened(cast)
    with entered(cast.alice):
        purpose = purpose_called("personal")
        assert purpose is not None
    decide(visit=visit, picture=picture, purpose=purpose.id, state="refused", kind="email", value="x@nobody.example")
    with entered(cast.alice):
        assert Decision.objects.count() == 0


def a_shared_address_opens_nobodys_page(cast: Cast) -> None:
    person, _secret = secret_for(cast)
    with entered(cast.alice) as actor:
        make_contact_point(make_person("Ria"), "email", ADDRESS)
        assert link_for(actor=actor, relation=person, address=ADDRESS) == ""


def what_they_decided_is_theirs(cast: Cast) -> None:
    _person, visit, picture = opened(cast)
    decide(visit=visit, picture=picture, purpose=picture.uses[0].id, state="refused")
    with entered(cast.alice) as actor:
        done = Operation.objects.filter(verb="decide_on_my_page").latest("started_at")
        assert not may_undo(actor, done)
        try:
            undo_operation(actor=actor, operation_id=done.id)
        except PermissionDenied:
            return
    raise AssertionError("it was turned back")


def a_form_from_elsewhere_is_refused(cast: Cast) -> None:
    _person, secret = secret_for(cast)
    answer = Client().post(f"/my/open/{secret}/", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


VISIT_ONLY, NOT_OVER = " AND v.kind = 'visit'", " AND v.expires_at > now()"
POINT_OF_THE_CIRCLE = "\n                      AND l.circle_id = me.circle"
THEIR_ADDRESS = """ OR (the_value <> '' AND NOT EXISTS (
            SELECT FROM relations_contact_point_link l
              JOIN relations_contact_point p ON p.workspace_id = me.place AND p.id = l.contact_point_id
             WHERE l.workspace_id = me.place AND l.relation_id = me.relation AND l.revoked_at IS NULL
               AND l.circle_id = me.circle AND p.kind = the_kind AND p.value = the_value))"""

OWN_PAGE_GUARDS = [
    Guard("a visit opens a page, a link does not", lambda: without(VISIT_ONLY), a_link_is_no_visit),
    Guard("a visit ends", lambda: without(NOT_OVER), a_visit_ends),
    Guard("confidential parts on one's own page", lambda: without(POINT_OF_THE_CIRCLE), confidential_parts_stay_out),
    Guard("names of colleagues", lambda: without(CHOSEN), no_colleague_is_named_unasked),
    Guard("one's own addresses only", lambda: without(THEIR_ADDRESS), nobody_decides_for_the_address_of_another),
    Guard(
        "an address of one person alone",
        lambda: replaced(ways, "is_theirs_alone", lambda *_: True),
        a_shared_address_opens_nobodys_page,
    ),
    Guard(
        "nobody turns back what somebody decided",
        lambda: replaced(permissions, "THEIRS", frozenset()),
        what_they_decided_is_theirs,
    ),
    Guard(
        "forms of one's own page",
        lambda: replaced(middleware, "_is_from_here", lambda _request: True),
        a_form_from_elsewhere_is_refused,
    ),
]
