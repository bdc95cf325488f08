# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comparing whole books needs beside what Plein always has: Splink and DuckDB, an extra."""

import importlib
import importlib.util
from typing import Any

from django.utils.translation import gettext as _

NEEDED = ("splink", "duckdb", "pyarrow")


class NoExtra(Exception):
    """The extra is not there; the message says how to get it."""


def is_there() -> bool:
    """Whether whole books can be compared on this machine."""
    return all(importlib.util.find_spec(one) for one in NEEDED)


def engine(module: str = "engine") -> Any:
    """A module of this package that needs the extra. Raises NoExtra."""
    if not is_there():
        raise NoExtra(
            _("Comparing the whole book needs Splink and DuckDB: pip install -r requirements/matching.txt gets them.")
        )
    return importlib.import_module(f"plein.identity.book.{module}")
