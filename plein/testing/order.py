# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may take long starts first, so that no worker is busy with it when the others are done.

A pytest plugin that pyproject.toml loads. The workers of `make tests` get whole modules, in the order of this list.
"""

from collections import Counter
from pathlib import Path

import pytest

#: As pyproject.toml has it.
ORDINARY_TIMEOUT = 120.0


def _may_take(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker is not None else ORDINARY_TIMEOUT


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules in the order of the longest that one test in them may take, then of how many tests they have."""
    longest: dict[Path, float] = {}
    for item in items:
        longest[item.path] = max(longest.get(item.path, 0.0), _may_take(item))
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (-longest[item.path], -tests[item.path], item.path))
