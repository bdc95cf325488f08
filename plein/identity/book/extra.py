# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comparing whole books needs beside what Plein always has: Splink and DuckDB, an extra; Spark is another one."""

import importlib
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

NEEDED = ("splink", "duckdb", "pyarrow")
#: What weighs the pairs; the same ones come of either.
DUCKDB, SPARK = "duckdb", "spark"
BACKENDS = (DUCKDB, SPARK)
#: The oldest Java on which Spark runs.
JAVA = 17


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


def engine_on_spark() -> Any:
    """The module that weighs on Spark. Raises NoExtra."""
    if not (is_there() and importlib.util.find_spec("pyspark")):
        raise NoExtra(
            _("Comparing on Spark needs pyspark beside Splink: pip install -r requirements/spark.txt gets them.")
        )
    if _java() < JAVA:
        raise NoExtra(
            _("Comparing on Spark needs Java %(oldest)s or newer: install it, and say in JAVA_HOME where it is.")
            % {"oldest": JAVA}
        )
    return engine("spark")


def _java() -> int:
    """Which Java there is; 0 for none."""
    home = os.environ.get("JAVA_HOME", "")
    java = shutil.which("java", path=str(Path(home) / "bin") if home else None)
    if java is None:
        return 0
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', told.stderr + told.stdout)
    return int(found[1]) if found else 0
