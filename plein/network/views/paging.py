# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of a list, and its address."""

from typing import Any

from django.utils.http import urlencode

SIZE = 50


def here(**asked: object) -> str:
    """The address of a list with what was asked; nothing is left out of it but what is empty."""
    return "?" + urlencode({name: str(value) for name, value in asked.items() if value})


def pages(address: str, offset: int, *, is_more: bool) -> dict[str, Any]:
    """Where the page begins, and the addresses of those before and after."""
    number = offset // SIZE + 1
    return {
        "from": offset + 1,
        "previous": f"{address}&page={number - 1}" if number > 1 else "",
        "next": f"{address}&page={number + 1}" if is_more else "",
    }
