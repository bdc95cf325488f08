# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/operate/security.md is true: its inventories are held against the code, its figures against the constants.

Something new that turns one of these red is written down there: what it is for, how, and in which file.
"""

import ast
import math
import os
import re
import subprocess
import sys
import tomllib

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.password_validation import get_default_password_validators

from plein.api.auth import REQUESTS_A_MINUTE
from plein.api.body import LARGEST_BODY
from plein.channels.connectors.mail.limits import MB, Limits
from plein.moments.actions.files import LARGEST_FILE
from plein.operate.sealed_file import SCRYPT
from plein.outbox.actions.writing import LARGEST
from plein.tests.sources import ROOT, calls, importers, nodes
from plein.tests.test_security_rules import CHILDREN
from plein.trust import attempts, rates, sessions
from plein.trust.actions.links import LIFETIMES

DOCS = ROOT / "docs"
PAGE = (DOCS / "operate" / "security.md").read_text()
SIGN_IN = (DOCS / "operate" / "sign-in.md").read_text()
FILE = re.compile(r"`plein/([\w/.]+\.py)`")
#: What makes keys, hashes, seals and random numbers.
CRYPTOGRAPHY = ("hashlib", "hmac", "secrets", "cryptography", "jwt", "fido2", "webpush", "argon2") + (
    "django.core.signing", "django.utils.crypto.salted_hmac",
)  # fmt: skip


def section(title: str) -> str:
    """What stands under a heading, up to the next of its kind or higher."""
    level = re.search(rf"^(#+) {re.escape(title)}$", PAGE, re.MULTILINE)
    assert level is not None, title
    rest = PAGE[level.end() :]
    end = re.search(rf"^#{{1,{len(level[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def files_in(title: str) -> set[str]:
    return set(FILE.findall(section(title)))


def test_every_way_in_is_in_the_table() -> None:
    begins, proves = {"sessions.begin", "sessions.hold", "let_in", "login"}, {"find_token", "good_token"}
    opening = {
        name
        for name, _call, called in calls()
        if called in begins
        or called.endswith((".begin_session", ".force_login"))
        or (called in {*proves, "make_one_time_link"} and not name.startswith("trust/actions/"))
    }
    #: What begins a session itself, what makes links for others, and what opens the door that the table names.
    made_of = {"trust/sessions.py", "trust/views/users.py", "trust/tasks.py", "assistant/door.py"}

    assert opening - made_of <= files_in("Ways in"), opening - made_of - files_in("Ways in")


def test_every_connection_is_in_the_table() -> None:
    asking = {name for name, _call, called in calls() if called in ("outside.connect", "connect_outside", "ask")}
    asking &= importers("plein.core.outside", "plein.core.web_client")
    told = files_in("Connections")

    assert asking - {"core/web_client.py", "core/outside.py"} <= told
    assert {"channels/smtp.py", "trust/providers.py", "notifications/push.py"} <= told


def test_every_key_and_algorithm_is_in_the_table() -> None:
    found = {name for name in importers(*CRYPTOGRAPHY) if not name.startswith(("example/", "generate/"))}
    told = files_in("Keys and algorithms")

    assert {name for name in found if "migrations" not in name} - told == set()
    assert [name for name in told if not (ROOT / "plein" / name).exists()] == []


def _trees() -> list[tuple[str, ast.Module]]:
    return [(name, node) for name, node in nodes() if isinstance(node, ast.Module)]


def test_what_is_heavy_is_in_the_table() -> None:
    own = {name for name in CHILDREN if not name.startswith(("operate/", "moments/intake/sweep"))}

    assert own <= files_in("What is heavy")


def test_every_log_is_in_the_table() -> None:
    told = section("Logs")
    written = set(re.findall(r"[\"'/]([\w-]+\.(?:log|jsonl))[\"']", _source()))
    made = {f"{name}.log" for name in ("web", "worker", "postgresql")}

    assert {name for name in written if "test" not in name} <= set(re.findall(r"[\w-]+\.(?:log|jsonl)", told))
    assert all(name in told for name in made) and "PLEIN_AUDIT_DAYS" in told


def _source() -> str:
    return "\n".join(ast.unparse(tree) for _name, tree in _trees())


def test_every_table_has_a_class() -> None:
    told = set(re.findall(r"`(\w+)`", section("Classes of data")))
    found = {model._meta.app_label for model in apps.get_models() if model._meta.managed}

    assert found - told == set()


def test_what_must_fit_together_names_the_test_of_each_rule() -> None:
    rows = [line for line in section("What must fit together").splitlines() if line.startswith("| ")][1:]
    named = re.findall(r"`(plein/[\w/]+\.py)::(\w+)`", "\n".join(rows))

    assert len(rows) == len(named) >= 8
    for path, test in named:
        assert f"def {test}(" in (ROOT / path).read_text(), test


def test_the_manual_says_how_long_sessions_last() -> None:
    told = section("Ways in")

    assert f"after {sessions.IDLE.total_seconds() / 3600:.0f} hours without use" in told
    assert f"after {sessions.LONGEST.days} days" in told
    assert f"{sessions.FRESH.total_seconds() / 60:.0f} minutes after the last proof" in told
    assert "as many devices" in told and "began through a\nprovider" in told


def test_the_manual_gives_the_limits_that_are_enforced() -> None:
    for words in (
        f"{REQUESTS_A_MINUTE} a minute; searches {rates.SEARCHES}",
        f"| wrong tokens | {rates.WRONG_TOKENS} a minute",
        f"| searches | {rates.SEARCHES} a minute",
        f"| files | {rates.UPLOADS} times a minute",
        f"| mails | {rates.MAILS_IN_TEN} in ten minutes",
        f"drawn | {rates.PAGES_DRAWN} a minute",
    ):
        assert words in SIGN_IN, words
    in_words = {5: "five", 20: "twenty"}
    assert f"{in_words[attempts.OF_ACCOUNT]} a minute for an account" in SIGN_IN
    assert f"{in_words[attempts.OF_ADDRESS]} a minute for an" in SIGN_IN
    assert f"{in_words[attempts.LONGEST_WAIT // 60]} minutes at most" in SIGN_IN and "Nobody is locked out" in SIGN_IN
    assert "LARGEST_BODY = 256 * 1024 * 1024" in (ROOT / "plein" / "asgi.py").read_text()
    assert f"bodies end at 256 MB, of programs at {LARGEST_BODY >> 20} MB" in section("What is heavy")
    assert LIFETIMES["reset"].total_seconds() == 3600 and "for\n  an hour" in (DOCS / "use" / "account.md").read_text()


def test_the_manual_gives_the_sizes_that_are_enforced() -> None:
    limits, told = Limits(), (DOCS / "use" / "mail-formats.md").read_text()

    for words in (
        f"| a message | {limits.message // MB} MB",
        f"| an attachment | {limits.attachment // MB} MB",
        f"{limits.text:,} characters",
        f"| addresses in a message | {limits.addresses:,} |",
        f"{limits.parts:,} parts, {limits.depth} levels",
        f"{limits.archive_entries:,} entries, {limits.archive_bytes >> 30} GB unpacked, {limits.archive_ratio} times",
    ):
        assert words in told, words
    assert f"{LARGEST_FILE >> 20} MB each at most" in (DOCS / "use" / "moments.md").read_text()
    assert f"{LARGEST >> 20} MB together" in (DOCS / "use" / "mail.md").read_text()
    uploads = f"| `PLEIN_UPLOAD_LIMIT_MB` | `{settings.PLEIN_UPLOAD_LIMIT >> 20}`"
    assert uploads in (DOCS / "operate" / "settings.md").read_text()


def test_the_manual_names_the_words_that_are_no_password() -> None:
    judges = [type(one).__name__ for one in get_default_password_validators()]

    assert judges == ["LongEnough", "UnknownToGuessers", "NotOfOneself"]
    for words in (
        "at least 12 characters",
        "hundred thousand most used passwords",
        "name, the address and the company",
    ):
        assert words in SIGN_IN, words


def test_fields_of_their_own_circle_are_written_down() -> None:
    told = section("Fields")
    apart = {
        field.model._meta.model_name
        for model in apps.get_models()
        for field in model._meta.fields
        if field.name == "own_circle_id"
    }

    assert apart, "parts may have a circle of their own"
    for word in ("own fields of a group", "subject, text and files", "ties", "never taken from a form"):
        assert word in told, word


def test_how_fast_we_mend_is_written_down() -> None:
    told = section("Updates")

    assert re.findall(r"\*\*(\d+) days\*\*", told) == ["7", "30", "90"]
    assert "requirements/runtime.txt" in told and "vendor-manifest.json" in told


def test_every_package_is_pinned_with_its_hash() -> None:
    for name in ("runtime", "build"):
        lines = (ROOT / "requirements" / f"{name}.txt").read_text().replace("\\\n", " ").splitlines()
        wanted = [line for line in lines if line.strip() and not line.lstrip().startswith(("#", "--"))]
        assert wanted
        for line in wanted:
            assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+.*--hash=sha256:[0-9a-f]{64}", line), line[:60]
    assert "--require-hashes" in (ROOT / "deploy" / "Containerfile").read_text()


def test_types_are_checked_strictly() -> None:
    facts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]

    assert facts["mypy"]["strict"] is True and facts["mypy"]["packages"] == ["plein"]
    assert {"S", "B"} <= set(facts["ruff"]["lint"]["select"])
    assert "types" in (ROOT / "Makefile").read_text().partition("check:")[2].partition("\n")[0]


def test_a_passphrase_becomes_a_key_slowly() -> None:
    memory = 128 * SCRYPT["n"] * SCRYPT["r"]

    assert memory >= 64 << 20 and math.log2(SCRYPT["n"]) >= 15
    assert f"scrypt ({memory >> 20} MB)" in section("Keys and algorithms")


@pytest.mark.parametrize(("days", "seconds"), [(None, 365 * 86400), ("0", 0)])
def test_https_brings_its_header_for_a_year(days: str | None, seconds: int) -> None:
    script = "from plein import settings as s; print(s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS)"
    more = {"PLEIN_URL": "https://plein.example"} | ({"PLEIN_HSTS_DAYS": days} if days else {})
    said = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | more, capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert said.stdout.split() == [str(seconds), "True"]
