# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our own source as syntax trees, for the tests that look for what may not stand in it."""

import ast
import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

#: Nodes without a word of their own.
_ALIKE = (ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)
PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parent


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    """Every file of the product, without tests, what helps them, and migrations, by its path below the package."""
    paths = (path.relative_to(PACKAGE) for path in sorted(PACKAGE.rglob("*.py")))
    ours = [path for path in paths if not {"tests", "migrations"} & set(path.parts) and path.parts[0] != "testing"]
    # These stay: nobody need look for garbage among a million nodes, now or later.
    gc.disable()
    try:
        return tuple((str(path), ast.parse((PACKAGE / path).read_text())) for path in ours)
    finally:
        gc.freeze()
        gc.enable()


@cache
def nodes() -> tuple[tuple[str, ast.AST], ...]:
    """Each node of each file."""
    return tuple((name, node) for name, tree in trees() for node in ast.walk(tree) if not isinstance(node, _ALIKE))


@cache
def calls() -> tuple[tuple[str, ast.Call, str], ...]:
    """Each call, with what is called as it is written: `subprocess.run`, `open`."""
    return tuple((name, node, _written(node.func)) for name, node in nodes() if isinstance(node, ast.Call))


def _written(func: ast.expr) -> str:
    """As `ast.unparse`, which is slow, for what has no more than dots."""
    if isinstance(func, ast.Name):
        return func.id
    if isinstance(func, ast.Attribute):
        return f"{_written(func.value)}.{func.attr}"
    return ast.unparse(func)


@cache
def imports() -> tuple[tuple[str, str], ...]:
    """What each file imports, by its whole name: `email.message.EmailMessage`."""
    return tuple(_imports())


def _imports() -> Iterator[tuple[str, str]]:
    for name, node in nodes():
        if isinstance(node, ast.Import):
            yield from ((name, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((name, f"{node.module}.{alias.name}") for alias in node.names)


def importers(*modules: str) -> set[str]:
    """The files that import any of these modules, or something in them."""
    return {name for name, module in imports() if any(f"{module}.".startswith(f"{one}.") for one in modules)}


def scripts() -> dict[str, str]:
    """Every script of our own that browsers get."""
    ours = (path for path in sorted(PACKAGE.glob("*/static/**/*.js")) if "vendor" not in path.parts)
    return {str(path.relative_to(PACKAGE)): path.read_text() for path in ours}
