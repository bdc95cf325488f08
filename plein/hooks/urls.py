# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.hooks.door import receive
from plein.hooks.views import incoming

app_name = "hooks"
urlpatterns = [
    path("hooks/in/<str:secret>", receive, name="receive"),
    path("settings/hooks/", incoming.hook_list, name="hooks"),
    path("settings/hooks/new/", incoming.hook_new, name="hook_new"),
    path("settings/hooks/<uuid:hook_id>/", incoming.hook, name="hook"),
    path("settings/hooks/<uuid:hook_id>/example/", incoming.hook_example, name="hook_example"),
    path("settings/hooks/<uuid:hook_id>/mapping/", incoming.hook_mapping, name="hook_mapping"),
    path("settings/hooks/<uuid:hook_id>/again/", incoming.hook_again, name="hook_again"),
    path("settings/hooks/<uuid:hook_id>/rest/", incoming.hook_rest, name="hook_rest"),
    path("settings/hooks/<uuid:hook_id>/renew/", incoming.hook_renew, name="hook_renew"),
    path("settings/hooks/<uuid:hook_id>/remove/", incoming.hook_remove, name="hook_remove"),
]
