# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "plein.hooks"
    label = "hooks"
