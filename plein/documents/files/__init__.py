# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads foreign files in a process of its own: text in, words out. Knows neither Django nor the tables."""

from plein.documents.files.letters import Program, program
from plein.documents.files.limits import Limits, Refused
from plein.documents.files.reader import Answer, read_files

__all__ = ["Answer", "Limits", "Program", "Refused", "program", "read_files"]
