# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saving, changing and removing what is listened for."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from plein.core.models import Operation
from plein.core.operations import operation, save_edit
from plein.listening.models import Search
from plein.listening.refusals import CannotListen
from plein.listening.vocabulary import (
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_WORDS,
    MOST_LINES,
    About,
)
from plein.moments.models import Topic
from plein.relations.models import Relation
from plein.trust.circles import UnknownCircle, circle_for, everyone
from plein.trust.permissions import may, permit
from plein.trust.seats import Entrance

MOST_SEARCHES = 50


def save_search(
    *,
    actor: Entrance,
    name: str,
    words: str,
    never: str = "",
    about: str = About.SUBJECT,
    circle: str = "",
    relation: Relation | None = None,
    topic: Topic | None = None,
) -> Search:
    """Listen for something from now on, and in what was said before; for a relation by what they are called as well,
    for a topic by what tells of it.

    Who does not see the relation does not see the search.
    """
    permit(actor, "write")
    if Search.objects.count() >= MOST_SEARCHES:
        raise CannotListen(_("Fifty searches are the most. Remove one that nobody needs any more."), "name")
    if relation is not None and topic is not None:
        raise CannotListen(_("Listen for somebody or for a topic. Make two searches of it."), "topic")
    is_about_one = relation is not None or topic is not None
    wanted = _lines(words, "words") if is_about_one else _words(words)
    checked = {"name": _name(name), "words": wanted, "never": _lines(never, "never"), "about": about}
    seen = _seen(circle, is_about_one=is_about_one)
    with operation("save_search"):
        made: Search = Search.objects.create(owner_id=actor.seat_id, relation=relation, topic=topic, **seen, **checked)
    return made


def change_search(*, actor: Entrance, search: Search, based_on: int, **changes: str) -> Search:
    """Listen for something else under a name; raises EditConflict when somebody was first."""
    permit(actor, "write")
    _whose(actor, search)
    is_about_one = search.is_about_one
    checks: dict[str, Any] = {"name": _name, "never": lambda text: _lines(text, "never"), "about": str}
    checks["words"] = (lambda text: _lines(text, "words")) if is_about_one else _words
    wanted = {key: checks[key](text) for key, text in changes.items() if key != "circle"}
    if "circle" in changes:
        wanted |= _seen(changes["circle"], is_about_one=is_about_one)
    with operation("change_search"):
        return save_edit(search, wanted, based_on=based_on)


def remove_search(*, actor: Entrance, search: Search) -> Operation:
    """Listen for it no longer; what was heard stays."""
    permit(actor, "write")
    _whose(actor, search)
    with operation("remove_search") as done:
        Search.objects.filter(id=search.id).delete()
    return done


def may_change(actor: Entrance, search: Search) -> bool:
    """A search is changed by who made it; one that others see also by an administrator."""
    return may(actor, "write") and _is_theirs(actor, search)


def _is_theirs(actor: Entrance, search: Search) -> bool:
    return search.owner_id == actor.seat_id or may(actor, "manage")


def _whose(actor: Entrance, search: Search) -> None:
    if not _is_theirs(actor, search):
        raise PermissionDenied(_("Only who made this search changes it. Make one of your own."))


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise CannotListen(_("Give it a name, such as “Noise of heat pumps”."), "name")
    if len(name) > LONGEST_NAME:
        raise CannotListen(_("A name has at most %(most)s letters. Shorten it.") % {"most": LONGEST_NAME}, "name")
    return name


def _words(text: str) -> str:
    if not any(map(str.isalnum, text)):
        raise CannotListen(_("Write at least one word to listen for."), "words")
    return _lines(text, "words")


def _lines(text: str, field: str) -> str:
    lines = list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))
    if len(lines) > MOST_LINES or len(text) > LONGEST_WORDS or any(len(line) > LONGEST_LINE for line in lines):
        raise CannotListen(_("At most twenty lines of a hundred letters. Make two searches of it."), field)
    return "\n".join(lines)


def _seen(key: str, *, is_about_one: bool) -> dict[str, int | None]:
    """Who sees it. One about a relation or a topic is where that is, or where somebody chose within it."""
    circle = _circle(key)
    if not is_about_one:
        return {"circle_id": circle}
    return {"own_circle_id": None if circle == everyone() else circle}


def _circle(key: str) -> int:
    try:
        return circle_for(key)
    except UnknownCircle as trouble:
        raise CannotListen(_("Choose who sees it from the list."), "circle") from trouble
