from django.urls import path, re_path

from lms.people.views import roster

app_name = "people"

urlpatterns = [
    path("import/", roster.imports_page, name="imports"),
    path("import/new/", roster.upload, name="import-new"),
    re_path(r"^import/template\.(?P<kind>xlsx|csv)$", roster.template, name="import-template"),
    path("import/<int:import_id>/", roster.import_page, name="import"),
    path("import/<int:import_id>/columns/", roster.confirm_columns, name="import-columns"),
    path("import/<int:import_id>/confirm/", roster.confirm_import, name="import-confirm"),
    path("import/<int:import_id>/cancel/", roster.cancel, name="import-cancel"),
    path("import/<int:import_id>/progress.json", roster.progress, name="import-progress"),
    re_path(
        r"^import/(?P<import_id>[0-9]{1,18})/rejected\.(?P<kind>xlsx|csv)$",
        roster.rejected,
        name="import-rejected",
    ),
]
