# SPDX-License-Identifier: AGPL-3.0-or-later
"""Codes from an app on a telephone (TOTP, RFC 6238): six digits, half a minute each, and each works once."""

import base64
import secrets
from io import BytesIO

import qrcode
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from qrcode.image.svg import SvgPathFillImage

from plein.core.ids import now
from plein.trust import secret_box
from plein.trust.models import CodeApp, User

DIGITS, PERIOD = 6, 30
#: Telephones are late or early: the half minute before and after count too.
TOLERANCE = (-1, 0, 1)
SECRET_BYTES = 20
ISSUER = "Plein"


def _about(user: User) -> str:
    return f"code-app:{user.id}"


def fresh_secret(user: User) -> str:
    """A new secret, sealed, as it waits in the session until its first code proves that the app has it."""
    return seal(user, secrets.token_bytes(SECRET_BYTES)).decode()


def seal(user: User, secret: bytes) -> bytes:
    """A secret as it is kept."""
    return secret_box.seal(_about(user), base64.b32encode(secret).decode())


def opened(user: User, sealed: bytes) -> bytes:
    """The secret itself; raises secret_box.Unopenable."""
    return base64.b32decode(secret_box.unseal(_about(user), sealed))


def written_secret(secret: bytes) -> str:
    """The secret as one types it over: letters and digits in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def address_of(user: User, secret: bytes) -> str:
    """What an app reads from the picture."""
    # SHA-1 is what the apps know; for a code that lives half a minute its weakness does not matter.
    maker = TOTP(secret, DIGITS, SHA1(), PERIOD)  # noqa: S303
    return maker.get_provisioning_uri(user.email, ISSUER)


def picture_of(address: str) -> str:
    """The picture that a telephone reads, as the address of an image."""
    drawn = BytesIO()
    qrcode.make(address, image_factory=SvgPathFillImage, border=2).save(drawn)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()


def step_of(secret: bytes, code: str, *, after: int = 0) -> int | None:
    """The half minute to which a code belongs, when it is near and later than `after`; otherwise None."""
    digits = "".join(code.split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    maker = HOTP(secret, DIGITS, SHA1())  # noqa: S303
    present = int(now().timestamp()) // PERIOD
    found = None
    for step in (present + distance for distance in TOLERANCE):
        try:
            maker.verify(digits.encode(), step)
        except InvalidToken:
            continue
        found = step if step > after else found
    return found


def accepts(user: User, code: str) -> bool:
    """Whether this is a code of the user's app that was not used before; it is used up by this."""
    app = CodeApp.objects.filter(user=user).first()
    if app is None:
        return False
    step = step_of(opened(user, bytes(app.sealed)), code, after=app.last_step)
    if step is None:
        return False
    # Two requests with the same code at the same time: the second finds that its half minute is over.
    return bool(CodeApp.objects.filter(user=user, last_step__lt=step).update(last_step=step, last_used_at=now()))
