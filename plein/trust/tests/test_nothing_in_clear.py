# SPDX-License-Identifier: AGPL-3.0-or-later
"""No secret stands readable in the database: not in a column that is named like one, and not anywhere else."""

import json
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connections
from django.test import Client

from plein.core.isolation import no_workspace
from plein.trust import code_apps, recovery_codes, secret_box
from plein.trust.actions import (
    ProviderFacts,
    change_password,
    make_one_time_link,
    make_token,
    set_provider,
    want_reset,
)
from plein.trust.models import CodeApp, User
from plein.trust.seats import entered

SignIn = Callable[[User], Client]
#: Words in the name of a column that promise a secret, and how each column of that kind keeps it.
TELLING = ("secret", "password", "token", "sealed", "digest", "credential", "private", "key", "code", "session")
MARKER = "zeer-geheim-merkteken"


def test_every_column_that_is_named_like_a_secret_has_an_answer() -> None:
    """A new one is written down here, with how it is kept, and gets its marker below."""
    kept = {
        "api_kept_answer.digest": "hash",
        "api_kept_answer.sealed": "sealed",
        "trust_api_token.digest": "hash of 256 random bits",
        "trust_attempt.digest": "keyed hash",
        "trust_code_app.sealed": "sealed",
        "trust_one_time_link.digest": "hash of 256 random bits",
        "trust_passkey.credential": "public half of a key pair",
        "trust_passkey.credential_id": "no secret: a number of the device's",
        "trust_recovery_code.digest": "keyed hash",
        "trust_secret.sealed": "sealed",
        "trust_session.session_data": "no secret; what is one in it is sealed",
        "trust_session.session_key": "hash of the key in the cookie",
        "trust_user.password": "Argon2id",
    }
    found = set()
    for model in apps.get_app_config("trust").get_models():
        for field in model._meta.fields:
            if any(word in field.name for word in TELLING) and field.get_internal_type() != "BooleanField":
                found.add(f"{model._meta.db_table}.{field.column}")
    ours = {name for name in kept if name.startswith("trust_")}
    assert found - {"trust_circle.key"} == ours


def everything() -> str:
    """The whole database as text, read by who sees every row; bytes are read as text too."""
    said = []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            said += [line for (line,) in cursor.fetchall()]
    return "\n".join(said)


def test_fifty_secrets_are_nowhere_in_the_database(
    alice: User, bob: User, signed_in: SignIn, judge: Callable[..., None]
) -> None:
    planted = [f"{MARKER}-{number}" for number in range(40)]
    facts = ProviderFacts("Bedrijf", "https://id.example", "plein", False, False, [], "member")
    with entered(alice) as actor:
        for number, marker in enumerate(planted[:-3]):
            secret_box.put(f"imap:{number}", json.dumps({"password": marker}))
        set_provider(actor=actor, provider_id=bob.id, facts=facts, secret=planted[-3])
        planted.append(make_token(user=alice, workspace=actor.workspace_id, scope="all"))
    with no_workspace("test"):
        change_password(user=bob, password=planted[-3])
        CodeApp.objects.create(user=bob, sealed=code_apps.seal(bob, b"geheim van de app .."))
        planted += ["geheim van de app", *(code.replace("-", "") for code in recovery_codes.renew(bob))]
        planted.append(make_one_time_link(user=bob).split("/")[-2])
        want_reset(email=f"{MARKER}@plein.example")
    planted.append(signed_in(alice).cookies["plein"].value)

    with entered(alice):
        whole = everything()
    readable = whole + "\n".join(_unhexed(whole))

    hits = [one for one in planted if one in readable] + ([MARKER] if MARKER in readable else [])
    judge("encryption at rest: planted secrets found", goal="0 of 50", measured=len(hits), is_good=not hits)
    assert len(planted) >= 50 and hits == []


def _unhexed(text: str) -> list[str]:
    found = []
    for part in text.split('"\\\\x')[1:]:
        digits = part.partition('"')[0]
        found.append(bytes.fromhex(digits).decode("latin-1") if len(digits) % 2 == 0 else "")
    return found


def test_the_search_for_markers_finds_what_stands_in_clear(alice: User) -> None:
    with entered(alice):
        User.objects.filter(id=alice.id).update(name=MARKER)
        assert MARKER in everything()
    with pytest.raises(secret_box.Unopenable):
        secret_box.unseal("somebody", b"nothing")
