# SPDX-License-Identifier: AGPL-3.0-or-later
"""What linters miss: sizes, names, the direction of foreign keys, and the bans of the security rules."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

PACKAGE = Path(__file__).resolve().parents[1]
LAYERS = ["core", "trust", "metadata", "lists", "channels", "relations", "moments", "notifications", "outbox"]
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "services", "signals"}
LONGEST_FILE, LONGEST_FUNCTION, MOST_IMPORTS = 400, 50, 25
BANNED_MODULES = {"pickle", "shelve", "marshal", "dill"}
BANNED_CALLS = {"eval", "exec", "RawSQL", "extra", "mark_safe"}
#: The one place that turns text that is safe by construction into safe markup.
SAFE_MARKUP = {"web/markup.py"}


def sources() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def product() -> list[Path]:
    return [path for path in sources() if "tests" not in path.parts]


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(PACKAGE)) for path in paths]


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    return tuple((str(path.relative_to(PACKAGE)), ast.parse(path.read_text())) for path in product())


def test_files_are_short() -> None:
    long = {name: lines for path in sources() if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
            for name in names([path])}  # fmt: skip

    assert long == {}


def test_functions_are_short() -> None:
    long = [
        f"{name}:{node.name}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert long == []


def test_no_file_leans_on_too_many_others() -> None:
    busy = [
        name
        for name, tree in trees()
        if sum(isinstance(node, ast.Import | ast.ImportFrom) for node in tree.body) > MOST_IMPORTS
    ]

    assert busy == []


def test_every_page_that_is_read_answers_whoever_asks_for_its_head() -> None:
    methods = re.compile(r"require_http_methods\(\[([^\]]*)\]")
    wrong = [
        str(path)
        for path in product()
        for text in [path.read_text()]
        if "require_GET" in text or any('"GET"' in one and '"HEAD"' not in one for one in methods.findall(text))
    ]

    assert wrong == []


def test_no_drawer_is_called_by_a_name_that_says_nothing() -> None:
    assert [str(path) for path in sources() if path.stem in FORBIDDEN_NAMES] == []


def test_every_file_names_its_licence() -> None:
    assert [
        path
        for path in sources()
        if path.read_text().split("\n", 1)[0] != "# SPDX-License-Identifier: AGPL-3.0-or-later"
        and path.read_text().strip()
    ] == []


def test_every_package_and_model_says_what_it_is() -> None:
    packages = [
        path for path in product() if path.name == "__init__.py" and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    silent = [model.__name__ for model in apps.get_models() if model.__module__.startswith("plein.")
              and (not model.__doc__ or model.__doc__.startswith(f"{model.__name__}("))]  # fmt: skip

    assert names(packages) == []
    assert silent == []


def test_foreign_keys_point_downwards() -> None:
    wrong = []
    for model in apps.get_models():
        own = model._meta.app_label
        if own not in LAYERS:
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey):
                continue
            target = field.related_model
            if target._meta.app_label in LAYERS and LAYERS.index(target._meta.app_label) > LAYERS.index(own):
                wrong.append(f"{model.__name__}.{field.name}")

    assert wrong == []


def test_nothing_unpickles_evaluates_or_goes_around_the_query_sets() -> None:
    found = []
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import) and {alias.name for alias in node.names} & BANNED_MODULES:
                found.append(f"{name}:{node.lineno}")
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                is_list_extra = called == "extra" and not isinstance(node.func, ast.Attribute)
                if called in BANNED_CALLS and not is_list_extra and name not in SAFE_MARKUP:
                    found.append(f"{name}:{node.lineno}:{called}")

    assert found == []


def test_no_request_is_poured_into_a_query() -> None:
    found = []
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg is None:
                text = ast.unparse(node.value)
                if "request." in text or ".GET" in text or ".POST" in text:
                    found.append(f"{name}:{node.value.lineno}")

    assert found == []


def test_the_clock_and_the_identifiers_have_one_seam() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        if name not in ("core/ids.py",) and not name.startswith("operate/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func) in ("datetime.now", "timezone.now", "datetime.utcnow", "uuid.uuid4", "uuid4")
    ]

    assert found == []


@pytest.mark.parametrize("door", ["Celery", "receiver(", "post_save", "pre_save"])
def test_nothing_listens_to_django_signals(door: str) -> None:
    assert [name for name, path in zip(names(product()), product(), strict=True) if door in path.read_text()] == []
