# SPDX-License-Identifier: AGPL-3.0-or-later
"""The documentation is true: what it names exists, and what exists it names."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from plein.cli import main

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parent
DOCS = ROOT / "docs"
FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)\s#]*)(?:#([^)\s]*))?\)")
VARIABLE = re.compile(r"\b(PLEIN_[A-Z_]+|DATABASE(?:_OWNER)?_URL)\b")
READ = re.compile(r"""environ(?:\.get\(|\[)\s*["']([A-Z_]+)["']""")
COMMAND = re.compile(r"(?<!load )(?<![\w-])plein ([a-z].*)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
OUR_FILE = re.compile(r"(?:plein|tools|docs|deploy|requirements|bench)/[\w./-]*\w")
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")

type Command = tuple[str, ...]


def pages() -> list[Path]:
    """Every page of documentation."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "LICENSES").glob("*.md"), *DOCS.rglob("*.md")])


def text_of(paths: list[Path]) -> str:
    return "\n".join(path.read_text() for path in paths)


def code_of(text: str) -> Iterator[str]:
    """Each piece of code of a page: the lines of its blocks, fenced or indented, and what stands between backticks."""
    for block in FENCE.findall(text):
        yield from (line.strip() for line in block.splitlines()[1:-1])
    prose = FENCE.sub("", text)
    yield from re.findall(r"^    (\S.*)$", prose, re.MULTILINE)
    yield from INLINE.findall(prose)


def commands() -> dict[Command, set[str]]:
    """Every command there is, with its options."""
    found: dict[Command, set[str]] = {}

    def walk(parser: argparse.ArgumentParser, words: Command) -> None:
        nested = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        if not nested:
            found[words] = {option for action in parser._actions for option in action.option_strings}
        for action in nested:
            for word, below in action.choices.items():
                walk(below, (*words, word))

    walk(main._parser([]), ())
    return found


def named_commands(text: str) -> Iterator[tuple[Command, str]]:
    """Each command that a page types out, and the words behind it."""
    for code in code_of(text):
        if typed := COMMAND.search(code.partition(" #")[0]):
            yield tuple(typed[1].rstrip(")`").split()), typed[1]


def starts_with(words: Command, start: Command) -> bool:
    return words[: len(start)] == start


def slug(heading: str) -> str:
    """The anchor of a heading."""
    return re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-")


def test_every_command_in_the_documentation_exists() -> None:
    known = commands()
    wrong = []
    for path in pages():
        for words, line in named_commands(path.read_text()):
            fitting = [command for command in known if starts_with(words, command)]
            # A page may speak of a group, such as `plein import`.
            is_group = len(words) == 1 and any(command[:1] == words for command in known)
            options = set.union(*(known[command] for command in fitting)) if fitting else set()
            if not (fitting or is_group) or set(OPTION.findall(line)) - options - {"--help"}:
                wrong.append(f"{path.relative_to(ROOT)}: plein {line}")

    assert wrong == []


def test_every_command_is_in_the_readme() -> None:
    named = [words for words, _line in named_commands((ROOT / "README.md").read_text())]

    assert [command for command in commands() if not any(starts_with(words, command) for words in named)] == []


def test_every_variable_in_the_documentation_exists() -> None:
    sources = [*PACKAGE.rglob("*.py"), *(ROOT / "tools").glob("*"), ROOT / "Makefile", *(ROOT / "bench").rglob("*.py")]
    known = {name for path in sources if path.is_file() for name in VARIABLE.findall(path.read_text())}

    assert set(VARIABLE.findall(text_of(pages()))) - known == set()


def test_every_variable_is_documented() -> None:
    product = [path for path in PACKAGE.rglob("*.py") if not {"tests", "testing"} & set(path.parts)]
    ours = {name for name in READ.findall(text_of(product)) if VARIABLE.fullmatch(name)}
    all_of_them = {name for name in READ.findall(text_of(list(PACKAGE.rglob("*.py")))) if VARIABLE.fullmatch(name)}

    assert ours - set(VARIABLE.findall((DOCS / "operate" / "settings.md").read_text())) == set()
    assert all_of_them - set(VARIABLE.findall(text_of(pages()))) == set()


def test_every_link_leads_somewhere() -> None:
    broken = []
    for path in pages():
        for target, anchor in LINK.findall(FENCE.sub("", path.read_text())):
            if "://" in target or target.startswith("mailto:"):
                continue
            there = (path.parent / target).resolve() if target else path
            if not there.exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
            elif anchor and there.suffix == ".md":
                headings = re.findall(r"^#+ (.+)$", FENCE.sub("", there.read_text()), re.MULTILINE)
                if anchor not in map(slug, headings):
                    broken.append(f"{path.relative_to(ROOT)}: {target}#{anchor}")

    assert broken == []


def test_every_page_can_be_reached_from_its_index() -> None:
    for index, below in ((DOCS / "README.md", DOCS), (DOCS / "adr" / "README.md", DOCS / "adr")):
        linked = {(index.parent / target).resolve() for target, _ in LINK.findall(index.read_text()) if target}
        there = {path for path in below.rglob("*.md") if below.name == "adr" or path.parent.name != "adr"}

        assert there - linked - {index} == set()


def test_every_file_that_a_page_names_exists() -> None:
    missing = [
        f"{path.relative_to(ROOT)}: {named}"
        for path in pages()
        for code in code_of(path.read_text())
        for named in OUR_FILE.findall(code)
        if OUR_FILE.fullmatch(code.split(":")[0].rstrip("/")) and not (ROOT / named).exists()
    ]

    assert missing == []


def test_every_task_that_a_page_names_exists() -> None:
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {task for path in pages() for code in code_of(path.read_text()) for task in MAKE.findall(code)}

    assert named - known == set()


def test_every_package_has_its_place_in_the_architecture() -> None:
    page = (DOCS / "develop" / "architecture.md").read_text()
    packages = [path.parent.name for path in PACKAGE.glob("*/__init__.py")]

    assert [name for name in packages if f"`plein/{name}`" not in page] == []


def test_the_readme_begins_with_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    blocks = [block.strip() for block in re.findall(r"^```sh\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)]

    assert blocks[:2] == ["make run", "make test"]


def test_no_page_names_a_machine() -> None:
    personal = re.compile(r"/(?:home|root|Users)/\w|/work/")

    assert [str(path.relative_to(ROOT)) for path in pages() if personal.search(path.read_text())] == []
