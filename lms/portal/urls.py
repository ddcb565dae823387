from django.urls import path

from lms.portal.api import api
from lms.portal.views import calendar, guide, health, home, icon, language, my_data, record

urlpatterns = [
    path("", home.home, name="home"),
    path("record/", record.record_page, name="record"),
    path("record/export.xlsx", record.export, name="record-export"),
    path("record/entries/<int:sequence>/why.json", record.why_json, name="record-why"),
    path("me/data/", my_data.my_data_page, name="my-data"),
    path("me/data/export.json", my_data.export_json, name="my-data-json"),
    path("me/data/export.xlsx", my_data.export_xlsx, name="my-data-xlsx"),
    path("me/data/corrections/", my_data.ask, name="my-data-ask"),
    path("me/calendar/", calendar.settings_page, name="calendar-settings"),
    path("me/calendar/new/", calendar.renew, name="calendar-renew"),
    path("me/calendar/revoke/", calendar.revoke, name="calendar-revoke"),
    path("calendar/<str:secret>.ics", calendar.feed, name="calendar-feed"),
    path("guide/", guide.guide_index, name="guide"),
    path("guide/<slug:slug>/", guide.guide_page, name="guide-page"),
    path("language/<str:code>/", language.choose_language, name="language"),
    path("api/v1/", api.urls),
    path("favicon.ico", icon.favicon, name="favicon"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
