# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only a browser shows: listening with something to show, light and wide, dark and narrow."""

import pytest
from playwright.sync_api import Browser

from plein.listening.tests.test_searches import SignIn, listen, post
from plein.moments.tests.recognised import make_recognised
from plein.testing.cast import Cast
from plein.testing.looking import Judge, cookie_of, opened
from plein.trust.seats import entered

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_pages_with_something_to_show_keep_nobody_out(
    browser: Browser, server: str, cast: Cast, signed_in: SignIn
) -> None:
    for days, mood in ((1, "negative"), (9, "positive"), (16, "neutral"), (17, "negative")):
        moment = post(cast.alice, f"Dat geluid van die warmtepomp, al {days} dagen", days=days, circle="everyone")
        with entered(cast.alice) as actor:
            make_recognised(actor, moment, sentiment=mood, labels={"complaint": 0.9})
    one = listen(cast.alice, name="Geluid")
    listen(cast.alice, name="Prijs", words="prijs")
    with opened(browser, server, cookie_of(signed_in, cast.alice)) as page:
        judge = Judge(page)
        for path in ("", "dialogue/", f"{one.id}/"):
            judge.visit(f"/listening/{path}")
        assert judge.found == [], judge.report()
