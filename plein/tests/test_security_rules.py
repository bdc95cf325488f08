# SPDX-License-Identifier: AGPL-3.0-or-later
"""What no file of ours may hold: ways out, children, parsers, randomness and hashes stand where they are looked after.

Each list names the files that may, and says why. A new one is read by somebody before it is written down here.
"""

import ast
import re

from django.apps import apps
from django.db import models

from plein.core.records import Record, WorkspaceRecord
from plein.tests.sources import calls, importers, nodes, trees

#: Who opens a connection. All of it goes to an address that `core.outside` looked at, but for what stays inside.
WAYS_OUT = {
    "core/outside.py": "the one way out",
    "core/web_client.py": "asks over the web, through outside",
    "channels/smtp.py": "hands over mail, through outside",
    "channels/net.py": "the web for connectors, through outside",
    "channels/lines.py": "reads and writes what net.py connected",
    "channels/connectors/imap/line.py": "speaks IMAP over what net.py connected",
    "channels/live.py": "says what a connection is, and opens none",
    "notifications/push.py": "wakes devices, through outside",
    "operate/supervisor.py": "asks our own web process whether it is ready",
    "cli/web.py": "listens",
    "core/leases.py": "the name of this machine",
}
INSIDE = {
    "channels/lines.py", "channels/live.py", "channels/connectors/imap/line.py",
    "operate/supervisor.py", "cli/web.py", "core/leases.py",
}  # fmt: skip
NETWORK = ("socket", "http.client", "urllib.request", "urllib3", "requests", "httpx", "aiohttp", "smtplib", "imaplib",
           "poplib", "ftplib", "telnetlib", "xmlrpc", "webpush")  # fmt: skip
#: Who reads what strangers made, each in a process of its own with limits.
PARSERS = {
    "core/workbooks.py": "workbooks; a child with limits",
    "core/pdf_pages.py": "pictures of pages; a child with limits",
    "channels/connectors/calendar/times.py": "the names that Windows has for zones: nothing is read with it",
    "dav/xml.py": "questions of a colleague's own device; no DTD, 2 MB, 20 deep, 60,000 elements",
    "channels/connectors/dav/answers.py": "answers of a server of a colleague; no DTD, 64 MB, 2,000,000 tags",
    **dict.fromkeys(("outbox/invited.py", "outbox/inviting.py", "lists/export/opensheet.py"), "only writes"),
    "dav/ics.py": "an event of a colleague's own device; 1 MB, 2,000 parts",
    "core/html.py": "cleans the HTML of mail, in Rust, without running it",
    "operate/archive.py": "our own backups, whose contents are sealed and checked by their hashes",
}
READ_IN_A_CHILD = ("channels/connectors/mail/", "channels/connectors/archives/", "documents/files/")
#: Who starts a process: always a list of words, never a line for a shell.
CHILDREN = {
    "operate/cluster.py", "operate/dump.py", "operate/identity.py", "operate/keeper.py", "operate/supervisor.py",
    "channels/connectors/archives/reader.py",
    "channels/connectors/mail/reader.py", "core/pdf_pages.py", "core/workbooks.py", "documents/files/letters.py",
    "documents/files/reader.py", "identity/book/extra.py",
    "moments/intake/sweep.py",
}  # fmt: skip
#: Patterns that are put together from words; all of these are ours and stand in the source.
OWN_WORDS = {
    "channels/connectors/mail/sweep_figures.py": "the names of months",
    "channels/connectors/mail/mbox.py": "the names of months",
    "channels/reader_words.py": "sentences of the reader, escaped word by word",
    "documents/reader_words.py": "sentences of the reader, escaped word by word",
    "erasure/spool.py": "addresses, each escaped",
    "lists/export/cells.py": "signs and places, constants of the file",
    "moments/intake/forgetting.py": "addresses, each escaped",
    "recognition/mentions/days.py": "the names of months, days and hours",
    "opinions/redaction.py": "what a text names, each escaped",
    "metadata/reading.py": "the sign between thousands, of two that are known",
    "relations/networks.py": "the networks of the file",
}
#: Chance that need not be secret: made-up companies, and how long to wait.
CHANCE = (
    "example/", "generate/", "hooks/telling.py", "moments/hearing/backing_off.py",
    "opinions/actions.py", "outbox/actions/delivering.py", "recognition/training/",
)  # fmt: skip
HASHES = {"sha256", "file_digest", "blake2b", "digest", "new", "compare_digest"}
CIPHERS = {
    "cryptography.fernet",
    "cryptography.hazmat.primitives.ciphers.aead.AESGCM",
    "cryptography.hazmat.primitives.kdf",
}
#: Beside ciphers: codes of apps are SHA-1 by their standard, and keys that wake devices are on P-256.
STANDARDS = {"trust/code_apps.py", "notifications/push.py"}
MAIL_LEAVES = {
    "asking/tasks.py": "letters of the house to who is asked next, sent by a job",
    "channels/post.py": "the post office itself",
    "channels/own_post.py": "tries an outgoing server, and says for whom it sends",
    "channels/actions/addresses.py": "the letter that proves an address to whoever asked for it",
    "channels/actions/mail_server.py": "the trial letter to whoever sets a server",
    "channels/house.py": "letters of the house, sent by a job",
    "channels/api/__init__.py": "what may be raised",
    "channels/views.py": "what may be raised",
    "moments/views/connection_addresses.py": "what may be raised",
    "moments/api/connection_addresses.py": "what may be raised",
    "notifications/digest.py": "sent by a job",
    "outbox/actions/sending.py": "asks whether there is a server",
    "outbox/actions/delivering.py": "the outbox, sent by a job",
    "outbox/lettering.py": "what the outbox sends, made ready for its job",
    "outbox/posting.py": "what may be raised, and how what was said on a network is told",
    "outbox/tasks.py": "what may be raised",
    "outbox/underway.py": "what hands a mail over, called by the job",
}


#: Who leads on to where a request says, and why that is a page of ours.
LEADS_ON = {
    "web/history.py": "asks whether there is a `next`, and goes where that safely leads",
    "web/former_addresses.py": "the same address, which was a page of ours, with another id",
}


def text_of(node: ast.AST) -> str:
    return ast.unparse(node)


def test_every_connection_leaves_by_the_one_way_out() -> None:
    found = importers(*NETWORK)

    assert found == set(WAYS_OUT)
    through = importers("plein.core.outside") | {"core/outside.py"}
    assert found - INSIDE <= through


def test_no_client_follows_to_another_place_or_trusts_without_looking() -> None:
    wrong = []
    for name, node in nodes():
        text = str(getattr(node, "attr", "") or getattr(node, "id", "") or getattr(node, "arg", "") or "")
        if re.search(
            r"CERT_NONE|CERT_OPTIONAL|_create_unverified|check_hostname|PROTOCOL_(TLS|SSL)|^SSLContext$", text
        ):
            wrong.append((name, text))
        if isinstance(node, ast.keyword) and node.arg in ("verify", "follow_redirects", "allow_redirects"):
            wrong.append((name, text))
    contexts = {called for _name, _call, called in calls() if called.startswith("ssl.")}

    assert wrong == []
    assert {one.partition("(")[0] for one in contexts} == {"ssl.create_default_context"}


def test_what_strangers_made_is_read_where_it_can_do_no_harm() -> None:
    found = importers("zipfile", "tarfile", "gzip", "bz2", "lzma", "icalendar", "pypdfium2", "nh3", "defusedxml", "PIL",
                      "email.parser", "email.message_from_bytes", "html.parser")  # fmt: skip

    assert {name for name in found if not name.startswith(READ_IN_A_CHILD)} == set(PARSERS)


def test_processes_are_started_with_words_and_never_with_a_line_for_a_shell() -> None:
    wrong = []
    for name, call, called in calls():
        given = {keyword.arg for keyword in call.keywords}
        if called in ("os.system", "os.popen", "os.spawnl", "subprocess.getoutput", "subprocess.call", "pty.spawn"):
            wrong.append((name, called))
        if called.startswith("subprocess.") and "shell" in given:
            wrong.append((name, "shell"))
        first = call.args[0] if called in ("subprocess.run", "subprocess.Popen") and call.args else None
        if isinstance(first, ast.Constant | ast.JoinedStr | ast.BinOp):
            wrong.append((name, text_of(first)))

    assert wrong == []
    assert importers("subprocess", "pty") == CHILDREN


def _is_fixed(node: ast.AST) -> bool:
    """Whether a pattern is put together from what stands in the source alone."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        return node.id.isupper()
    if isinstance(node, ast.JoinedStr):
        return all(_is_fixed(one.value if isinstance(one, ast.FormattedValue) else one) for one in node.values)
    if isinstance(node, ast.BinOp):
        return _is_fixed(node.left) and _is_fixed(node.right)
    return isinstance(node, ast.Call) and text_of(node.func) == "re.escape"


def test_nothing_that_was_typed_becomes_a_pattern() -> None:
    makers = {f"re.{verb}" for verb in ("compile", "match", "search", "fullmatch", "sub", "findall", "finditer")}
    found = {name for name, call, called in calls() if called in makers and call.args and not _is_fixed(call.args[0])}

    assert found <= set(OWN_WORDS)


def test_no_template_and_no_format_is_made_of_what_was_typed() -> None:
    wrong = [(name, called) for name, _call, called in calls() if called.rpartition(".")[2] == "from_string"]
    assert not importers("django.template.Template", "django.template.Engine", "jinja2", "mako", "string.Formatter")
    for name, call, called in calls():
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        if called.endswith(".format_map"):
            wrong.append((name, called))
        if called.endswith(".format") and isinstance(owner, ast.Name) and not owner.id.lstrip("_").isupper():
            wrong.append((name, called))

    # Each of these is a constant of its file, whatever the name it has inside a function.
    assert sorted(set(wrong)) == [
        ("core/isolation/search.py", "away.format"),
        ("example/writing.py", "pattern.format"),
        ("moments/intake/sweep.py", "line.format"),
    ]


def test_what_nobody_may_guess_comes_from_the_system_and_is_long() -> None:
    careless = {name for name in importers("random", "numpy.random") if not name.startswith(CHANCE)}
    short = [
        (name, text_of(call))
        for name, call, called in calls()
        if called in ("secrets.token_urlsafe", "secrets.token_bytes", "secrets.token_hex")
        and not (call.args and isinstance(call.args[0], ast.Constant) and int(str(call.args[0].value)) >= 16)
    ]

    assert careless == set()
    # Names of drafts of a file, a mark that tells two keys of a field apart, and constants of 20 and 32 bytes.
    assert {name for name, _call in short} == {
        "metadata/actions/fields.py", "operate/keyring.py", "operate/places.py", "operate/sealed_file.py",
        "trust/code_apps.py",
    }  # fmt: skip
    assert importers("random") & {"outbox/actions/delivering.py"} and "SystemRandom" in {
        text_of(node) for name, node in nodes() if name == "outbox/actions/delivering.py" and isinstance(node, ast.Name)
    }


def test_only_known_hashes_and_ciphers_are_used() -> None:
    wrong = []
    for name, call, called in calls():
        module, _dot, verb = called.rpartition(".")
        if module in ("hashlib", "hmac") and verb not in HASHES:
            wrong.append((name, called))
        if called in ("hmac.new", "hmac.digest") and re.search(r"md5|sha1|sha224", text_of(call)):
            wrong.append((name, text_of(call)))
    used = {
        (name, module)
        for name, module in _imports_of("cryptography")
        if not module.startswith(tuple(CIPHERS)) and name not in STANDARDS
    }

    assert wrong == []
    assert {module.rpartition(".")[2] for _name, module in used} <= {"InvalidTag", "SHA256"}
    assert importers("Crypto", "nacl", "M2Crypto", "rsa", "ecdsa", "passlib", "bcrypt") == set()


def _imports_of(package: str) -> list[tuple[str, str]]:
    found = []
    for name, node in nodes():
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == package:
            found += [(name, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def test_a_context_ends_with_its_transaction() -> None:
    wrong = []
    for name, node in nodes():
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        for setting in re.findall(r"set_config\(([^()]*)\)", node.value):
            if not setting.rstrip().endswith("true"):
                wrong.append((name, setting))
        if re.search(r"\bSET (SESSION|ROLE|plein\.)", node.value) and "SET LOCAL" not in node.value:
            wrong.append((name, node.value[:60]))

    assert wrong == []


def test_every_writable_field_is_named() -> None:
    wrong = []
    for name, node in nodes():
        if not isinstance(node, ast.ClassDef):
            continue
        bases = {text_of(base) for base in node.bases}
        for inner in ast.walk(node):
            if isinstance(inner, ast.Assign) and text_of(inner.targets[0]) in ("fields", "exclude", "model_fields"):
                is_all = text_of(inner.value) in ("'__all__'", "ALL_FIELDS")
                if is_all or text_of(inner.targets[0]) == "exclude":
                    wrong.append((name, node.name))
        if bases & {"ModelSchema", "ninja.ModelSchema"}:
            wrong.append((name, node.name))

    assert wrong == []


def test_no_order_or_field_is_taken_from_a_request() -> None:
    verbs = {
        "order_by",
        "values",
        "values_list",
        "annotate",
        "filter",
        "exclude",
        "only",
        "defer",
        "distinct",
        "group_by",
    }
    asked = re.compile(r"\.(GET|POST|headers|COOKIES)\b|\bpayload\.|cleaned_data")
    wrong = []
    for name, call, called in calls():
        if called.rpartition(".")[2] not in verbs:
            continue
        # A value beside its name travels as a parameter; what stands alone, or spread out, is a name.
        bare = [text_of(one) for one in call.args]
        wrong += [(name, text) for text in bare if asked.search(text) and not text.startswith(("Q(", "~Q("))]

    assert wrong == []


def test_nobody_is_sent_where_a_request_says() -> None:
    asked = re.compile(r"\.(GET|POST|headers|META|COOKIES)\b|cleaned_data|get_full_path|build_absolute_uri")
    wrong = []
    for name, call, called in calls():
        if called not in ("redirect", "HttpResponseRedirect", "HttpResponsePermanentRedirect") or not call.args:
            continue
        text = text_of(call.args[0])
        if asked.search(re.sub(r"safe_next\([^()]*(?:\([^()]*\))?[^()]*\)|urlencode\(.*?\)", "", text)):
            wrong.append((name, text))

    assert {name for name, _text in wrong} == set(LEADS_ON)


def test_what_everybody_can_name_is_random() -> None:
    numbered = {
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, Record | WorkspaceRecord)
        and any(isinstance(field, models.AutoField) for field in model._meta.fields)
    }

    assert numbered == set()


def test_nothing_about_people_is_unique_across_circles() -> None:
    personal = re.compile(r"name|mail|phone|address|text|value|title|subject|note|birth|digest")
    found = set()
    for model in apps.get_models():
        if not issubclass(model, WorkspaceRecord):
            continue
        for constraint in model._meta.constraints:
            fields = getattr(constraint, "fields", ())
            if isinstance(constraint, models.UniqueConstraint) and any(personal.search(one) for one in fields):
                found.add(constraint.name)
        found |= {f"{model._meta.db_table}.{field.name}" for field in model._meta.fields
                  if field.unique and not field.primary_key and personal.search(field.name)}  # fmt: skip

    # Within one circle, of one's own device, of one's own request, the name of a password of ours, and how common a
    # name is among whom everyone sees.
    known = {"relations_tag_name", "notifications_device_once", "api_answer_once", "trust_secret_name"}
    assert found <= known | {"identity_term_value"}


def test_an_act_asks_for_the_right_to_that_act() -> None:
    wrong = []
    for name, tree in trees():
        if "/actions" not in name:
            continue
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            asked = re.findall(r"permit\(actor, '(\w+)'\)", text_of(node))
            if node.name.startswith(("delete_", "remove_")) and asked and set(asked) == {"read"}:
                wrong.append((name, node.name))
            if "operation('" in text_of(node) and asked and set(asked) == {"read"}:
                wrong.append((name, node.name))

    # About oneself alone: whether to be asked for introductions, and to stop looking.
    assert {act for _name, act in wrong} == {"set_own_choice", "stop_look"}


def test_an_edit_says_what_it_was_based_on() -> None:
    wrong = set()
    for name, tree in trees():
        if "/actions" not in name:
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("edit_"):
                given = {one.arg for one in node.args.kwonlyargs}
                if not given & {"based_on", "version"}:
                    wrong.add(node.name)

    # Parts of one line, saved whole from the form that shows them.
    assert wrong <= {"edit_membership", "edit_contact_point", "edit_tie"}


def test_mail_leaves_by_a_job_or_to_whoever_asked_for_it() -> None:
    assert importers("plein.channels.post", "plein.channels.smtp") == set(MAIL_LEAVES)


def test_leases_are_judged_by_the_clock_of_the_database_and_have_a_number() -> None:
    texts = [
        str(node.value)
        for _name, node in nodes()
        if isinstance(node, ast.Constant) and "lease_until" in str(node.value)
    ]
    taking = [text for text in texts if "UPDATE" in text and "SET" in text]

    assert taking and all("fence" in text for text in taking)
    assert [
        text for text in texts if re.search(r"lease_until (=|<|>) (?!clock_timestamp\(\)|NULL|now\(\))", text)
    ] == []


def test_nothing_reads_settings_of_debugging() -> None:
    assert not [name for name, node in nodes() if isinstance(node, ast.Attribute) and text_of(node) == "settings.DEBUG"]
    assert importers("pdb", "debug_toolbar", "silk", "django.views.debug", "werkzeug", "code") == set()
