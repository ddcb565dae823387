"""Addresses under /people/. Those with a fixed word stand before the staff number."""

from django.urls import path

from lms.people.views import grants, me, merges, people, suspending, transfers, units

app_name = "people"

urlpatterns = [
    path("", people.people_list, name="list"),
    path("export.xlsx", people.export, name="export"),
    path("me/", me.my_page, name="me"),
    path("roles/", grants.roles_page, name="roles"),
    path("roles/<int:grant_id>/revoke/", grants.revoke, name="revoke"),
    path("units/", units.units_page, name="units"),
    path("units/<int:unit_id>/", units.unit_page, name="unit"),
    path("units/<int:unit_id>/<slug:kind>/", units.change_unit, name="unit-change"),
    path("merge/", merges.merge_page, name="merge"),
    path("merge/<int:merge_id>/undo/", merges.undo_page, name="merge-undo"),
    path("<str:staff_number>/", people.person_page, name="person"),
    path("<str:staff_number>/roles/new/", grants.grant, name="grant"),
    path("<str:staff_number>/transfer/", transfers.transfer_page, name="transfer"),
    path("<str:staff_number>/transfer/correct/", transfers.correct, name="posting-correct"),
    path("<str:staff_number>/suspend/", suspending.suspend, name="suspend"),
    path("<str:staff_number>/reactivate/", suspending.reactivate, name="reactivate"),
]
