# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein assistant`: the door for assistants over standard input and output, for one on this machine."""

import argparse
import os

from plein.assistant.holder import good_token
from plein.assistant.server import make_server
from plein.cli.speech import CommandTrouble

HELP = "serve an assistant on this machine over standard input and output (Model Context Protocol)"
VARIABLE = "PLEIN_TOKEN"
needs_database = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = f"The token of whoever the assistant works for is read from {VARIABLE}."


def run(arguments: argparse.Namespace) -> int:
    del arguments
    secret = os.environ.get(VARIABLE, "")
    if good_token(secret) is None:
        raise CommandTrouble(f"Put a token that works in {VARIABLE}: `plein token EMAIL --scope write` makes one.")
    make_server(secret).run("stdio")
    return 0
