# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class DavConfig(AppConfig):
    name = "plein.dav"
    label = "dav"
