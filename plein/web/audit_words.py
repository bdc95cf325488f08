# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the audit log says happened, as a sentence for people; operations have theirs in `verbs.py`."""

from datetime import UTC, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from plein.trust.models import Role
from plein.web import verbs

EVENTS: dict[str, str | Promise] = {
    "add_code_app": _("Added a code app"),
    "add_connection": _("Added a connection"),
    "add_hook": _("Made an address for a program"),
    "add_out_hook": _("Began to tell a program what happens here"),
    "add_passkey": _("Added a passkey"),
    "agree_endpoint": _("Agreed that a language model is asked"),
    "backup": _("Wrote a backup"),
    "change_connection": _("Set a connection anew"),
    "change_hook": _("Said anew what a program tells"),
    "change_out_hook": _("Told a program something else"),
    "change_password": _("Chose another password"),
    "delete": _("Removed"),
    "end_sessions": _("Ended sessions"),
    "export": _("Took along as a file"),
    "export_log": _("Took the audit log along as a file"),
    "first_use_of_device_key": _("Used the password of a device for the first time"),
    "first_use_of_token": _("Used a token for the first time"),
    "give_seat": _("Gave a place"),
    "join_team": _("Put in a team"),
    "leave_team": _("Taken out of a team"),
    "make_page_link": _("Made a link to somebody's own page"),
    "open_my_page": _("Somebody opened their own page"),
    "make_link": _("Made a link to come in with"),
    "make_device_key": _("Made a password for a device"),
    "make_token": _("Made a token"),
    "read": _("Looked at"),
    "refused": _("Was refused"),
    "rotate_keys": _("Took a fresh secret key"),
    "proof_failed": _("Failed to prove who they are"),
    "remove_code_app": _("Removed a code app"),
    "remove_connection": _("Removed a connection"),
    "remove_endpoint": _("Had no language model asked any more"),
    "remove_hook": _("Took the address of a program away"),
    "renew_out_hook": _("Gave a program a fresh secret"),
    "renew_hook": _("Gave a program a new address"),
    "remove_out_hook": _("Told a program nothing any more"),
    "remove_passkey": _("Removed a passkey"),
    "remove_second_factor": _("Removed every second proof"),
    "renew_recovery_codes": _("Made new recovery codes"),
    "restore": _("Restored from a backup"),
    "revoke_device_key": _("Revoked the password of a device"),
    "revoke_token": _("Revoked a token"),
    "second_step_failed": _("Failed the second proof"),
    "set_exchange": _("Said how the telephone exchange calls"),
    "sign_in": _("Signed in"),
    "sign_in_failed": _("Failed to sign in"),
}
#: What the page offers to look for: its words, and the events behind them.
GROUPS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "": (_("Everything"), ()),
    "looked": (_("Looked at"), ("read",)),
    "taken": (_("Taken along"), ("export", "export_log")),
    "in": (
        _("Coming in"),
        (
            "sign_in",
            "second_step_failed",
            "proof_failed",
            "end_sessions",
            "change_password",
            "add_code_app",
            "add_passkey",
            "remove_code_app",
            "remove_passkey",
            "remove_second_factor",
            "renew_recovery_codes",
            "make_token",
            "first_use_of_token",
            "revoke_token",
            "make_device_key",
            "first_use_of_device_key",
            "revoke_device_key",
        ),
    ),
    "rights": (
        _("Rights"),
        ("invite", "make_link", "give_seat", "change_seat", "join_team", "leave_team", "change_circle",
         "change_moment_circle", "move_relations", "move_moments", "refused"),
    ),
    "consent": (
        _("Consent"),
        ("record_consent", "import_consents", "add_never_contact", "remove_never_contact", "decide_on_my_page",
         "restrict_person", "lift_restriction", "ask_on_my_page", "answer_request", "extend_request"),
    ),
    "undone": (_("Removed and turned back"), ("delete", "erase_subject", "undo")),
}  # fmt: skip
KINDS = {
    "relation": ngettext_lazy("%(count)s relation", "%(count)s relations"),
    "person": ngettext_lazy("%(count)s person", "%(count)s people"),
    "organization": ngettext_lazy("%(count)s organization", "%(count)s organizations"),
    "moment": ngettext_lazy("%(count)s contact moment", "%(count)s contact moments"),
    "attachment": ngettext_lazy("%(count)s file", "%(count)s files"),
    "todo": ngettext_lazy("%(count)s to-do", "%(count)s to-dos"),
}
HOW: dict[str, str | Promise] = {
    "list": _("in a list"),
    "search": _("in what was found"),
    "file": _("as a file"),
    "history": _("in its history"),
}


def sentence(event: str) -> str:
    """What happened, in words."""
    return str(EVENTS[event]) if event in EVENTS else verbs.sentence(event)


def counted(kind: str, count: int, most: int) -> str:
    """How many of a kind it was about, counted no further than `most`."""
    if kind not in KINDS or not count:
        return ""
    words: str = KINDS[kind] % {"count": f"{most:,}+" if count > most else count}
    return words


def detail(event: str, facts: dict[str, Any]) -> str:
    """What else there is to say of it: from which role to which, in which form."""
    if "role" in facts:
        return " → ".join(str(Role(facts[name]).label) for name in ("was", "role") if facts.get(name) in Role.values)
    if "look" in facts:
        return _now("through the eyes of a colleague")
    if event == "restore" and facts.get("made"):
        return date_format(localtime(datetime.fromtimestamp(facts["made"], UTC)), "j F Y, H:i")
    if event == "undo" and facts.get("undone"):
        return verbs.sentence(str(facts["undone"]))
    return str(facts.get("format", "")).upper()
