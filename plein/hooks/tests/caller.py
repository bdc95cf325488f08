# SPDX-License-Identifier: AGPL-3.0-or-later
"""A program as the tests use it: it signs what it sends, and sends it to the address it was given."""

import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from plein.core.ids import new_id, now
from plein.hooks.actions import HookFacts, add_hook, point_at
from plein.hooks.handling import Handling
from plein.hooks.models import Hook
from plein.hooks.signing import signature
from plein.trust.models import User
from plein.trust.seats import entered

RING = {"event": {"id": "c1", "caller": "+31201234567", "to": "+31881234567", "at": "2026-05-01T09:00:00Z"}}
POINTED = {"id": "/event/id", "phone": "/event/caller", "ours": "/event/to", "when": "/event/at"}


@dataclass
class Caller:
    """One program with its address and its secret."""

    user: User
    hook: Hook
    path: str
    secret: str
    client: Client = field(default_factory=Client)

    def call(self, payload: Any, *, id: str = "", age: int = 0, secret: str = "", **more: Any) -> Any:
        """Send something, signed by Standard Webhooks."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        name, stamp = id or f"msg_{new_id()}", str(int(now().timestamp()) - age)
        headers = {
            "webhook-id": name,
            "webhook-timestamp": stamp,
            "webhook-signature": "v1,AAAA " + signature(secret or self.secret, name, stamp, body),
        }
        return self.send(body, headers | more.pop("headers", {}), **more)

    def call_like_github(self, payload: Any, **headers: str) -> Any:
        """Send something, signed as GitHub does."""
        body = json.dumps(payload).encode()
        signed = "sha256=" + hmac.digest(self.secret.encode(), body, "sha256").hex()
        return self.send(body, {"X-Hub-Signature-256": signed, **headers})

    def send(self, body: bytes, headers: dict[str, str], content_type: str = "application/json") -> Any:
        """Send bytes."""
        return self.client.post(f"/hooks/in/{self.path}", body, content_type=content_type, headers=headers)

    def handled(self) -> int:
        """Let a worker take in what waits."""
        return Handling(self.user, self.hook_workspace, self.hook.id).run()

    @property
    def hook_workspace(self) -> int:
        return self.hook.workspace_id

    def fresh(self) -> Hook:
        """The hook as it is now."""
        with entered(self.user):
            found: Hook = Hook.objects.get(id=self.hook.id)
            return found


def caller_of(user: User, mapping: dict[str, str] | None = None, **facts: Any) -> Caller:
    """A new hook of a colleague, with what its calls mean."""
    with entered(user) as actor:
        opened = add_hook(actor=actor, facts=HookFacts(**{"name": "Telephone", "policy": "everyone", **facts}))
        hook = point_at(actor=actor, hook=opened.hook, mapping=mapping) if mapping else opened.hook
        return Caller(user, hook, opened.path, opened.secret)
