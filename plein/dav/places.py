# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where things are on the door of devices: addresses, which are the same for everybody, and what they stand for."""

from dataclasses import dataclass
from urllib.parse import quote, unquote

from plein.dav.collections import SHELVES
from plein.dav.models import DeviceKey
from plein.dav.queries.agenda import AGENDA, TODOS
from plein.dav.queries.book import ORGANIZATIONS, PEOPLE
from plein.dav.shelves import LONGEST_NAME, Entry, Shelf
from plein.trust.seats import Entrance

ROOT = "/dav/"
ME = f"{ROOT}me/"
HOMES = {"contacts": (PEOPLE, ORGANIZATIONS), "calendars": (AGENDA, TODOS)}
HOME_OF = {shelf: home for home, shelves in HOMES.items() for shelf in shelves}


@dataclass(frozen=True, slots=True)
class Place:
    """What an address stands for: the root, the colleague, a home of collections, a collection, or an object in it."""

    kind: str
    path: str
    home: str = ""
    shelf: Shelf | None = None
    name: str = ""
    entry: Entry | None = None


def path_of_shelf(key: str) -> str:
    """The address of a collection."""
    return f"{ME}{HOME_OF[key]}/{key}/"


def path_of_entry(key: str, name: str) -> str:
    """The address of an object."""
    return path_of_shelf(key) + quote(name, safe="@:,+=!$&'()*~-._")


def place_at(path: str, seat: Entrance, device: DeviceKey, *, with_entry: bool = True) -> Place | None:
    """What is at an address, or nothing; an address of an object stands for a place even when nothing is there yet."""
    parts = [one for one in path.removeprefix(ROOT).split("/") if one]
    if not parts:
        return Place("root", ROOT)
    if parts[0] != "me" or len(parts) > 4:
        return None
    if len(parts) == 1:
        return Place("me", ME)
    home = parts[1]
    if home not in HOMES:
        return None
    if len(parts) == 2:
        return Place("home", f"{ME}{home}/", home)
    key = parts[2]
    if key not in HOMES[home]:
        return None
    shelf = SHELVES[key](seat, device)
    if len(parts) == 3:
        return Place("shelf", path_of_shelf(key), home, shelf)
    name = parts[3]
    if len(name) > LONGEST_NAME:
        return None
    return Place("entry", path_of_entry(key, name), home, shelf, name, shelf.find(name) if with_entry else None)


def name_in(shelf: Shelf, href: str) -> str | None:
    """The name of an object in a collection, from its address as a device wrote it."""
    path = href.partition("?")[0]
    if "://" in path:
        path = "/" + path.split("://", 1)[1].partition("/")[2]
    here = path_of_shelf(shelf.key)
    path = unquote(path)
    return path.removeprefix(here) if path.startswith(here) and "/" not in path.removeprefix(here) else None
