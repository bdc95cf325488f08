# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which operations are logged by themselves, whoever begins them; all else is logged where it is done."""

#: How the company is set up: said to everybody who may read the log.
SETTINGS = frozenset(
    {
        "add_never_contact",
        "add_purpose",
        "bring_purpose_back",
        "change_mail_server",
        "change_purpose",
        "change_sign_in",
        "change_workspace",
        "put_off_retention",
        "remove_mail_server",
        "remove_never_contact",
        "remove_sign_in",
        "retire_purpose",
        "set_own_pages",
        "set_retention",
        "set_measure",
        "set_thresholds",
        "set_steps",
        "set_sureness",
    }
)
#: Who sees what, what comes in by the thousand, what was turned back: said to who may see something of it.
OPERATIONS = SETTINGS | frozenset(
    {
        "add_field",
        "add_field_group",
        "allow_contact",
        "allow_contact_point",
        "bring_field_back",
        "change_circle",
        "change_file_circle",
        "change_tie_circle",
        "change_todo_circle",
        "change_values_circle",
        "look_as",
        "share_mail",
        "stop_looking",
        "change_field",
        "change_field_group",
        "change_moment_circle",
        "change_subject_circle",
        "change_text_circle",
        "delete_tag",
        "forbid_contact",
        "forbid_contact_point",
        "generate",
        "hear",
        "hear_hook",
        "import_archive",
        "import_consents",
        "import_mail",
        "import_contacts",
        "load_example",
        "merge_relations",
        "merge_tags",
        "move_moments",
        "move_relations",
        "redact_subject",
        "remove_example",
        "remove_field_group",
        "retire_field",
        "undo",
    }
)
