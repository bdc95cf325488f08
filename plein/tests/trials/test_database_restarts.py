# SPDX-License-Identifier: AGPL-3.0-or-later
"""The database goes away under people who read and write: words meanwhile, soon well again, no write half done."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest

from plein.testing.figures import Note
from plein.tests.trials import NIGHTLY
from plein.tests.trials.own import OwnPlein
from plein.tests.trials.visitor import Answer, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3_600 if NIGHTLY else 120)]
#: How long the database stays away each time.
OUTAGES = [0.0, 3.0, 8.0, 16.0, 40.0, 0.0] if NIGHTLY else [3.0]
EMAIL = "alice@plein.example"
WELL_WITHIN, LONGEST_ANSWER = 5.0, 8.0
PAGES = ("/", "/people/", "/history/", "/search/?q=trial", "/todos/")
_HALVES = """
    SELECT r.name, count(DISTINCT l.id), count(DISTINCT c.operation_id), count(DISTINCT o.id),
           count(DISTINCT d.record_id)
      FROM relations_relation r
      LEFT JOIN relations_contact_point_link l ON l.workspace_id = r.workspace_id AND l.relation_id = r.id
      LEFT JOIN core_change c ON c.workspace_id = r.workspace_id AND c.row_id = r.id AND c.kind = 'I'
      LEFT JOIN core_operation o ON o.workspace_id = c.workspace_id AND o.id = c.operation_id
      LEFT JOIN core_search_document d ON d.workspace_id = r.workspace_id AND d.record_id = r.id
     WHERE r.name LIKE 'Trial %%' GROUP BY r.id, r.name
"""


@pytest.fixture
def plein(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnPlein]:
    with OwnPlein(tmp_path_factory.mktemp("restart") / "home") as own:
        own.add_user(EMAIL)
        own.start("web")
        yield own


@dataclass
class Crowd:
    """People who go on asking, whatever they get."""

    visitor: Visitor
    answers: list[tuple[str, Answer]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> list[threading.Thread]:
        """Two who read and two who write."""
        threads = [threading.Thread(target=self._go, args=(one,)) for one in (self._read, self._read)]
        threads += [threading.Thread(target=self._go, args=(self._writing(place),)) for place in range(2)]
        for thread in threads:
            thread.start()
        return threads

    def _go(self, ask: Callable[[Visitor, int], tuple[str, Answer]]) -> None:
        visitor = self.visitor.also()
        for number in count():
            if self.stopping.is_set():
                return
            try:
                self.answers.append(ask(visitor, number))
            except OSError as trouble:
                self.refused.append(str(trouble))
            time.sleep(0.02)

    def _read(self, visitor: Visitor, number: int) -> tuple[str, Answer]:
        page = PAGES[number % len(PAGES)]
        return page, visitor.get(page)

    def _writing(self, place: int) -> Callable[[Visitor, int], tuple[str, Answer]]:
        def write(visitor: Visitor, number: int) -> tuple[str, Answer]:
            name = f"Trial {place} {number}"
            self.sent.add(name)
            answer = visitor.post("/people/new/", name=name, email=f"t{place}.{number}@firm.example")
            if answer.status == 302:
                self.acknowledged.add(name)
            return "/people/new/", answer

        return write

    def is_well(self, since: float) -> bool:
        """Whether every address answered as it should after a moment."""
        good = {name for name, answer in self.answers if answer.began >= since and answer.status in (200, 302)}
        return good >= {*PAGES, "/people/new/"}


def test_a_database_that_restarts_costs_a_sentence_and_seconds(plein: OwnPlein, note: Note) -> None:
    crowd = Crowd(plein.visitor(EMAIL))
    threads = crowd.start()
    backs, well = [], []
    for outage in OUTAGES:
        time.sleep(1.5)
        plein.stop_database_at_once()
        time.sleep(outage)
        plein.start_database()
        backs.append(time.monotonic())
        well.append(plein.wait_until(lambda: crowd.is_well(backs[-1])))  # noqa: B023 - used at once
    crowd.stopping.set()
    for thread in threads:
        thread.join()

    statuses = Counter(answer.status for _name, answer in crowd.answers)
    slowest = max(answer.seconds for _name, answer in crowd.answers)
    note(answers=statuses, outages=str(OUTAGES), well_again_after=str([round(seconds, 1) for seconds in well]))
    note(slowest_answer=slowest, sent=len(crowd.sent), acknowledged=len(crowd.acknowledged))
    assert crowd.refused == [] and set(statuses) <= {200, 302, 503} and statuses[200] and statuses[302]
    away = [answer for _name, answer in crowd.answers if answer.status == 503]
    assert away and [one for one in away if "not ready yet" not in one.text or not one.headers.get("retry-after")] == []
    assert slowest < LONGEST_ANSWER and max(well) < WELL_WITHIN
    found = plein.ask(_HALVES)
    names = [row[0] for row in found]
    assert len(names) == len(set(names)) and crowd.acknowledged <= set(names) <= crowd.sent
    assert [row for row in found if row[1:] != (1, 1, 1, 1)] == [], "a write was half done"
