# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from plein.core.file_types import sniff
from plein.core.html import LONGEST, clean_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' &#106;avascript:alert(1)'>x</a>",
    "<p hx-get='/x' hx-trigger=load>x</p>",
    "<p data-hx-get='/x' data-hx-trigger=load>x</p>",
    "<p x-on:click='alert(1)' @click='alert(1)' :class='x'>x</p>",
    "<p style='background:url(//e.example)'>x</p>",
    "<style>p{background:url(//e.example)}</style>",
    "<form action='//e.example'><input name=q><button>x</button></form>",
    "<iframe src='//e.example'></iframe>",
    "<object data='//e.example'></object><embed src='//e.example'>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    "<base href='//e.example/'><meta http-equiv=refresh content='0;//e.example'><link rel=stylesheet href=//e.example>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<img src='data:image/svg+xml;base64,PHN2Zz48L3N2Zz4='>",
    "<img srcset='//e.example/x.png'><video poster='//e.example'></video><input type=image src=//e.example>",
    "<p id=csrf class=button name=plein>x</p>",
]


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_that_acts_or_calls_home_is_left(html: str) -> None:
    left = clean_html(html).html.lower()

    for word in (
        "script",
        "onerror",
        "onload",
        "hx-",
        "style",
        "e.example",
        "svg",
        "x-on",
        "@click",
        "<form",
        "<iframe",
    ):
        assert word not in left
    for attribute in ("id=", "class=", "name=", "srcset"):
        assert attribute not in left


def test_the_text_and_its_shape_are_kept() -> None:
    html = '<h1>Offerte</h1><p>Prijs is <b>goed</b></p><table><tr><td colspan="2">1</td></tr></table>'
    left = clean_html(html).html

    assert "<h1>Offerte</h1><p>Prijs is <b>goed</b></p>" in left
    assert '<td colspan="2">1</td>' in left


def test_links_lead_outside_without_telling_from_where() -> None:
    left = clean_html('<a href="https://x.example/a">x</a>').html

    assert 'target="_blank"' in left
    assert "noopener noreferrer nofollow" in left


def test_pictures_from_elsewhere_are_counted_and_those_that_came_along_are_shown() -> None:
    inline = {"logo@x": "data:image/png;base64,AAAA"}
    cleaned = clean_html('<img src="https://x.example/pixel"><img src="cid:logo@x"><img src="cid:other">', inline)

    assert cleaned.blocked == 2
    assert cleaned.html.count("data:image/png;base64,AAAA") == 1
    assert "x.example" not in cleaned.html


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "piece", ["<div>", "<div></span>", "<span><div></span>", "<b><a>", "<table><td>", "<ul><li>", "<font>"]
)
def test_a_page_without_bottom_keeps_nobody_busy(piece: str) -> None:
    assert clean_html(piece * (LONGEST // len(piece))).html == ""


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["<p>", "<br>", "x ", "<li>", "<b>x</b>", "</p>", "&amp;", "<img src=x>", "<!--", "<"]
)
def test_a_long_page_is_read(piece: str) -> None:
    assert clean_html(piece * (LONGEST // len(piece))).html != "" or piece == "<!--"


@pytest.mark.parametrize(
    ("head", "name", "mime"),
    [
        (b"\x89PNG\r\n\x1a\n", "x.txt", "image/png"),
        (b"RIFF....WEBPVP8 ", "x", "image/webp"),
        (b"%PDF-1.7", "x.png", "application/pdf"),
        (b"<svg onload=alert(1)>", "x.png", "image/svg+xml"),
        (b"\xef\xbb\xbf  <!DOCTYPE HTML>", "x.txt", "text/html"),
        (b"hello <script>", "x.txt", "text/html"),
        (b"<?xml version='1.0'?><html/>", "x", "application/xml"),
        (b"a;b;c\n", "x.csv", "text/csv"),
        ("café".encode(), "x", "text/plain"),
        (b"\x00\x01", "x.txt", "application/octet-stream"),
        (b"", "x.txt", "application/octet-stream"),
        (b"PK\x03\x04", "x.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04", "x", "application/zip"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head: bytes, name: str, mime: str) -> None:
    assert sniff(head, name) == mime
