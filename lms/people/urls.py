"""Addresses under /people/. Those with a fixed word stand before the staff number."""

from django.urls import path, re_path

from lms.people.views import (
    accounts,
    activation,
    corrections,
    grants,
    me,
    merges,
    people,
    revealing,
    roster,
    suspending,
    transfers,
    units,
)

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
    path("import/", roster.imports_page, name="imports"),
    path("import/new/", roster.upload, name="import-new"),
    re_path(r"^import/template\.(?P<suffix>xlsx|csv)$", roster.template, name="import-template"),
    path("import/<int:import_id>/", roster.import_page, name="import"),
    path("import/<int:import_id>/columns/", roster.confirm_columns, name="import-columns"),
    path("import/<int:import_id>/confirm/", roster.confirm_import, name="import-confirm"),
    path("import/<int:import_id>/cancel/", roster.cancel, name="import-cancel"),
    path("import/<int:import_id>/progress.json", roster.progress, name="import-progress"),
    re_path(
        r"^import/(?P<import_id>[0-9]{1,18})/rejected\.(?P<suffix>xlsx|csv)$",
        roster.rejected,
        name="import-rejected",
    ),
    path("merge/", merges.merge_page, name="merge"),
    path("merge/<int:merge_id>/undo/", merges.undo_page, name="merge-undo"),
    path("activation/", activation.activation, name="activation"),
    path("corrections/", corrections.corrections_page, name="corrections"),
    path("corrections/<int:request_id>/answer/", corrections.answer, name="correction-answer"),
    path("<str:staff_number>/", people.person_page, name="person"),
    path("<str:staff_number>/roles/new/", grants.grant, name="grant"),
    path("<str:staff_number>/transfer/", transfers.transfer_page, name="transfer"),
    path("<str:staff_number>/transfer/correct/", transfers.correct, name="posting-correct"),
    path("<str:staff_number>/suspend/", suspending.suspend, name="suspend"),
    path("<str:staff_number>/reactivate/", suspending.reactivate, name="reactivate"),
    path(
        "<str:staff_number>/reset-second-factor/", accounts.reset_factor, name="reset-second-factor"
    ),
    path("<str:staff_number>/unlock/", accounts.unlock_account, name="unlock-account"),
    path("<str:staff_number>/reveal-id/", revealing.reveal, name="reveal-id"),
]
