# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each rule about our own source, which is green without, finds what it forbids when that is planted."""

import ast
import textwrap
from collections.abc import Callable

import pytest

from plein.tests import sources
from plein.tests import test_isolation_rules as isolation
from plein.tests import test_security_rules as rules
from plein.tests import test_what_there_is_none_of as none_of

type Rule = Callable[[], None]
NAME = "outbox/actions/planted.py"
PLANTED: list[tuple[Rule, str]] = [
    (rules.test_every_connection_leaves_by_the_one_way_out, "import socket"),
    (rules.test_every_connection_leaves_by_the_one_way_out, "from urllib.request import urlopen"),
    (rules.test_no_client_follows_to_another_place_or_trusts_without_looking, "context.verify_mode = ssl.CERT_NONE"),
    (rules.test_no_client_follows_to_another_place_or_trusts_without_looking, "ssl._create_unverified_context()"),
    (rules.test_no_client_follows_to_another_place_or_trusts_without_looking, "get(url, follow_redirects=True)"),
    (rules.test_what_strangers_made_is_read_where_it_can_do_no_harm, "import zipfile"),
    (rules.test_processes_are_started_with_words_and_never_with_a_line_for_a_shell, "import subprocess"),
    (rules.test_processes_are_started_with_words_and_never_with_a_line_for_a_shell, "os.system(line)"),
    (rules.test_nothing_that_was_typed_becomes_a_pattern, "re.search(typed, text)"),
    (rules.test_no_template_and_no_format_is_made_of_what_was_typed, "typed.format(person)"),
    (rules.test_no_template_and_no_format_is_made_of_what_was_typed, "from django.template import Template"),
    (rules.test_what_nobody_may_guess_comes_from_the_system_and_is_long, "import random"),
    (rules.test_what_nobody_may_guess_comes_from_the_system_and_is_long, "secrets.token_hex(4)"),
    (rules.test_only_known_hashes_and_ciphers_are_used, "hashlib.md5(data)"),
    (rules.test_only_known_hashes_and_ciphers_are_used, "hmac.new(key, data, 'sha1')"),
    (rules.test_only_known_hashes_and_ciphers_are_used, "from cryptography.hazmat.primitives.ciphers import modes"),
    (rules.test_a_context_ends_with_its_transaction, "execute(\"SELECT set_config('plein.workspace', %s, false)\")"),
    (rules.test_every_writable_field_is_named, "class Form:\n  class Meta:\n    fields = '__all__'"),
    (rules.test_every_writable_field_is_named, "class Out(ModelSchema):\n  pass"),
    (rules.test_no_order_or_field_is_taken_from_a_request, "rows.order_by(request.GET['sort'])"),
    (rules.test_nobody_is_sent_where_a_request_says, "redirect(request.GET['next'])"),
    (rules.test_an_act_asks_for_the_right_to_that_act, "def delete_it(*, actor):\n  permit(actor, 'read')"),
    (rules.test_an_edit_says_what_it_was_based_on, "def edit_it(*, actor, changes):\n  pass"),
    (rules.test_mail_leaves_by_a_job_or_to_whoever_asked_for_it, "from plein.channels.post import post"),
    (
        rules.test_leases_are_judged_by_the_clock_of_the_database_and_have_a_number,
        "x = 'UPDATE t SET lease_until = %s'",
    ),
    (rules.test_nothing_reads_settings_of_debugging, "import pdb"),
    (isolation.test_few_become_a_role_that_sees_more, "execute('SET LOCAL ROLE plein_keeper')"),
    (isolation.test_few_become_a_role_that_sees_more, "connections['owner'].cursor()"),
    (isolation.test_few_ask_past_the_managers_that_scope, "Relation._base_manager.all()"),
    (isolation.test_functions_that_see_more_are_made_where_the_protection_is, "x = 'LANGUAGE sql SECURITY DEFINER'"),
    (isolation.test_a_kept_file_is_opened_after_asking_for_its_record, "blobs.path_of(typed)"),
    (none_of.test_oauth_is_spoken_as_a_client_alone, "from oauthlib.oauth2 import RequestValidator"),
    (none_of.test_tokens_that_say_themselves_who_one_is_are_only_read_from_providers, "import jwt"),
    (none_of.test_xml_is_read_in_one_place_by_a_parser_that_refuses_entities, "import xml.etree.ElementTree"),
    (none_of.test_xml_is_read_in_one_place_by_a_parser_that_refuses_entities, "tree.xpath(typed)"),
    (none_of.test_no_answer_is_kept_outside_the_process_that_gave_it, "from django.core.cache import cache"),
    (none_of.test_memory_is_the_business_of_the_language, "import ctypes"),
    (none_of.test_no_client_proves_itself_by_a_certificate, "x = 'SSL_CLIENT_VERIFY'"),
    (none_of.test_nobody_is_asked_a_question_only_they_should_know, "x = 'Your secret question'"),
]


def plant(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """The same source, and one file more."""
    tree = ast.parse(textwrap.dedent(text))
    more = tuple((NAME, node) for node in ast.walk(tree))
    trees, nodes, before = sources.trees(), sources.nodes(), sources.imports()
    called = tuple((NAME, node, ast.unparse(node.func)) for _name, node in more if isinstance(node, ast.Call))
    imported = []
    for _name, node in more:
        if isinstance(node, ast.Import):
            imported += [(NAME, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported += [(NAME, f"{node.module}.{alias.name}") for alias in node.names]
    planted = {
        "trees": (*trees, (NAME, tree)),
        "nodes": (*nodes, *more),
        "calls": (*sources.calls(), *called),
        "imports": (*before, *imported),
    }
    for module in (sources, rules, none_of, isolation):
        for name, value in planted.items():
            if hasattr(module, name):
                monkeypatch.setattr(module, name, lambda value=value: value)


@pytest.mark.parametrize(("rule", "text"), PLANTED, ids=[text[:40] for _rule, text in PLANTED])
def test_a_rule_finds_what_it_forbids(rule: Rule, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, text)

    with pytest.raises(AssertionError):
        rule()
