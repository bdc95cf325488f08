# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import include, path

from plein.lists.views import list_page
from plein.relations import views

app_name = "relations"

of_relation = [
    path("", views.relation, name="relation"),
    path("edit/", views.edit, name="edit"),
    path("field/<slug:name>/", views.field, name="field"),
    path("values/<uuid:field_id>/", views.value, name="value"),
    path("pane/<slug:part>/", views.section, name="section"),
    path("card/", views.card, name="card"),
    path("follow/", views.follow, name="follow"),
    path("visited/", views.visited, name="visited"),
    path("favourite/", views.favourite, name="favourite"),
    path("delete/", views.delete, name="delete"),
    path("merge/", views.merge, name="merge"),
    path("photo/", views.photo, name="photo"),
    path("photo/change/", views.photo_change, name="photo_change"),
    path("do-not-contact/", views.do_not_contact, name="do_not_contact"),
    path("contact-points/new/", views.contact_point_add, name="contact_point_add"),
    path("contact-points/<uuid:part_id>/", views.contact_point_edit, name="contact_point_edit"),
    path("contact-points/<uuid:part_id>/do-not-contact/", views.contact_point_wish, name="contact_point_wish"),
    path("contact-points/<uuid:part_id>/<slug:mark>/", views.contact_point_mark, name="contact_point_mark"),
    path("memberships/new/", views.membership_add, name="membership_add"),
    path("memberships/<uuid:part_id>/", views.membership_edit, name="membership_edit"),
    path("memberships/<uuid:part_id>/remove/", views.membership_remove, name="membership_remove"),
    path("ties/new/", views.tie_add, name="tie_add"),
    path("ties/<uuid:part_id>/", views.tie_edit, name="tie_edit"),
    path("ties/<uuid:part_id>/remove/", views.tie_remove, name="tie_remove"),
    path("tags/new/", views.tag_add, name="tag_add"),
    path("tags/<uuid:part_id>/remove/", views.tag_remove, name="tag_remove"),
    path("interests/new/", views.interest_add, name="interest_add"),
    path("interests/<uuid:part_id>/remove/", views.interest_remove, name="interest_remove"),
    path("dates/new/", views.date_add, name="date_add"),
    path("dates/<uuid:part_id>/remove/", views.date_remove, name="date_remove"),
]

urlpatterns = [
    path("people/", list_page("person"), name="person_list"),
    path("people/new/", views.person_create, name="person_create"),
    path("organizations/", list_page("organization"), name="organization_list"),
    path("organizations/new/", views.organization_create, name="organization_create"),
    path("relations/similar/", views.similar, name="similar"),
    path("relations/suggest/", views.suggest, name="suggest"),
    path("settings/tags/", views.tags, name="tags"),
    path("settings/tags/merge/", views.tag_merge, name="tag_merge"),
    path("settings/tags/<uuid:tag_id>/", views.tag_change, name="tag_change"),
    path("settings/tags/<uuid:tag_id>/remove/", views.tag_delete, name="tag_delete"),
    path("settings/ties/", views.tie_type_list, name="tie_types"),
    path("settings/ties/new/", views.tie_type_new, name="tie_type_new"),
    path("settings/ties/<uuid:type_id>/", views.tie_type_change, name="tie_type_change"),
    path("settings/ties/<uuid:type_id>/retire/", views.tie_type_retire, name="tie_type_retire"),
    path("settings/ties/<uuid:type_id>/back/", views.tie_type_back, name="tie_type_back"),
    path("settings/ties/<uuid:type_id>/remove/", views.tie_type_remove, name="tie_type_remove"),
    path("relations/<uuid:relation_id>/", include(of_relation)),
]
