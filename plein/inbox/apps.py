# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "plein.inbox"
    label = "inbox"
