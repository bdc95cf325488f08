# SPDX-License-Identifier: AGPL-3.0-or-later
"""What no script of ours holds: what attackers build on, ears for other windows, objects made of what was sent."""

import re

import pytest

from plein.tests.sources import scripts


@pytest.mark.parametrize(
    "sign", ["__proto__", "setPrototypeOf", "constructor[", "with (", "eval(", "new Function", "document.write",
             "javascript:", "dangerously", "document.domain"],
)  # fmt: skip
def test_no_script_of_ours_holds_what_attackers_build_on(sign: str) -> None:
    assert [name for name, text in scripts().items() if sign in text] == []


def test_no_script_listens_to_other_windows() -> None:
    heard = re.compile(r"(window|self|parent|top)?\.?addEventListener\(\s*[\"']message[\"']")
    found = {(name, match[0]) for name, text in scripts().items() for match in heard.finditer(text)}

    # A channel of our own pages, and the stream of the server: neither has a message of another origin.
    assert {name for name, _text in found} <= {"web/static/web/live.js"}
    assert not [text for text in scripts().values() if re.search(r"\bonmessage\s*=", text)]
    assert not [text for text in scripts().values() if re.search(r"(window|parent|opener|top)\.postMessage", text)]


def test_no_script_merges_what_it_was_sent_into_an_object() -> None:
    merged = re.compile(
        r"Object\.assign\([^,()]*,\s*(?:JSON\.parse|await|event\.data)|\w\[[^\]\"']+\]\[[^\]\"']+\]\s*=[^=]"
    )

    assert [(name, found[0]) for name, text in scripts().items() if (found := merged.search(text))] == []
