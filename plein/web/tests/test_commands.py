# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from collections import Counter
from pathlib import Path

from plein.lists.bulk.acts import acts_of
from plein.lists.kinds import kinds
from plein.web.commands import COMMANDS, IN_CALENDAR, caps_of, for_help
from plein.web.navigation import CREATE, NAVIGATION

PACKAGE = Path(__file__).resolve().parents[2]
CONTROL = re.compile(r'(?:data[-_]|add_)command="([a-z-]+)"')
#: Commands of things that are not there yet: the first control that comes is theirs.
TO_COME = {
    "export",
}


def controls() -> set[str]:
    """The names that controls give themselves, in templates, scripts and the code that writes markup."""
    files = [
        path for pattern in ("*.html", "*.js", "*.py") for path in PACKAGE.rglob(pattern) if "tests" not in path.parts
    ]
    written = {name for path in files for name in CONTROL.findall(path.read_text())}
    # The page of a moment gives the first nine kinds of text a key each, the bar for chosen rows each act of its kind.
    written |= {f"label-{place}" for place in range(1, 10)}
    return written | {f"bulk-{act.key}" for kind in kinds() for act in acts_of(kind.key)}


def test_every_control_that_names_itself_is_in_the_list() -> None:
    assert controls() - {one.name for one in COMMANDS} == set()


def test_no_command_is_promised_that_has_no_control() -> None:
    promised = {one.name for one in COMMANDS if not one.is_built_in}

    assert promised - controls() - TO_COME == set()


def test_no_key_means_two_things_at_one_place() -> None:
    # The same words are the same thing: a note of a call is written on the page of somebody, or on one of its own.
    meanings = {(one.keys, str(one.label)) for one in COMMANDS if one.keys and one.group != IN_CALENDAR}
    meanings |= {(f"c {item.key}", str(item.label)) for item in CREATE}
    meanings |= {(f"g {item.key}", str(item.label)) for item in NAVIGATION if item.key}

    assert [key for key, times in Counter(key for key, _words in meanings).items() if times > 1] == []


def test_the_help_shows_every_key() -> None:
    shown = {caps for _group, lines in for_help() for _label, caps in ((label, tuple(caps)) for label, caps in lines)}

    assert {tuple(caps_of(one.keys)) for one in COMMANDS if one.keys} == shown
