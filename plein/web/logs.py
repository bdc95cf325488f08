# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is written down about trouble: where it happened and of what kind, never whom or what it was about."""

import logging
import re
import time
import traceback

import psycopg

#: The secret of a one-time link, wherever an address is written down.
LINK = re.compile(r"(/sign-in/|/open/)[\w-]{8,}")
#: What could end a line, or colour a terminal, is written as its number: a message is always one line.
ACTING = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)}


class PlainFormatter(logging.Formatter):
    """One line, and for an error its kind and the lines of code it went through.

    The text of an error may quote a value (`Key (email)=(…) already exists`), so it stays out.
    """

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    @staticmethod
    def converter(seconds: float | None = None) -> time.struct_time:
        """The clock of the world, whatever the zone of this machine."""
        return time.gmtime(seconds)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Write the line itself, whatever its message holds."""
        record.message = record.message.translate(ACTING)
        return super().formatMessage(record)

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
