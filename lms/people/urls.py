from django.urls import path

from lms.people.views import merges, transfers, units

app_name = "people"

urlpatterns = [
    path("units/", units.units_page, name="units"),
    path("units/<int:unit_id>/", units.unit_page, name="unit"),
    path("units/<int:unit_id>/<slug:kind>/", units.change_unit, name="unit-change"),
    path("merge/", merges.merge_page, name="merge"),
    path("merge/<int:merge_id>/undo/", merges.undo_page, name="merge-undo"),
    path("<str:staff_number>/transfer/", transfers.transfer_page, name="transfer"),
    path("<str:staff_number>/transfer/correct/", transfers.correct, name="posting-correct"),
]
