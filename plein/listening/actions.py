# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saving, changing and removing what is listened for."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from plein.core.models import Operation
from plein.core.operations import operation, save_edit
from plein.listening.models import Search
from plein.listening.refusals import CannotListen
from plein.listening.vocabulary import LONGEST_LINE, LONGEST_NAME, LONGEST_WORDS, MOST_LINES, About
from plein.trust.circles import UnknownCircle, circle_for
from plein.trust.permissions import may, permit
from plein.trust.seats import Entrance

MOST_SEARCHES = 50


def save_search(
    *, actor: Entrance, name: str, words: str, never: str = "", about: str = About.SUBJECT, circle: str = ""
) -> Search:
    """Listen for something from now on, and in what was said before."""
    permit(actor, "write")
    if Search.objects.count() >= MOST_SEARCHES:
        raise CannotListen(_("Fifty searches are the most. Remove one that nobody needs any more."), "name")
    checked = {"name": _name(name), "words": _lines(words, "words"), "never": _lines(never, "never"), "about": about}
    with operation("save_search"):
        made: Search = Search.objects.create(owner_id=actor.seat_id, circle_id=_circle(circle), **checked)
    return made


def change_search(*, actor: Entrance, search: Search, based_on: int, **changes: str) -> Search:
    """Listen for something else under a name; raises EditConflict when somebody was first."""
    permit(actor, "write")
    _whose(actor, search)
    checks: dict[str, Any] = {"name": _name, "words": lambda text: _lines(text, "words")}
    checks |= {"never": lambda text: _lines(text, "never"), "about": str, "circle": _circle}
    wanted = {"circle_id" if key == "circle" else key: checks[key](text) for key, text in changes.items()}
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


def _lines(text: str, field: str) -> str:
    lines = list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))
    if field == "words" and not any(any(map(str.isalnum, line)) for line in lines):
        raise CannotListen(_("Write at least one word to listen for."), field)
    if len(lines) > MOST_LINES or len(text) > LONGEST_WORDS or any(len(line) > LONGEST_LINE for line in lines):
        raise CannotListen(_("At most twenty lines of a hundred letters. Make two searches of it."), field)
    return "\n".join(lines)


def _circle(key: str) -> int:
    try:
        return circle_for(key)
    except UnknownCircle as trouble:
        raise CannotListen(_("Choose who sees it from the list."), "circle") from trouble
