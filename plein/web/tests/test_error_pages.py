# SPDX-License-Identifier: AGPL-3.0-or-later
import re

import pytest
from django.test import RequestFactory

from plein.web import errors


@pytest.mark.parametrize("status", errors.EXPLANATIONS)
def test_an_error_is_explained_without_a_user_or_a_database(status: int) -> None:
    response = errors.error_page(RequestFactory().get("/nowhere/"), status)

    text = response.content.decode()
    assert response.status_code == status
    assert str(errors.EXPLANATIONS[status].title) in text
    # Names of files carry a mark of their content, in which any number may turn up.
    assert str(status) not in re.sub(r'"/static/[^"]*"', "", text)
    assert "!" not in text.replace("<!doctype", "")


def test_a_fragment_gets_a_strip_instead_of_a_page() -> None:
    response = errors.error_page(RequestFactory().get("/nowhere/", headers={"HX-Request": "true"}), 403)

    assert response.content.decode().strip().startswith('<div class="banner error" role="alert">')


def test_broken_templates_still_end_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "EXPLANATIONS", {})

    response = errors.server_error(RequestFactory().get("/"))

    assert response.status_code == 500 and b"The fault is ours" in response.content
