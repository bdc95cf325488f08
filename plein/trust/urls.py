# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses of signing in and of settings."""

from django.urls import path

from plein.trust.views import company, links, personal, places, roles, second_step, security, sign_in

app_name = "trust"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/second-step/", second_step.second_step, name="second_step"),
    path("sign-in/second-step/ask/", second_step.second_step_ask, name="second_step_ask"),
    path("sign-in/second-step/passkey/", second_step.second_step_passkey, name="second_step_passkey"),
    path("sign-in/passkey/", second_step.passkey_sign_in, name="passkey_sign_in"),
    path("sign-in/passkey/ask/", second_step.passkey_ask, name="passkey_ask"),
    path("sign-in/reset/", links.reset, name="reset"),
    path("sign-in/<str:secret>/", links.one_time_link, name="one_time_link"),
    path("sign-in/<str:secret>/passkey/", links.join_ask, name="join_ask"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("welcome/", sign_in.welcome, name="welcome"),
    path("workspaces/", places.place_list, name="places"),
    path("workspaces/go/", places.place_go, name="place_go"),
    path("settings/profile/", personal.profile, name="profile"),
    path("settings/theme", personal.theme, name="theme"),
    path("settings/password/", personal.password, name="password"),
    path("settings/security/", security.security, name="security"),
    path("settings/security/prove/", security.prove, name="prove"),
    path("settings/security/prove/ask/", security.prove_ask, name="prove_ask"),
    path("settings/security/prove/passkey/", security.prove_passkey, name="prove_passkey"),
    path("settings/security/code-app/", security.code_app, name="code_app"),
    path("settings/security/code-app/start/", security.code_app_start, name="code_app_start"),
    path("settings/security/code-app/remove/", security.code_app_remove, name="code_app_remove"),
    path("settings/security/passkeys/ask/", security.passkey_new, name="passkey_new"),
    path("settings/security/passkeys/", security.passkey_add, name="passkey_add"),
    path("settings/security/passkeys/<uuid:passkey>/rename/", security.passkey_rename, name="passkey_rename"),
    path("settings/security/passkeys/<uuid:passkey>/remove/", security.passkey_remove, name="passkey_remove"),
    path("settings/security/codes/", security.codes_renew, name="codes_renew"),
    path("settings/sessions/end/", personal.session_end, name="session_end"),
    path("settings/tokens/", personal.tokens, name="tokens"),
    path("settings/tokens/<uuid:token>/revoke/", personal.token_revoke, name="token_revoke"),
    path("settings/users/", company.users, name="users"),
    path("settings/users/<uuid:seat>/", company.user_change, name="user_change"),
    path("settings/users/<uuid:seat>/link/", company.user_link, name="user_link"),
    path("settings/roles/", roles.roles, name="roles"),
    path("settings/teams/", company.teams, name="teams"),
    path("settings/teams/<uuid:team>/", company.team_change, name="team_change"),
    path("settings/workspace/", company.workspace, name="workspace"),
]
