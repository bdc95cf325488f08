# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages about the door: they name everything, and nothing on them is a script or a style of the page itself."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page

from plein.api.problems import PROBLEMS
from plein.api.tests.test_permissions import operations
from plein.core.isolation import no_workspace
from plein.testing.browser import axe_violations


def read(path: str, status: int = 200, language: str = "en") -> str:
    with no_workspace("test"):
        answer = Client().get(path, headers={"Accept-Language": language})
    assert answer.status_code == status
    return answer.content.decode()


def test_every_operation_is_documented_with_a_line_to_try(db: None) -> None:
    page = read("/api/v1/docs")

    for method, path, name in operations():
        assert f'id="{name}"' in page and f"<code>{path}</code>" in page, (method, path)
    assert page.count("curl") == len(operations())
    assert "style=" not in page and not re.search(r"<script(?! src=)", page)


def test_every_kind_of_problem_has_the_page_that_its_type_names(db: None) -> None:
    for problem in PROBLEMS.values():
        page = read(problem.type)
        assert problem.code in page and str(problem.status) in page

    read("/api/v1/problems/unheard-of", 404)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(
    ("scheme", "width"),
    [("dark", 390)]
    + [pytest.param(*look, marks=pytest.mark.nightly) for look in (("light", 1440), ("dark", 1440), ("light", 390))],
)
def test_the_pages_are_for_everybody(server: str, page: Page, scheme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{server}/api/v1/docs")
    page.locator("details").first.evaluate("one => { one.open = true }")

    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(f"{server}/api/v1/problems/conflict")
    assert axe_violations(page) == []
