# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable

from django.test import Client

from plein.core.operations import operation
from plein.moments.models import MomentText
from plein.testing.factories import make_moment, make_person
from plein.trust.models import User
from plein.trust.seats import entered


def test_a_mail_has_an_origin_of_its_own_also_outside_its_frame(
    alice: User, signed_in: Callable[[User], Client]
) -> None:
    with entered(alice):
        moment = make_moment(make_person("Henk"), kind="email")
        with operation("test"):
            MomentText.objects.filter(moment=moment).update(html="<p>Hallo</p>")

    policy = signed_in(alice).get(f"/moments/{moment.id}/html").headers["Content-Security-Policy"]

    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy and "allow-same-origin" not in policy
