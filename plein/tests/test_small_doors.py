# SPDX-License-Identifier: AGPL-3.0-or-later
"""What files are called, on their way in and out, and who is in a Plein that nobody used yet."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from plein.core.isolation import no_workspace
from plein.moments.actions import IncomingFile, attach_files
from plein.moments.models import Attachment
from plein.testing import factories
from plein.trust.models import ApiToken, OneTimeLink, SignInProvider, User
from plein.trust.seats import entered

SignIn = Callable[[User], Client]
NAMES = [
    "../../../etc/passwd", "..\\..\\win.ini", "C:\\x\\plan.pdf", "/etc/cron.d/x", "plan.pdf\r\nSet-Cookie: a=b",
    'a"; filename="b.html', "plan\x00.pdf", "plan\u202efdp.exe", "één plan ✓.pdf", "x" * 400 + ".pdf", "", "...",
    "a;b=c.txt", "%0d%0aX-Evil: 1.txt", "<script>alert(1)</script>.txt",
]  # fmt: skip


@pytest.fixture
def kept(alice: User, tmp_path: Path, settings: LazySettings) -> list[Attachment]:
    """A file under each of these names, in a folder where nothing else is kept."""
    settings.PLEIN_FILES = str(tmp_path)
    with entered(alice) as actor:
        moment = factories.make_moment(factories.make_person())
        files = [IncomingFile(name, 3, BytesIO(b"abc")) for name in NAMES]
        return attach_files(actor=actor, moment=moment, files=files)


def test_a_file_is_never_kept_under_the_name_it_came_with(kept: list[Attachment], tmp_path: Path) -> None:
    root = tmp_path.resolve()
    stored = {path.relative_to(root) for path in root.rglob("*") if path.is_file()}

    assert len({file.sha256 for file in kept}) == 1, "the same bytes are kept once"
    assert any(path.name == kept[0].sha256 for path in stored)
    assert [path for path in stored if path.suffix or "passwd" in path.name or "plan" in path.name] == []
    for file in kept:
        assert not set("/\\\r\n\x00\u202e") & set(file.name) and 0 < len(file.name) <= 300


def test_a_name_of_a_file_breaks_no_header(kept: list[Attachment], alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    for file in kept:
        answer = client.get(f"/files/{file.id}/")
        assert b"".join(answer) == b"abc"
        said = answer.headers["Content-Disposition"]
        # A quotation mark in the name does not end it, so that nothing follows the name.
        bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', said)
        assert re.fullmatch(r"attachment(; filename(=\"\"|\*=utf-8\'\'[\w.%~!#$&+^`|-]+))?", bare), said
        assert not set("\r\n\x00") & set(said) and said.isascii(), said
        assert not {"X-Evil", "Set-Cookie"} & set(answer.headers)


@pytest.mark.django_db
def test_a_fresh_plein_has_nobody_in_it() -> None:
    with no_workspace("test"):
        counts = [model.objects.count() for model in (User, SignInProvider, ApiToken, OneTimeLink)]

    assert counts == [0, 0, 0, 0]
    for name in ("admin", "root"):
        answer = Client().post("/sign-in/", {"email": f"{name}@plein.example", "password": name})
        assert answer.status_code in (422, 429)
