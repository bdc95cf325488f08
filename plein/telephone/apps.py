# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class TelephoneConfig(AppConfig):
    name = "plein.telephone"
    label = "telephone"
