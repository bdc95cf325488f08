# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody fills in to have a mail account heard."""

from typing import Literal

from pydantic import BaseModel, Field, SecretStr


class Settings(BaseModel):
    """A mail account, as its owner describes it."""

    host: str = Field(title="Server", description="Such as imap.example.com", min_length=1, max_length=253)
    port: int = Field(default=993, title="Port", ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = Field(
        default="tls", title="Protection", description="Mostly tls, at port 993"
    )
    user_name: str = Field(title="User name", description="Mostly your address", min_length=1, max_length=320)
    password: SecretStr = Field(
        default=SecretStr(""), title="Password", description="Where the provider has app passwords, one of those"
    )
    access_token: SecretStr = Field(
        default=SecretStr(""), title="Access token", description="Instead of a password, where the provider uses OAuth2"
    )
    smtp_host: str = Field(
        default="",
        title="Outgoing server",
        description="To send as this address, such as smtp.example.com",
        max_length=253,
    )
    smtp_port: int = Field(default=465, title="Its port", ge=1, le=65535)
    smtp_security: Literal["tls", "starttls", "none"] = Field(
        default="tls", title="Its protection", description="Mostly tls, at port 465"
    )
    #: What is chosen on the page of the connection and never given with the account: the secret of its drop-box, and
    #: its other addresses, each proven.
    drop: str = Field(default="", max_length=40, pattern=r"^[a-z0-9]*$")
    aliases: tuple[str, ...] = Field(default=())
    folders: tuple[str, ...] = Field(default=(), title="Folders", description="None chosen: all but junk and drafts")

    @property
    def drop_mark(self) -> str:
        """What stands in the address of the drop-box, and nowhere else."""
        return f"+drop-{self.drop}@"
