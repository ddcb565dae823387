from django.urls import path

from lms.journal import views

app_name = "journal"

urlpatterns = [
    path("", views.journal_page, name="list"),
    path("export.xlsx", views.export, name="export"),
    path("<int:entry_id>/", views.row_page, name="row"),
]
