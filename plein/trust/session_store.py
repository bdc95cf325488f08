# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where sessions are kept: as Django keeps them, but under the hash of their key, and by user."""

import hashlib
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from plein.core.ids import now
from plein.trust.models import StoredSession, User


def digest_of_key(key: str) -> str:
    """Under what the session of a key is found. A key has 160 random bits or more, so no salt is needed."""
    return hashlib.sha256(f"session:{key}".encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """The key itself is in the cookie and nowhere else. `owner` is whose session it is, read along with it."""

    owner: User | None = None

    @classmethod
    def get_model_class(cls) -> type[StoredSession]:
        return StoredSession

    def _get_session_from_db(self) -> StoredSession | None:
        digest = digest_of_key(self.session_key or "")
        found = StoredSession.objects.filter(session_key=digest, expire_date__gt=now()).select_related("user").first()
        if found is None:
            self._session_key = None
        else:
            self.owner = found.user
        return found

    def exists(self, session_key: str) -> bool:
        return StoredSession.objects.filter(session_key=digest_of_key(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> StoredSession:
        key = self.session_key
        assert key is not None, "Django makes the key first"
        return StoredSession(
            session_key=digest_of_key(key),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=data.get(SESSION_KEY),
        )

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            StoredSession.objects.filter(session_key=digest_of_key(key)).delete()
