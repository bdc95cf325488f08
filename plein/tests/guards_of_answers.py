# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards of what we say to others: lines in a log, headers, names of files, whom we believe over a line."""

import logging
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from plein.core import outside
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.tests.test_web_client import make_certificate, protect, running
from plein.core.web_client import ask
from plein.moments.actions import files as kept_files
from plein.moments.views import files
from plein.testing.cast import Cast
from plein.tests.guards import Guard, replaced
from plein.tests.guards_of_proofs import PASSWORD, by_password
from plein.tests.rewriting import rewritten
from plein.trust import sessions
from plein.web import logs


def _line(message: str) -> str:
    return logs.PlainFormatter("{message}", style="{").format(
        logging.LogRecord("x", logging.WARNING, "x", 1, message, (), None)
    )


def what_is_typed_begins_no_line(cast: Cast) -> None:
    assert "\n" not in _line("x\n2026 ERROR all is well")


def a_link_in_a_log_opens_nothing(cast: Cast) -> None:
    assert "k" * 43 not in _line("/sign-in/" + "k" * 43)


def who_proves_it_gets_a_fresh_key(cast: Cast) -> None:
    client = by_password(cast.bob)
    client.get("/")
    before = client.cookies["plein"].value
    with no_workspace("test"):
        session = client.session
        session["proved_at"] = (now() - timedelta(minutes=11)).isoformat()
        session.save()
    client.post("/settings/security/prove/?next=/", {"proof_password": PASSWORD})
    assert client.cookies["plein"].value != before


def a_file_has_no_base(cast: Cast) -> None:
    for rules in (files.STILL, files.MAIL):
        assert rules.get("base-uri") and rules.get("object-src")


def a_name_of_a_file_is_one_word(cast: Cast) -> None:
    assert "/" not in kept_files.clean_name("../../x") and "\n" not in kept_files.clean_name("a\nb")


def whom_nobody_vouches_for_is_not_believed(cast: Cast) -> None:
    with TemporaryDirectory() as folder, running() as machine:
        protect(machine, make_certificate(Path(folder)))
        try:
            ask(f"https://localhost:{machine.port}/", may_be_inside=True)
        except outside.Unreachable:
            return
    raise AssertionError("it was believed")


@contextmanager
def _without_base() -> Iterator[None]:
    before = files.STILL.pop("base-uri")
    try:
        yield
    finally:
        files.STILL["base-uri"] = before


ANSWER_GUARDS = [
    Guard("one line for one thing", lambda: replaced(logs, "ACTING", {}), what_is_typed_begins_no_line),
    Guard("no link in a log", lambda: replaced(logs, "LINK", re.compile("(?!)()")), a_link_in_a_log_opens_nothing),
    Guard(
        "a fresh key for a proof",
        lambda: rewritten(sessions.prove, {"if RIGHTS in request.session:": "if False:"}),
        who_proves_it_gets_a_fresh_key,
    ),
    Guard("the base of a file", _without_base, a_file_has_no_base),
    Guard(
        "names of files", lambda: replaced(kept_files, "clean_name", lambda name: name), a_name_of_a_file_is_one_word
    ),
    Guard(
        "certificates",
        lambda: replaced(ssl, "create_default_context", ssl._create_unverified_context),
        whom_nobody_vouches_for_is_not_believed,
    ),
]
