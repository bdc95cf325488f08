# SPDX-License-Identifier: AGPL-3.0-or-later
"""What would come of a write, asked before it is done, and the writes it is asked for: two that become one, an undo, a
move to another circle, what people decided, and how strength is measured.
"""

from collections.abc import Iterator
from dataclasses import replace
from json import dumps
from urllib.parse import urlencode
from uuid import UUID

from plein.api.tests.conftest import BASE
from plein.network.forms.measuring import MeasureForm
from plein.testing.addresses import World
from plein.tests.twins.crawl import HTMX, NOTHING, Asked, api
from plein.tests.twins.hidden import MARKER

#: What has readers of its own, and where the worlds keep the id of one.
PLACED = {
    "relations": "relation_id",
    "memberships": "part_id",
    "ties": "ties/part_id",
    "moments": "moment_id",
    "todos": "todo_id",
    "files": "file_id",
    "mails": "mail_id",
    "views": "view_id",
    "templates": "template_id",
    "imports": "import_id",
    "requests": "request_id",
}
#: Versions that a relation of either world may have by now.
VERSIONS = range(1, 5)


def wishes(visible: World, hidden: World) -> Iterator[Asked]:
    """All of it, about what everybody sees, what stands beside something hidden, what is hidden, and nothing."""
    yield from merges(visible, hidden)
    for id in (visible.ids["operation_id"], hidden.ids["operation_id"], NOTHING):
        yield api("POST", f"/operations/{id}/preview-undo", {})
        yield api("GET", f"/operations/{id}/undo", None)
    yield from moves(visible, hidden)
    yield from decisions(visible, hidden)
    yield from measures(visible)


def those(visible: World, hidden: World) -> list[UUID]:
    """Who everybody sees, who does so and has hidden ties, roles and moments, who is hidden, and nobody."""
    return [visible.ids["relation_id"], hidden.ids["beside"], hidden.ids["relation_id"], NOTHING]


def merges(visible: World, hidden: World) -> Iterator[Asked]:
    """Two side by side, and made one: both ways round."""
    whom = those(visible, hidden)
    for into in whom:
        for other in whom:
            both = {"into": str(into), "other": str(other)}
            yield api("POST", "/relations/merge/preview", both)
            yield Asked("GET", f"/relations/{into}/merge/?other={other}", "relations/merge/?")
            versions = [(1, 1)]
            if {into, other} == set(whom[:2]):
                # One of these is how it stands, the others are too late.
                versions = [(one, two) for one in VERSIONS for two in VERSIONS]
            for one, two in versions:
                yield api("POST", "/relations/merge", both | {"into_version": one, "other_version": two})


def moves(visible: World, hidden: World) -> Iterator[Asked]:
    """Who sees it, and who would after a move to every kind of circle, those of the hidden ones too."""
    seat, team = visible.ids["seat"], visible.ids["team"]
    circles = ("me", "everyone", f"team:{team}", f"people:{seat}", f"people:{NOTHING}", f"team:{NOTHING}", "same", "")
    asked = [(thing, world.ids.get(name, NOTHING)) for thing, name in PLACED.items() for world in (visible, hidden)]
    asked += [("relations", hidden.ids["beside"]), ("relations", NOTHING), ("nothing", NOTHING)]
    for thing, id in asked:
        yield Asked("GET", f"{BASE}/{thing}/{id}/readers", f"{thing}/readers", door="api")
        for circle in circles:
            chosen = urlencode({"circle": circle})
            yield Asked("GET", f"{BASE}/{thing}/{id}/move?{chosen}", f"{thing}/move?", door="api")
            chosen = urlencode({"audience": circle})
            yield Asked("GET", f"/who-sees/{thing}/{id}/?{chosen}", f"who-sees/{thing}/?")
        for circle in ("me", f"team:{team}"):
            yield replace(api("PUT", f"/{thing}/{id}/circle", {"circle": circle}), pattern=f"{thing}/circle")


def decisions(visible: World, hidden: World) -> Iterator[Asked]:
    """What people decided, one by one and as a list: by hidden ids, with hidden moments, from hidden addresses."""
    said = {"purpose": str(visible.ids["purpose_id"]), "state": "given", "how": "form"}
    mail = f"piet0@{MARKER}.example"
    for id in those(visible, hidden):
        for more in ({}, {"address": mail}, {"moment": str(hidden.ids["moment_id"])}, {"moment": str(NOTHING)}):
            yield api("POST", "/consents", {"items": [{"relation": str(id), **said, **more}]})
            yield api("POST", f"/relations/{id}/consents", said | more)
    lists = {
        "email": (mail, f"henk@{MARKER}.example", "henk@vandijk.example", "nobody@nowhere.example"),
        "phone": ("+31650000001", "0650000"),
        "id": tuple(map(str, those(visible, hidden))),
    }
    for column, words in lists.items():
        sheet = "\n".join((column, *words, ""))
        for form in ({"dry_run": "true"}, {}, {"unmatched": "leave"}):
            wish = dumps({"purpose": said["purpose"], **form})
            yield Asked("POST", f"{BASE}/consents/import", "consents/import", body=wish, door="api", file=sheet)


def measures(visible: World) -> Iterator[Asked]:
    """What another measure, or another strength of a kind of tie, would make of the ties that one sees."""
    wanted = ({"half_life": 30}, {"half_life": 3650, "weights": {"call": 3.0}}, {"crowd": 2, "reciprocity": 0.0})
    for measure in wanted:
        yield api("POST", "/network/measure/preview", measure)
    page = {"look": "1", **MeasureForm().initial, "half_life": 30}
    yield Asked("POST", "/settings/strength/", "settings/strength", HTMX, dumps(page))
    for type in (visible.ids["type_id"], NOTHING):
        for strength in ({"strength": "strong"}, {"strength": "exact", "percent": 5}, {"strength": "none"}):
            asked = api("POST", f"/network/tie-types/{type}/preview", strength)
            yield replace(asked, pattern="network/tie-types/preview")
