# SPDX-License-Identifier: AGPL-3.0-or-later
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from fpdf import FPDF

from plein.core.isolation import no_workspace
from plein.moments.actions import IncomingFile, attach_files
from plein.testing.cast import Cast
from plein.testing.factories import make_moment, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
PNG = b"\x89PNG"


def pdf(pages: int = 2, *, height: float = 297) -> bytes:
    document = FPDF(format=(210, height))
    for _number in range(pages):
        document.add_page()
    return bytes(document.output())


def attached(cast: Cast, content: bytes, *, hidden: bool = False) -> Any:
    with entered(cast.alice) as alice:
        moment = make_moment(make_person("Henk"), circle_id=only_me()) if hidden else make_moment(make_person("Henk"))
        file = IncomingFile("offerte.pdf", len(content), io.BytesIO(content))
        return attach_files(actor=alice, moment=moment, files=[file])[0].id


def ask(client: Client, name: str, *args: Any) -> Any:
    with no_workspace("test"):
        return client.get(reverse(f"moments:{name}", args=args))


def test_each_page_is_a_picture_drawn_here(cast: Cast, signed_in: SignIn) -> None:
    file, client = attached(cast, pdf()), signed_in(cast.bob)

    preview = ask(client, "file_preview", file).content.decode()
    pages = [ask(client, "pdf_page", file, number) for number in (1, 2, 3)]

    assert preview.count("<img") == 2
    assert [page.status_code for page in pages] == [200, 200, 404]
    assert pages[0].content.startswith(PNG)
    assert "script-src" not in pages[0].headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.4\n", b"%PDF-1.7\n" + b"\x00\xff" * 5000, pdf()[:300], pdf(1, height=10_000)],
    ids=["empty", "noise", "cut off", "endless page"],
)
def test_what_cannot_be_drawn_is_offered_for_download(cast: Cast, signed_in: SignIn, content: bytes) -> None:
    file, client = attached(cast, content), signed_in(cast.bob)

    assert "<img" not in ask(client, "file_preview", file).content.decode().partition('id="content"')[2]
    assert ask(client, "pdf_page", file, 1).status_code == 404


def test_a_page_is_seen_by_whom_its_moment_is_seen_by(cast: Cast, signed_in: SignIn) -> None:
    file = attached(cast, pdf(), hidden=True)

    seen = [ask(signed_in(user), "pdf_page", file, 1).status_code for user in (cast.alice, cast.bob, cast.charlie)]

    assert seen == [200, 404, 404]
