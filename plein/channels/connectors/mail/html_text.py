# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes readable text of an HTML body in one pass, whatever the HTML is like."""

import html
import re

# A tag ends at the next angle bracket of either kind, so that "<<<<<" costs nothing.
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})([^<>]*)>|<!--|<[!?][^<>]*>")
_SPACE = re.compile(r"[ \t\r\n\f\u00a0\u200b\u200c\ufeff]+")
_ALT = re.compile(r"""\balt\s*=\s*["']([^"'<>]{1,100})["']""", re.IGNORECASE)
_SKIPPED = {"script", "style", "head", "title", "template", "noscript", "object", "svg"}
_LINES = {
    "address", "article", "aside", "br", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table",
    "tr", "ul", "blockquote", "body", "html",
}  # fmt: skip
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre", "blockquote", "hr"}


class _Writer:
    """Collects lines; quoted ones get the mark that plain mail uses."""

    def __init__(self, at_most: int) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.in_pre = 0
        self.left = at_most

    def write(self, raw: str) -> None:
        if not raw:
            return
        text = html.unescape(raw) if "&" in raw else raw
        if self.in_pre:
            *full, last = text.replace("\r\n", "\n").split("\n")
            for piece in full:
                self.line.append(piece)
                self.end_line(keep_empty=True)
            self.line.append(last)
        else:
            text = _SPACE.sub(" ", text)
            if text == " " and not self.line:
                return
            self.line.append(text)
        self.left -= len(text)

    def end_line(self, *, keep_empty: bool = False) -> None:
        text = "".join(self.line)
        text = text.rstrip() if self.in_pre else text.strip()
        self.line = []
        if text or keep_empty:
            self.lines.append(("> " * min(self.quotes, 5) + text).rstrip())

    def blank_line(self) -> None:
        self.end_line()
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * min(self.quotes, 5)).rstrip())

    def tag(self, name: str, is_end: bool, attributes: str) -> None:
        if name in _LINES:
            if name == "br":
                self.end_line(keep_empty=True)
            elif name in _PARAGRAPHS:
                self.blank_line()
            else:
                self.end_line()
        if name == "blockquote":
            self.quotes = max(0, self.quotes + (-1 if is_end else 1))
        elif name == "pre":
            self.in_pre = max(0, self.in_pre + (-1 if is_end else 1))
        elif name == "li" and not is_end:
            self.line.append("- ")
        elif name in ("td", "th") and is_end:
            self.line.append("  ")
        elif name == "img":
            found = _ALT.search(attributes)
            if found:
                self.write(f"[{found[1]}]")


class _Closers:
    """Finds where skipped content ends; what never closes is looked for once, not once per opening."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lowered = ""
        self.absent: set[str] = set()

    def after_comment(self, at: int) -> int:
        return self._after("-->", self.source, at) if "-->" not in self.absent else at

    def after_element(self, name: str, at: int) -> int:
        closing = f"</{name}"
        if closing in self.absent:
            return at
        self.lowered = self.lowered or self.source.lower()
        end = self._after(closing, self.lowered, at)
        if end == at and name == "head":
            # A head that never closes must not swallow the message.
            body = self.lowered.find("<body", at)
            return body if body >= 0 else at
        return end if end == at else max(end, self.lowered.find(">", end) + 1)

    def _after(self, closing: str, text: str, at: int) -> int:
        found = text.find(closing, at)
        if found < 0:
            self.absent.add(closing)
            return at
        return found + len(closing)


def html_to_text(source: str, at_most: int = 1_000_000) -> str:
    """Return the text a reader of this HTML would see, at most about ``at_most`` characters."""
    writer = _Writer(at_most)
    closers = _Closers(source)
    at = 0
    while writer.left > 0:
        found = _TAG.search(source, at)
        if found is None:
            writer.write(source[at:])
            break
        writer.write(source[at : found.start()])
        at = found.end()
        name = (found[2] or "").lower()
        if found[0] == "<!--":
            at = closers.after_comment(at)
        elif name in _SKIPPED and not found[1] and not found[3].endswith("/"):
            at = closers.after_element(name, at)
        elif name:
            writer.tag(name, bool(found[1]), found[3])
    writer.end_line()
    while writer.lines and not writer.lines[-1].strip("> "):
        writer.lines.pop()
    return "\n".join(writer.lines).strip("\n")[:at_most]
