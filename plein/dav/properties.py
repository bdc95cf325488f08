# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be asked of each place, by the names of the standards."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from plein.dav.actions.telling import latest
from plein.dav.collections import SHELVES
from plein.dav.models import DeviceKey
from plein.dav.places import HOMES, ME, ROOT, Place, path_of_entry, path_of_shelf
from plein.dav.shelves import CARD, EVENT, Entry, Shelf, hash_of
from plein.dav.xml import APPLE, CAL, DAV, SERVER, Element, element, href, tag
from plein.dav.xml import CARD as CARDS
from plein.trust.seats import Entrance

LARGEST_OBJECT = 8 * 1024 * 1024
COLOUR = "#2F6B4FFF"
MEDIA = {CARD: "text/vcard", EVENT: "text/calendar", "todo": "text/calendar"}


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, through which device."""

    seat: Entrance
    device: DeviceKey


type Answer = Callable[[Asking, Place], Element | None]


type Make = Callable[[Asking, Place], Iterable[Element] | str]


def _only(space: str, name: str, kinds: Iterable[str], make: Make) -> None:
    """Say how to answer for a property at these kinds of place."""

    def answer(asking: Asking, place: Place) -> Element | None:
        if place.kind not in kinds:
            return None
        made = make(asking, place)
        return element(space, name, text=made) if isinstance(made, str) else element(space, name, *made)

    ANSWERS[tag(space, name)] = answer


ANSWERS: dict[str, Answer] = {}
EVERYWHERE = ("root", "me", "home", "shelf", "entry")
FOLDERS = ("root", "me", "home", "shelf")


def shelf_of(place: Place) -> Shelf:
    """The collection at a place."""
    if place.shelf is None:
        raise ValueError("no collection")
    return place.shelf


def entry_of(place: Place) -> Entry:
    """The object at a place."""
    if place.entry is None:
        raise ValueError("no object")
    return place.entry


def _kind(_asking: Asking, place: Place) -> list[Element]:
    if place.kind == "entry":
        return []
    kinds = [element(DAV, "collection")]
    if place.kind == "me":
        kinds.append(element(DAV, "principal"))
    if place.kind == "shelf":
        kinds.append(element(CARDS, "addressbook") if shelf_of(place).kind == CARD else element(CAL, "calendar"))
    return kinds


def _title(asking: Asking, place: Place) -> str:
    return shelf_of(place).title if place.kind == "shelf" else asking.seat.user.name or asking.seat.user.email


def _rights(asking: Asking, _place: Place) -> list[Element]:
    names = ["read", "read-current-user-privilege-set"]
    if asking.device.may_write and asking.seat.can_write:
        names += ["write", "write-content", "bind", "unbind"]
    return [element(DAV, "privilege", element(DAV, name)) for name in names]


def etags_of(shelf: Shelf) -> dict[str, str]:
    """The hash of every object in a collection."""
    return {name: one.etag for name, one in shelf.entries.items()}


def _reports(_asking: Asking, place: Place) -> list[Element]:
    if place.kind != "shelf":
        return []
    own = [(CARDS, "addressbook"), (CAL, "calendar")][shelf_of(place).kind != CARD]
    found = [element(own[0], f"{own[1]}-{name}") for name in ("multiget", "query")]
    found.append(element(DAV, "sync-collection"))
    return [element(DAV, "supported-report", element(DAV, "report", one)) for one in found]


def _components(_asking: Asking, place: Place) -> list[Element]:
    comp = element(CAL, "comp")
    comp.set("name", "VEVENT" if shelf_of(place).kind == EVENT else "VTODO")
    return [comp]


def _versions(_asking: Asking, _place: Place) -> list[Element]:
    found = []
    for version in ("3.0", "4.0"):
        one = element(CARDS, "address-data-type")
        one.set("content-type", "text/vcard")
        one.set("version", version)
        found.append(one)
    return found


def _token(asking: Asking, place: Place) -> str:
    return latest(asking.device, shelf_of(place).key, etags_of(shelf_of(place)))


def _principal(_asking: Asking, _place: Place) -> list[Element]:
    return [href(ME)]


_only(DAV, "resourcetype", EVERYWHERE, _kind)
_only(DAV, "displayname", FOLDERS, _title)
_only(DAV, "current-user-principal", EVERYWHERE, _principal)
_only(DAV, "principal-URL", ("me",), _principal)
_only(DAV, "owner", EVERYWHERE, _principal)
_only(DAV, "principal-collection-set", EVERYWHERE, lambda _asking, _place: [href(ROOT)])
_only(DAV, "current-user-privilege-set", EVERYWHERE, _rights)
_only(DAV, "supported-report-set", FOLDERS, _reports)
_only(DAV, "getetag", ("entry",), lambda _asking, place: f'"{entry_of(place).etag}"')
_only(DAV, "getcontenttype", ("entry",), lambda _asking, place: f"{MEDIA[shelf_of(place).kind]}; charset=utf-8")
_only(DAV, "sync-token", ("shelf",), _token)
_only(SERVER, "getctag", ("shelf",), lambda _asking, place: hash_of(*sorted(etags_of(shelf_of(place)).values())))
_only(CARDS, "addressbook-home-set", ("root", "me"), lambda _asking, _place: [href(f"{ME}contacts/")])
_only(CAL, "calendar-home-set", ("root", "me"), lambda _asking, _place: [href(f"{ME}calendars/")])
_only(CAL, "calendar-user-address-set", ("me",), lambda asking, _place: [href(f"mailto:{asking.seat.user.email}")])


def answer_for(asking: Asking, place: Place, name: str) -> Element | None:
    """What a place has under a name, or nothing."""
    if place.kind == "shelf":
        answer = _OF_KIND.get(shelf_of(place).kind == CARD, {}).get(name) or ANSWERS.get(name)
    else:
        answer = ANSWERS.get(name)
    return answer(asking, place) if answer else None


def _of_kind(table: dict[str, Answer], space: str, name: str, make: Make) -> None:
    def answer(asking: Asking, place: Place) -> Element | None:
        made = make(asking, place)
        return element(space, name, text=made) if isinstance(made, str) else element(space, name, *made)

    table[tag(space, name)] = answer


_OF_KIND: dict[bool, dict[str, Answer]] = {True: {}, False: {}}
_of_kind(_OF_KIND[True], CARDS, "supported-address-data", _versions)
_of_kind(_OF_KIND[True], CARDS, "max-resource-size", lambda _asking, _place: str(LARGEST_OBJECT))
_of_kind(_OF_KIND[False], CAL, "supported-calendar-component-set", _components)
_of_kind(_OF_KIND[False], CAL, "max-resource-size", lambda _asking, _place: str(LARGEST_OBJECT))
_of_kind(_OF_KIND[False], APPLE, "calendar-color", lambda _asking, _place: COLOUR)

#: What is told to who asks for everything: what costs nothing to find out.
ALL = tuple(
    tag(DAV, name)
    for name in ("resourcetype", "displayname", "getetag", "getcontenttype", "current-user-principal", "owner")
)


def children_of(asking: Asking, place: Place) -> list[Place]:
    """What is directly below a place."""
    if place.kind == "root":
        return [Place("me", ME)]
    if place.kind == "me":
        return [Place("home", f"{ME}{home}/", home) for home in HOMES]
    if place.kind == "home":
        return [_shelf_place(asking, place.home, key) for key in HOMES[place.home]]
    if place.kind == "shelf":
        shelf = shelf_of(place)
        return [
            Place("entry", path_of_entry(shelf.key, name), place.home, shelf, name, one)
            for name, one in shelf.entries.items()
        ]
    return []


def _shelf_place(asking: Asking, home: str, key: str) -> Place:
    return Place("shelf", path_of_shelf(key), home, SHELVES[key](asking.seat, asking.device))
