# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is written down about trouble: where it happened and of what kind, never whom or what it was about."""

import logging
import re
import traceback

import psycopg

#: The secret of a one-time link, wherever an address is written down.
LINK = re.compile(r"(/sign-in/)[\w-]{8,}")


class PlainFormatter(logging.Formatter):
    """One line, and for an error its kind and the lines of code it went through.

    The text of an error may quote a value (`Key (email)=(…) already exists`), so it stays out.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write one record, without the secrets of links."""
        return LINK.sub(r"\1…", super().format(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's own name
        """Write down the chain of errors and where each one passed."""
        error = ei[1] if isinstance(ei, tuple) else None
        lines = []
        while isinstance(error, BaseException):
            state = f" {error.sqlstate}" if isinstance(error, psycopg.Error) and error.sqlstate else ""
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}{state}")
            lines += [
                f"  {frame.filename}:{frame.lineno} in {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            error = error.__cause__ or error.__context__
        return "\n".join(lines)
