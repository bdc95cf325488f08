# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kill -9` of the worker while it changes thousands of rows and turns them back: none is left out, none twice."""

from collections.abc import Iterator

import pytest

from plein.testing.figures import Note
from plein.tests.trials.own import OwnPlein
from plein.tests.trials.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.nightly, pytest.mark.timeout(240)]
PEOPLE = 6_000
EMAIL = "many@plein.example"
PATIENCE = 90.0
TAGGED = "SELECT count(*), count(DISTINCT relation_id) FROM relations_tagging"
KEPT = "SELECT count(*), count(DISTINCT row_id) FROM core_change WHERE operation_id = %s AND table_name = %s"


@pytest.fixture(scope="module")
def plein(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnPlein]:
    with OwnPlein(tmp_path_factory.mktemp("many") / "home") as own:
        own.add_user(EMAIL)
        own.run("generate", "--people", str(PEOPLE), "--moments", "100")
        own.start("web")
        yield own


@pytest.fixture(scope="module")
def visitor(plein: OwnPlein) -> Visitor:
    return plein.visitor(EMAIL)


def of_run(plein: OwnPlein, column: str) -> object:
    return plein.ask(f"SELECT {column} FROM lists_bulk_run")[0][0]


def kill_worker(plein: OwnPlein) -> None:
    process = plein.processes["worker"]
    process.kill()
    process.wait()


def test_a_killed_worker_leaves_none_out_and_does_none_twice(plein: OwnPlein, visitor: Visitor, note: Note) -> None:
    plein.start("worker")
    begun = visitor.post("/bulk/person/tag/", all="1", view="", go="1", name="beurs", next="/people/")
    place = begun.headers["location"].partition("?")[0]
    kills = 0
    for least in (1, 3_000):
        plein.wait_until(lambda least=least: int(str(of_run(plein, "done"))) >= least, PATIENCE)  # type: ignore[misc]
        kill_worker(plein)
        kills += 1
        plein.start("worker")
    waited = plein.wait_until(lambda: of_run(plein, "state") == "done", PATIENCE)
    operation, total = of_run(plein, "operation_id"), int(str(of_run(plein, "total")))

    assert total > PEOPLE, "colleagues are people too"
    assert plein.ask(TAGGED) == [(total, total)]
    assert plein.ask(KEPT, operation, "relations_tagging") == [(total, total)]
    assert (of_run(plein, "changed"), of_run(plein, "failed"), of_run(plein, "done")) == (total, 0, total)
    assert "All of it was turned back" not in visitor.get(place).text

    visitor.post(f"{place}undo/")
    kill_worker(plein)
    plein.start("worker")
    plein.wait_until(lambda: of_run(plein, "undo") == "done", PATIENCE)
    assert plein.ask(TAGGED) == [(0, 0)]
    assert plein.ask("SELECT count(*) FROM core_operation WHERE verb = 'undo'") == [(1,)]
    assert "All of it was turned back" in visitor.get(place).text
    note(people=total, kills=kills + 1, seconds_to_the_end=waited)


def test_a_file_of_many_pages_comes_through_the_server_whole(plein: OwnPlein, visitor: Visitor) -> None:
    sent = visitor.post("/export/person/", view="", format="csv", with_bom="on")
    sheet = visitor.post("/export/person/", view="", format="xlsx")

    assert sent.status == 200 and sent.headers["transfer-encoding"] == "chunked"
    assert len(sent.body.splitlines()) > PEOPLE and sent.body.startswith("\ufeff".encode())
    assert sheet.body.startswith(b"PK") and sheet.headers["content-disposition"].endswith('.xlsx"')
    kept = [row[0] for row in plein.ask("SELECT facts FROM core_operation WHERE verb = 'export_list'")]
    assert [(one["rows"] > PEOPLE, one["format"]) for one in kept] == [(True, "csv"), (True, "xlsx")]
