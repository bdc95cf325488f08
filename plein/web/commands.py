# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything one can do by name or by key, on one page.

A control that does something names itself with `data-command="…"`; this list gives the name its words and its keys.
The palette offers the commands whose controls are on the page, the keys press them, and the help is made of this list:
so none of the three can promise what is not there.
"""

import json
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

ANYWHERE, IN_LISTS, ON_RECORDS, IN_CALENDAR = "anywhere", "lists", "records", "calendar"
GROUPS: dict[str, str | Promise] = {
    ANYWHERE: gettext_lazy("Everywhere"),
    IN_LISTS: gettext_lazy("In lists"),
    ON_RECORDS: gettext_lazy("On a page of its own"),
    IN_CALENDAR: gettext_lazy("In the agenda"),
}


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do. `is_built_in` ones need no control: the script does them itself."""

    name: str
    label: str | Promise
    keys: str = ""
    group: str = ON_RECORDS
    is_built_in: bool = False


def _built_in(name: str, label: str | Promise, keys: str, group: str = ANYWHERE) -> Command:
    return Command(name, label, keys, group, is_built_in=True)


COMMANDS = (
    _built_in("palette", gettext_lazy("Search or do anything"), "Ctrl+K"),
    _built_in("help", gettext_lazy("Show all keys"), "?"),
    _built_in("undo", gettext_lazy("Undo the last thing"), "z"),
    _built_in("save", gettext_lazy("Save what you wrote"), "Ctrl+Enter"),
    _built_in("leave", gettext_lazy("Close the top layer, then clear what you chose"), "Escape"),
    _built_in("card", gettext_lazy("Show the card of a name"), "i"),
    _built_in("write-call", gettext_lazy("Note a call"), "c b"),
    _built_in("write-note", gettext_lazy("Write a note"), "c n"),
    _built_in("write-mail", gettext_lazy("Write a mail"), "c m"),
    _built_in("write-todo", gettext_lazy("Put something on the list"), "c a"),
    _built_in("write-visit", gettext_lazy("Note a visit"), "c v"),
    _built_in("search-list", gettext_lazy("Search in this list"), "/", IN_LISTS),
    _built_in("next", gettext_lazy("To the next row"), "j", IN_LISTS),
    _built_in("previous", gettext_lazy("To the row before"), "k", IN_LISTS),
    _built_in("open", gettext_lazy("Open"), "Enter", IN_LISTS),
    _built_in("choose", gettext_lazy("Choose, with Shift a whole stretch"), "x", IN_LISTS),
    Command("peek", gettext_lazy("Look beside the list"), "o", IN_LISTS),
    Command("same", gettext_lazy("They are one person"), "y"),
    Command("apart", gettext_lazy("They are two people"), "d"),
    Command("done", gettext_lazy("Done"), "e", IN_LISTS),
    Command("later", gettext_lazy("Later"), "s", IN_LISTS),
    Command("reply", gettext_lazy("Reply"), "r", IN_LISTS),
    Command("assign", gettext_lazy("Give it to somebody"), "a", IN_LISTS),
    Command("offers", gettext_lazy("Do what Plein suggests"), "p", IN_LISTS),
    Command("not-them", gettext_lazy("It was not them"), "q", IN_LISTS),
    Command("note", gettext_lazy("Write a note for colleagues"), "n", IN_LISTS),
    Command("bulk-field", gettext_lazy("Change a field of what you chose"), "", IN_LISTS),
    Command("bulk-tag", gettext_lazy("Tag what you chose"), "", IN_LISTS),
    Command("bulk-untag", gettext_lazy("Take a tag off what you chose"), "", IN_LISTS),
    Command("bulk-assign", gettext_lazy("Give what you chose to somebody"), "", IN_LISTS),
    Command("bulk-move", gettext_lazy("Choose who may see what you chose"), "", IN_LISTS),
    Command("bulk-tick", gettext_lazy("Tick off what you chose"), "", IN_LISTS),
    Command("bulk-due", gettext_lazy("Give what you chose a day"), "", IN_LISTS),
    Command("bulk-merge", gettext_lazy("Merge the two that you chose"), "", IN_LISTS),
    Command("bulk-delete", gettext_lazy("Delete what you chose"), "", IN_LISTS),
    Command("export", gettext_lazy("Take this list along as a file"), "", IN_LISTS),
    Command("filter", gettext_lazy("Filter this list"), "", IN_LISTS),
    Command("columns", gettext_lazy("Choose columns"), "", IN_LISTS),
    Command("save-view", gettext_lazy("Save this view"), "", IN_LISTS),
    _built_in("write", gettext_lazy("Write something on this page"), "t", ON_RECORDS),
    Command("previous-record", gettext_lazy("To the one before in the list you came from"), "["),
    Command("next-record", gettext_lazy("To the next one in the list you came from"), "]"),
    Command("follow", gettext_lazy("Follow, or no longer"), "f"),
    Command("favourite", gettext_lazy("Keep at hand, or no longer")),
    Command("around", gettext_lazy("See who is around somebody")),
    Command("call", pgettext_lazy("button", "Call")),
    Command("mail", gettext_lazy("Write a mail")),
    Command("edit", gettext_lazy("Change")),
    Command("circle", gettext_lazy("Choose who sees this")),
    Command("photo", gettext_lazy("Change the photo")),
    Command("dossier", gettext_lazy("File as PDF")),
    Command("merge", gettext_lazy("Merge with another one that is the same")),
    Command("history", gettext_lazy("See everything that was changed")),
    Command("delete", gettext_lazy("Delete")),
    Command("erase", gettext_lazy("Erase for good")),
    Command("complete", gettext_lazy("It took place")),
    Command("cancel", gettext_lazy("Cancel it")),
    Command("attach", gettext_lazy("Attach a file")),
    Command("tag", gettext_lazy("Add a tag")),
    Command("add-point", gettext_lazy("Add an address, number or profile")),
    Command("add-role", gettext_lazy("Note where somebody works")),
    Command("add-tie", gettext_lazy("Note a tie")),
    Command("introduce", gettext_lazy("Who can introduce me"), "w"),
    Command("say-yes", gettext_lazy("Yes, it is"), "+", IN_LISTS),
    Command("say-no", gettext_lazy("No, it is not"), "-", IN_LISTS),
    Command("worth", gettext_lazy("Business, or small talk after all"), "b"),
    Command("topic", gettext_lazy("Right or wrong: what it is about"), "h"),
    Command("mood", gettext_lazy("Another mood than this text seems to have"), "m"),
    Command("haste", gettext_lazy("Another haste than this text seems to have"), "u"),
    *(
        Command(
            f"label-{place}", format_lazy(gettext_lazy("Right or wrong: kind of text {place}"), place=place), f"{place}"
        )
        for place in range(1, 10)
    ),
    Command("theme", gettext_lazy("Light or dark"), "", ANYWHERE),
    Command("sign-out", gettext_lazy("Sign out"), "", ANYWHERE),
    _built_in("calendar-today", gettext_lazy("To today"), "t", IN_CALENDAR),
    _built_in("calendar-day", gettext_lazy("Show a day"), "d", IN_CALENDAR),
    _built_in("calendar-week", gettext_lazy("Show a week"), "w", IN_CALENDAR),
    _built_in("calendar-month", gettext_lazy("Show a month"), "m", IN_CALENDAR),
)


def for_browser() -> str:
    """The list as the script reads it: of each command its words, its keys, and whether it is on every page."""
    known = {one.name: [str(one.label), one.keys, one.group == ANYWHERE] for one in COMMANDS}
    return json.dumps(known, ensure_ascii=False)


def for_help() -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """The keys by group, each with its words; commands without a key stand in the palette only."""
    return [
        (str(words), [(str(one.label), caps_of(one.keys)) for one in COMMANDS if one.group == group and one.keys])
        for group, words in GROUPS.items()
    ]


def caps_of(keys: str) -> list[str]:
    """The keys as they stand on the keyboard."""
    names = {"Enter": "↵", "Escape": "Esc", "Ctrl": "Ctrl"}
    caps = [part for step in keys.split() for part in (step.split("+") if len(step) > 1 else [step])]
    return [names.get(cap, cap.upper() if len(cap) == 1 else _(cap)) for cap in caps]
