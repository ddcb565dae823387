"""Addresses under /people/. Those with a fixed word stand before the staff number."""

from django.urls import path

from lms.people.views import grants, me, people, suspending

app_name = "people"

urlpatterns = [
    path("", people.people_list, name="list"),
    path("export.xlsx", people.export, name="export"),
    path("me/", me.my_page, name="me"),
    path("roles/", grants.roles_page, name="roles"),
    path("roles/<int:grant_id>/revoke/", grants.revoke, name="revoke"),
    path("<str:staff_number>/", people.person_page, name="person"),
    path("<str:staff_number>/roles/new/", grants.grant, name="grant"),
    path("<str:staff_number>/suspend/", suspending.suspend, name="suspend"),
    path("<str:staff_number>/reactivate/", suspending.reactivate, name="reactivate"),
]
