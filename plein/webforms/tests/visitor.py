# SPDX-License-Identifier: AGPL-3.0-or-later
"""A visitor of a website as the tests use one: fills in a form, reads the mail, opens the link and confirms."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app

from plein.core.isolation import no_workspace
from plein.testing.mail_server import Box
from plein.trust.models import User
from plein.trust.seats import entered
from plein.webforms.actions import FormFacts, add_form
from plein.webforms.models import WebForm
from plein.webforms.stamps import salt_of

LINK = re.compile(r"http://[^/\s]+(/f/[\w-]{43}/confirm/[\w-]{43}/\?lang=\w\w)")
EMAIL = "ria@visser.example"


@dataclass
class Visitor:
    """One visitor of one form; `age` is for how long they had it open, in seconds."""

    form: WebForm
    client: Client = field(default_factory=Client)

    @property
    def path(self) -> str:
        return f"/f/{self.form.key}/"

    def stamp(self, page: str) -> str:
        """The stamp in a page."""
        found = re.search(r'name="stamp" value="([^"]+)"', page)
        assert found is not None
        return found[1]

    def fill(self, more: Mapping[str, str] = {}, *, lang: str = "en", age: float = 30, **answers: str | None) -> Any:
        """Open the form, and send it back with these answers."""
        page = self.client.get(self.path, {"lang": lang}).text
        sent = {"email": EMAIL, "name": "Ria Visser", "stamp": self.older(self.stamp(page), age), **answers, **more}
        return self.client.post(f"{self.path}?lang={lang}", encoded(sent), content_type=FORM)

    def older(self, stamp: str, age: float) -> str:
        """A stamp of some seconds before."""
        salt = salt_of(self.form.id)
        shown = signing.loads(stamp, salt=salt)
        return signing.dumps(shown | {"at": shown["at"] - age}, salt=salt)

    def press(self, link: str) -> Any:
        """Press the button behind a link."""
        return self.client.post(link, "", content_type=FORM)


FORM = "application/x-www-form-urlencoded"


def encoded(answers: dict[str, Any]) -> str:
    """Answers as a browser sends them."""
    return urlencode({name: value for name, value in answers.items() if value is not None}, doseq=True)


def form_of(user: User, **facts: Any) -> WebForm:
    """A new form of a colleague."""
    with entered(user) as actor:
        return add_form(actor=actor, facts=FormFacts(**{"name": "Site", "title_en": "Write us", **facts}))


def work() -> None:
    """What the worker does for forms."""
    with no_workspace("test"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo' "
            "AND (scheduled_at IS NULL OR scheduled_at < now()) RETURNING task_name, args"
        )
        jobs = [(name, args if isinstance(args, dict) else json.loads(args)) for name, args in cursor.fetchall()]
    for name, args in jobs:
        if name.startswith("webforms."):
            app.tasks[name].func(**args)


def words_of(box: Box, number: int = -1) -> str:
    """The text of a letter."""
    body = message_from_bytes(box.kept[number].data, policy=policy.default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(box: Box, number: int = -1) -> str:
    """The link in a letter."""
    found = LINK.search(words_of(box, number))
    assert found is not None
    return found[1]
