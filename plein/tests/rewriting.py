# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes a guard out of the code itself: a function as it would be without one of its conditions."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any


def code_without(function: Callable[..., Any], changes: dict[str, str]) -> CodeType:
    """The code of a function in which pieces of its text stand for others; raises when one is no longer there."""
    source = textwrap.dedent(inspect.getsource(function))
    for condition, instead in changes.items():
        if condition not in source:
            raise LookupError(f"{function.__qualname__} has no longer: {condition}")
        source = source.replace(condition, instead)
    tree = ast.parse(source)
    [definition] = tree.body
    if not isinstance(definition, ast.FunctionDef):
        raise LookupError(function.__qualname__)
    definition.decorator_list = []
    whole = compile(tree, inspect.getfile(function), "exec")
    return next(one for one in whole.co_consts if isinstance(one, CodeType) and one.co_name == definition.name)


@contextmanager
def rewritten(function: Callable[..., Any], changes: dict[str, str]) -> Iterator[None]:
    """Whatever name the function is known by, it now does without these conditions."""
    plain: Any = inspect.unwrap(function)
    before = plain.__code__
    plain.__code__ = code_without(plain, changes)
    try:
        yield
    finally:
        plain.__code__ = before
