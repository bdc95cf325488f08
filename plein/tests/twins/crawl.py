# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is asked in both worlds: every address of the URLconf and every operation of the API, with every parameter.

Addresses are filled with ids that everybody sees, with ids of what is hidden and with ids of nothing at all.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from json import dumps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from plein.api.tests.conftest import BASE, Caller
from plein.lists.kinds import kind_of
from plein.testing.addresses import World, every_address
from plein.tests.test_url_walk import ENDLESS, OTHER_DOORS
from plein.tests.twins.hidden import MARKER

#: An id of nothing, the same in both worlds.
NOTHING = UUID("01990000-0000-7000-8000-00000000dead")
SAFE = ("GET", "HEAD", "OPTIONS")
HTMX = (("HX-Request", "true"),)
LIST_ADDRESSES = {"person": "people", "organization": "organizations", "moment": "moments", "todo": "todos"}
#: What is typed: words of the hidden, of the visible, wrongly typed ones, parts of numbers and addresses.
TYPED = (
    MARKER,
    MARKER[:5],
    f"{MARKER[:-1]}x",
    "zilver spar",
    f"piet {MARKER}",
    f"piet0@{MARKER}.example",
    f"{MARKER}.example",
    "0650000",
    "+31650000001",
    "dijk",
    "dijkk",
    "djik",
    "dijkam",
    "sanne",
    "brood",
    "fair",
    "overname",
    "van dijk",
    "henk",
    "nobody at all",
)
ENDS = (
    "palette/",
    "search/",
    "relations/suggest/",
    "todos/assignees",
    "appointments/people",
    "notifications/colleagues/",
)


@dataclass(frozen=True)
class Asked:
    """One request: through the pages, or with a token through the API. `pattern` is the address without its ids."""

    method: str
    path: str
    pattern: str
    headers: tuple[tuple[str, str], ...] = ()
    #: What is sent along, as JSON; pages get it as a form.
    body: str = ""
    door: str = "web"
    #: A file that is sent along through the API; what else is sent is a form then.
    file: str = ""

    @property
    def key(self) -> str:
        return (
            f"{self.door} {self.method} {self.path} {'htmx' if self.headers else ''} {self.body} {self.file}".rstrip()
        )


def filled(route: str, visible: World, hidden: World) -> Iterator[str]:
    """An address with visible ids, with hidden ones, with each of them hidden in turn, and with those of nothing."""
    names = re.findall(r"<uuid:(\w+)>", route)
    yield visible.path(route)
    if not names:
        return
    yield hidden.path(route)
    yield World(dict.fromkeys(names, NOTHING)).path(route)
    if len(names) > 1:
        # The whole is visible and the part is hidden, and the other way round.
        first, *_others = names
        yield World({**hidden.ids, first: visible.ids.get(first, NOTHING)}).path(route)
        yield World({**visible.ids, first: hidden.ids.get(first, NOTHING)}).path(route)


def pages(visible: World, hidden: World) -> Iterator[Asked]:
    """Every address, in every way that only looks."""
    for route in sorted(set(every_address(leaving_out=OTHER_DOORS)) - ENDLESS):
        for path in dict.fromkeys(filled(route, visible, hidden)):
            for method in SAFE:
                yield Asked(method, path, route)
            yield Asked("GET", path, route, HTMX)


def lists(visible: World, hidden: World) -> Iterator[Asked]:
    """Every list by every field: sorted both ways, grouped, filtered, with every column, counted and exported."""
    for key, folder in LIST_ADDRESSES.items():
        for query in dict.fromkeys(views_of(key, visible, hidden)):
            yield Asked("GET", f"/{folder}/?{query}", f"{folder}/?")
            yield Asked("GET", f"/{folder}/?{query}", f"{folder}/?", HTMX)
            yield Asked("GET", f"/lists/{key}/filter/?{query}", "filter/?")
        for format in ("csv", "xlsx", "json"):
            form = {"format": format, "columns": "all", "scope": "all"}
            yield Asked("POST", f"/export/{key}/", "export/", body=dumps(form))
            yield Asked("GET", f"{BASE}/lists/{key}/file?format={format}", "lists/file", door="api")


def views_of(key: str, visible: World, hidden: World) -> Iterator[str]:
    fields = kind_of(key).fields
    for field in fields:
        if field.sort is not None:
            yield from (f"sort={field.key}", f"sort=-{field.key}")
        if field.heading is not None:
            yield f"group={field.key}"
        yield f"columns={field.key}"
        if field.where is not None:
            yield from (f"f={field.key}:empty", f"f=not({field.key}:empty)", f"f={field.key}:is:{MARKER}")
    if key == "person":
        yield from whom_we_know(visible)
    yield "columns=" + ",".join(field.key for field in fields[:20])
    yield from (f"q={word.replace(' ', '+')}" for word in TYPED)
    yield from (f"view={hidden.ids['view_id']}", f"peek={hidden.ids['relation_id']}", f"peek={hidden.ids['moment_id']}")
    yield from (f"f=tag:is:{hidden.ids['tag_id']}", f"f=relation:is:{hidden.ids['relation_id']}")
    yield from (
        "f=some.moment(when:last:90d)",
        "f=none.moment(when:last:90d)",
        "f=some.tie(kind:is:knows)",
        "f=some.todo()",
    )
    yield from (f"columns=c.{MARKER}_veld_0,c.choices", f"sort=c.{MARKER}_veld_0", "sort=c.choices")


def whom_we_know(visible: World) -> Iterator[str]:
    """Who of us knows people, alone or not, and who connects groups."""
    for seat in ("me", visible.ids["seat"], NOTHING):
        yield from (f"f=known_by:is:{seat}", f"f=known_by:not:{seat}", f"f=only_known_by:is:{seat}")
    yield from ("f=known_by:filled", "f=connects:yes", "f=connects:no", "columns=known_by,connects")


def typed() -> Iterator[Asked]:
    """Everything that answers while one types."""
    for word in TYPED:
        for end in ENDS:
            for name in ("q", "who", "other_name"):
                query = urlencode({name: word})
                yield Asked("GET", f"/{end}?{query}", f"{end}?", HTMX)
        for kind in ("person", "organization"):
            asked = {"kind": kind, "name": word, "email": word, "address": word}
            yield Asked("GET", f"/relations/similar/?{urlencode(asked)}", "relations/similar/?", HTMX)
            asked = {"kind": kind, "name": word}
            yield Asked("GET", f"{BASE}/similar?{urlencode(asked)}", "similar?", door="api")
        for end in ("search", "suggest", "relations", "lists/person", "lists/moment", "lists/person/count"):
            yield Asked("GET", f"{BASE}/{end}?{urlencode({'q': word})}", f"{end}?", door="api")


def odd_pages(visible: World, hidden: World) -> Iterator[Asked]:
    """Addresses of nothing, and parameters that the URLconf does not know of."""
    person, other = visible.ids["relation_id"], hidden.ids["relation_id"]
    for path in (
        "/nothing-here/",
        f"/relations/{other}/nothing/",
        f"/relations/{NOTHING}/nothing/",
        f"/relations/{hidden.ids['former']}/",
        "/today/?of=all",
        "/history/?who=me",
        "/todos/?f=",
        "/todos/?f=done:no",
        "/agenda/?view=week",
        "/agenda/?view=month",
        "/agenda/events?start=2020-01-01&end=2030-01-01",
        "/outbox/?show=drafts",
        "/outbox/?show=waiting&who=all",
        "/notifications/?show=unread",
        *(f"/inbox/?tab={tab}" for tab in ("me", "unsure", "heard", "done", "later", "filed")),
        "/settings/fields/?usage=1",
        f"/relations/{person}/timeline?kinds=note",
        f"/relations/{person}/moments/people?who={MARKER}",
        f"/appointments/overlaps?occurred_at=2026-11-26T09:00&ends_at=2030-01-01T10:00&participants={other}",
        f"/appointments/new?relation={other}",
        f"/todos/new?relation={other}",
        f"/outbox/people/?to={MARKER}",
        f"/outbox/snippet/?name={MARKER}&relation={other}",
        f"/lists/person/{other}/beside/?q={MARKER}",
        f"/lists/person/{person}/beside/?sort=-name",
        f"/bulk/person/tag/?ids={other}",
        f"/people/new/?name={MARKER}",
    ):
        pattern = path.partition("?")[0].strip("/").replace(str(person), "…").replace(str(other), "…")
        yield Asked("GET", path, pattern)
        yield Asked("GET", path, pattern, HTMX)


def operations(visible: World, hidden: World) -> Iterator[Asked]:
    """Every operation of the API that looks, with visible, hidden and no ids, sorted and turned every way."""
    schema = Caller("").read("/openapi.json")
    for path, methods in schema["paths"].items():
        if "get" not in methods or path.endswith("/stream"):
            continue
        names = re.findall(r"{(\w+)}", path)
        for ids in (visible.ids, hidden.ids, dict.fromkeys(names, NOTHING)):
            address = address_of_api(path, ids)
            yield Asked("GET", address, path, door="api")
            yield Asked("OPTIONS", address, path, door="api")
            if "limit" in {one["name"] for one in methods["get"].get("parameters", [])}:
                yield Asked("GET", f"{address}?limit=200", path, door="api")
    yield Asked("GET", f"{BASE}/relations/{hidden.ids['former']}", "relations/former", door="api")
    yield from network(visible, hidden)
    for sort in ("name", "-name", "place", "-place", "updated", "-updated", "created", "-created"):
        yield Asked("GET", f"{BASE}/relations?sort={sort}&limit=200", "relations?sort", door="api")


def network(visible: World, hidden: World) -> Iterator[Asked]:
    """Every question to the network, about whom everybody sees, about the hidden and about nobody, both ways round."""
    ids = [visible.ids["relation_id"], hidden.ids["beside"], hidden.ids["relation_id"], NOTHING]
    yield from around(ids)
    for one in ids:
        yield Asked("GET", f"{BASE}/network/influence?of={one}", "network/influence?", door="api")
        yield Asked("GET", f"/network/standing/{one}/", "network/standing")
        yield Asked("GET", f"/network/standing/{one}/?card=1", "network/standing?", HTMX)
        yield Asked("GET", f"/introductions/new/?to={one}", "introductions/new/?")
        asking = dumps({"to": str(one), "people": [str(one)]})
        yield Asked("POST", f"{BASE}/introduction-requests", "introduction-requests", body=asking, door="api")
        yield Asked("GET", f"{BASE}/network/degrees?of={one}", "network/degrees?", door="api")
        for begin in ("me", "colleagues", *ids):
            asked = f"to={one}&from={begin}&limit=20"
            yield Asked("GET", f"{BASE}/network/introductions?{asked}", "network/introductions?", door="api")
            yield Asked("GET", f"/network/?to={one}&from={begin}", "network/?")
            yield Asked("GET", f"/network/?to={one}&from={begin}&view=table", "network/?", HTMX)
        yield Asked("GET", f"/network/?to={one}&choose=from", "network/?choose", HTMX)
        for other in ids:
            yield Asked("GET", f"{BASE}/network/mutual?a={one}&b={other}", "network/mutual?", door="api")
            yield Asked("GET", f"/introductions/new/?to={one}&people={other},{one}", "introductions/new/?people")
            along = dumps({"to": str(one), "people": [str(other), str(one)]})
            yield Asked("POST", f"{BASE}/introduction-requests", "introduction-requests", body=along, door="api")
    for word in (*TYPED, "heat pumps"):
        said = urlencode({"text": word})
        yield Asked("GET", f"{BASE}/questions/suggestions?{said}", "questions/suggestions?", door="api")
        yield Asked("GET", f"/questions/new/?{said}", "questions/new/?")
    for word in TYPED:
        yield Asked("GET", f"/network/?{urlencode({'name': word})}", "network/?", HTMX)


def around(ids: list[UUID]) -> Iterator[Asked]:
    """Who is around them, as a picture, a table and a list, through every lens; and whom two of them both know."""
    lenses = ["", "tie=contact", "tie=friend&period=ever", "period=90d", "period=365d"]
    lenses += [f"group={one}" for one in ids]
    chosen = ["", "degree=1", "degree=3", f"place={MARKER}", f"tag={MARKER}+0", f"role={MARKER}"]
    chosen += [f"degree=3&organization={one}" for one in ids]
    for one in ids:
        for lens in lenses:
            yield Asked("GET", f"/network/around/{one}/?{lens}", "network/around/?")
            yield Asked("GET", f"/network/around/{one}/?view=table&most=300&{lens}", "network/around/?table")
            yield Asked("GET", f"{BASE}/network/ego/{one}?{lens}", "network/ego/?", door="api")
        for only in chosen:
            yield Asked("GET", f"/network/around/{one}/?view=contacts&{only}", "network/around/?contacts")
            degree = only if "degree" in only else f"degree=2&{only}"
            yield Asked("GET", f"{BASE}/network/degrees?of={one}&{degree}", "network/degrees?of", door="api")
        for other in ids:
            yield Asked("GET", f"/network/mutual/?a={one}&b={other}", "network/mutual/?")
            yield Asked("GET", f"/network/mutual/?a={one}&b={other}", "network/mutual/?", HTMX)
        yield Asked("GET", f"/network/mutual/?b={one}&part=aside", "network/mutual/?aside", HTMX)
        yield from together(one)
    for kind in ("person", "organization"):
        yield Asked("GET", f"/network/lists/?list=unmet&kind={kind}", "network/lists/?unmet")
        yield Asked("GET", f"{BASE}/network/lists/unmet?kind={kind}&limit=200", "lists/unmet?", door="api")
    yield Asked("GET", f"/network/lists/?list=best&name={MARKER}", "network/lists/?best")
    for lens in ("", "tie=contact", "tie=friend&period=ever", "period=90d", "group=0", "group=1", "group=999"):
        for view in ("picture", "groups", "people"):
            yield Asked("GET", f"/network/whole/?view={view}&{lens}", f"network/whole/?{view}")
        yield Asked("GET", f"{BASE}/network/whole?limit=4000&{lens}", "network/whole?", door="api")
    yield Asked("GET", "/network/lists/?list=brought", "network/lists/?brought")
    yield Asked("GET", f"{BASE}/network/lists/brought?limit=200", "lists/brought?", door="api")
    for which in ("between", "only"):
        for group in ("", "&group=0", "&group=1", "&group=999"):
            yield Asked("GET", f"/network/lists/?list={which}{group}", f"network/lists/?{which}")
            yield Asked("GET", f"{BASE}/network/lists/{which}?limit=200{group}", f"lists/{which}?", door="api")


def together(one: UUID) -> Iterator[Asked]:
    """Whom we know together: of one of us, and at an organization."""
    for which in ("alone", "silent"):
        yield Asked("GET", f"/network/lists/?list={which}", "network/lists/?")
        yield Asked("GET", f"/network/lists/?list={which}&of={one}", "network/lists/?of")
        yield Asked("GET", f"{BASE}/network/lists/{which}?of={one}&limit=200", "lists/of?", door="api")
    yield Asked("GET", f"/network/lists/?list=best&organization={one}", "network/lists/?organization")
    yield Asked("GET", f"/network/lists/{one}/best/", "network/lists/best/", HTMX)
    yield Asked("GET", f"{BASE}/network/lists/best?organization={one}", "lists/best?", door="api")


def address_of_api(path: str, ids: dict[str, UUID]) -> str:
    return re.sub(r"{(\w+)}", lambda found: str(of_api(ids, found[1], path)), path)


def of_api(ids: dict[str, UUID], name: str, path: str) -> object:
    """The id that a name in an address of the API stands for."""
    if name in ("kind", "act", "mark"):
        return {"kind": "person", "act": "tag", "mark": "first"}[name]
    folder = path.partition(f"/{{{name}}}")[0].rpartition("/")[2]
    parts = {"link_id": "contact-points/part_id", "tie_id": "ties/part_id", "membership_id": "part_id"}
    return ids.get(f"{folder}/{name}") or ids.get(parts.get(name, name)) or NOTHING


def recognised(visible: World, hidden: World) -> Iterator[Asked]:
    """Who somebody may be: by a hidden name, address, number and employer, each beside what everybody sees."""
    names = ("Henk van Dijk", f"Piet {MARKER.title()} Dijkaa", f"P. {MARKER}", f"Piet {MARKER} Dijk")
    for name in names:
        for employer in ("", f"{MARKER} 0 bv", "Van Dijk Installatietechniek"):
            yield api("POST", "/match", {"names": [name], "organization": employer, "place": "Zwolle"})
    for heard in (
        {"emails": [f"piet0@{MARKER}.example"]},
        {"emails": ["piet0@elsewhere.example"], "names": ["Henk van Dijk"]},
        {"phones": ["+31650000001"]},
        {"handles": [f"linkedin:{MARKER}"]},
    ):
        yield api("POST", "/match", heard)
    for id in (visible.ids["relation_id"], hidden.ids["relation_id"], NOTHING):
        yield api("POST", "/apart", {"relation": str(id), "other": str(visible.ids["known"])})
        yield api("POST", "/apart", {"relation": str(id), "profile": {"emails": [f"piet0@{MARKER}.example"]}})
        yield api("GET", f"/relations/{id}/apart", None)


def writes(visible: World, hidden: World) -> Iterator[Asked]:
    """What somebody outside may try to do, whose answer could tell: the same address, the same word, the hidden id."""
    person, other = str(visible.ids["relation_id"]), str(hidden.ids["relation_id"])
    for address in (f"piet0@{MARKER}.example", "0650000001", "nobody@nowhere.example"):
        yield Asked(
            "POST", f"/relations/{person}/contact-points/new/", "contact-points/new/", HTMX, dumps({"text": address})
        )
        yield api("POST", f"/relations/{person}/contact-points", {"text": address})
    for name in (f"{MARKER} 0", f"{MARKER} moment", f"{MARKER.upper()} 0", "something new"):
        yield Asked("POST", f"/relations/{person}/tags/new/", "tags/new/", HTMX, dumps({"name": name}))
        yield api("POST", f"/relations/{person}/tags", {"name": name})
        yield api("POST", "/relations", {"kind": "person", "name": name})
        yield Asked("POST", "/people/new/", "people/new/", HTMX, dumps({"name": name}))
        yield api("POST", "/views", {"kind": "person", "name": name, "query": "", "audience": "me"})
    for target in (other, str(NOTHING)):
        yield api("POST", f"/relations/{person}/ties", {"relation": target, "kind": "friend:out"})
        yield api("POST", f"/relations/{person}/memberships", {"relation": target, "role": "x"})
        yield api("POST", "/moments", {"kind": "visit", "relation": target, "text": "Koffie."})
        yield api("POST", "/todos", {"title": "x", "relation": target})
        yield api("POST", "/todos", {"title": "x", "moment": target})
        yield api("POST", "/lists/person/acts/tag", {"ids": [target], "values": {"name": "Beurs"}})
        yield api("POST", "/relations/tagged", {"ids": [target], "name": "Beurs"})
        yield api("POST", "/relations/tagged", {"ids": [person, target], "name": "Beurs"})
        yield api("PATCH", f"/relations/{target}", {"version": 1, "place": "x"})
        yield api("DELETE", f"/relations/{target}", None)
        yield Asked("POST", f"/relations/{target}/delete/", "relations/delete/", HTMX, "{}")
    for id in (hidden.ids["operation_id"], NOTHING):
        yield api("POST", f"/operations/{id}/undo", {})
        yield Asked("POST", f"/undo/{id}/", "undo/", HTMX, "{}")
    for id in (hidden.ids["tag_id"], NOTHING):
        yield api("PATCH", f"/tags/{id}", {"name": "x", "colour": "blue"})
        yield api("DELETE", f"/tags/{id}", None)


def api(method: str, path: str, body: Any) -> Asked:
    return Asked(
        method, BASE + path, re.sub(r"[0-9a-f-]{36}", "…", path), body="" if body is None else dumps(body), door="api"
    )


def everything(visible: World, hidden: World) -> list[Asked]:
    """All that is asked, once for each who asks."""
    parts = (
        pages(visible, hidden),
        lists(visible, hidden),
        typed(),
        odd_pages(visible, hidden),
        operations(visible, hidden),
        writes(visible, hidden),
        recognised(visible, hidden),
    )
    return list(dict.fromkeys(one for part in parts for one in part))
