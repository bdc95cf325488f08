# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opens pictures and scanned pages, no larger than an honest one is, and makes them grey so that letters stand out."""

import struct
import warnings
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from plein.documents.files.letters import Eyes
from plein.documents.files.limits import Limits, Refused

KINDS = frozenset({"image/png", "image/jpeg", "image/tiff", "image/webp", "image/gif"})
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "GIF")
#: Of these every page is read; of one that moves only how it begins.
_PAGED = "TIFF"
#: Signs and icons smaller than this hold no words.
_LEAST = 24
#: Pictures of screens are coarse: below so many dots across they are drawn twice as large.
_COARSE = 1_600
_WHITE = (255, 255, 255, 255)
_DAMAGED = "This picture is damaged: it cannot be opened."
_HUGE = "This picture has more dots than are read."
#: What the readers of Pillow raise on files that are not what they say.
_TROUBLE = (OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, ArithmeticError, struct.error)


def words_of(data: bytes, limits: Limits, eyes: Eyes) -> str:
    """The words in a picture, page after page when it has several."""
    return "\n\n".join(filter(None, (eyes.letters_of(picture) for picture in _while_open(data, limits, eyes))))


def _while_open(data: bytes, limits: Limits, eyes: Eyes) -> Iterator[Image.Image]:
    pictures = pictures_in(data, limits)
    while eyes.are_open and (picture := next(pictures, None)) is not None:
        yield picture


def pictures_in(data: bytes, limits: Limits) -> Iterator[Image.Image]:
    """The pictures in a file, grey and upright; raises Refused when it cannot be opened."""
    try:
        with warnings.catch_warnings():
            # What a file has that is odd but bearable is no concern of anybody.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=_FORMATS) as found:
                for number in range(_pages(found, limits)):
                    found.seek(number)
                    _judge(found, limits)
                    if min(found.size) >= _LEAST:
                        yield _grey(found)
    except Refused:
        raise
    except Image.DecompressionBombError as bomb:
        raise Refused(_HUGE) from bomb
    except (UnidentifiedImageError, *_TROUBLE) as trouble:
        raise Refused(_DAMAGED) from trouble


def _pages(found: Image.Image, limits: Limits) -> int:
    _judge(found, limits)
    return min(getattr(found, "n_frames", 1), limits.pictures + 1) if found.format == _PAGED else 1


def _judge(found: Image.Image, limits: Limits) -> None:
    if found.width * found.height > limits.dots:
        raise Refused(_HUGE)


def _grey(found: Image.Image) -> Image.Image:
    if found.format in ("JPEG", "MPO"):
        found.draft("L", None)
    upright = ImageOps.exif_transpose(found)
    if upright.has_transparency_data:
        seen = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", seen.size, _WHITE), seen)
    grey = upright.convert("L")
    if max(grey.size) < _COARSE:
        return grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
    return grey
