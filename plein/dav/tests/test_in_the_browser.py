# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits for a decision elsewhere, and an invitation, are answered on a telephone; the pages keep nobody out."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from plein.channels.connectors.dav.tests.fake import BOOK, FakeDav
from plein.channels.models import Connection
from plein.dav.tests.test_deciding import SignIn, about, address, connection, fake, url
from plein.dav.tests.test_elsewhere import visit
from plein.outbox.tests.conftest import box
from plein.outbox.tests.test_invitations import HENK, ME, answers, heard, mail
from plein.testing.cast import Cast
from plein.testing.looking import Judge, cookie_of, opened
from plein.testing.mail_server import Box

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
__all__ = ["box", "connection", "fake", "url"]


def test_what_waits_is_decided_and_an_invitation_is_answered(
    browser: Browser,
    server: str,
    cast: Cast,
    connection: Connection,
    fake: FakeDav,
    box: Box,
    tmp_path: Path,
    signed_in: SignIn,
) -> None:
    with opened(browser, server, cookie_of(signed_in, cast.alice), theme="dark", width=390) as page:
        judge = Judge(page)
        judge.visit(address(connection))
        card = page.locator(".form-row", has_text="Anna Bos")
        card.get_by_role("button", name="Theirs holds").click()
        expect(page.locator("plein-toast")).to_contain_text("Theirs holds.")
        expect(card).to_have_count(0)
        assert about(cast.alice) == "Theirs"

        fake.drop(f"{BOOK}anna.vcf")
        visit(cast.alice, connection)
        judge.visit(address(connection))
        card.get_by_role("button", name="They stay here").click()
        expect(card).to_have_count(0)

        moment = heard(cast.alice, tmp_path, mail("REQUEST", HENK, ME))
        judge.visit(f"/moments/{moment.id}/")
        # The buttons stand below what they answer, instead of leaving it a word a line.
        told = page.get_by_text("You are invited.").bounding_box()
        assert told is not None and told["width"] > 250
        page.get_by_role("button", name="Perhaps").click()
        expect(page.locator("plein-toast")).to_contain_text("Your answer leaves in ten seconds.")
        assert answers(cast.alice)[ME] == "tentative"
        assert judge.found == [], judge.report()
