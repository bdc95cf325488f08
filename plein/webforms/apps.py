# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class WebFormsConfig(AppConfig):
    name = "plein.webforms"
    label = "webforms"
