"""Every address of the site. Each view behind them declares its policy (lms.people.access)."""

from allauth.account.views import LogoutView
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from courses.classroom import urls as classroom_urls
from courses.learning import urls as learning_urls
from lms.archive import urls as archive_urls
from lms.attendance import urls as attendance_urls
from lms.journal import urls as journal_urls
from lms.people import account_urls
from lms.people import urls as people_urls
from lms.people.access import public
from lms.portal import urls as portal_urls
from lms.portal.admin_gate import behind_the_gate, hidden_from_others
from lms.portal.views.account import staff_settings
from lms.portal.views.errors import not_found
from media.live.door import encoder_permit

# One door: Wagtail's two sign-in forms would ask the same passwords without allauth's throttle.
to_sign_in = public(RedirectView.as_view(pattern_name="account_login", query_string=True))

# What lms.people.account_urls does not list does not exist: nobody registers or changes their mail here.
closed = public(not_found)

to_sign_out = public(LogoutView.as_view())

urlpatterns = [
    path("manage/logout/", to_sign_out),
    path("manage/account/", hidden_from_others(staff_settings)),
    path("manage/login/", to_sign_in),
    path("_util/login/", to_sign_in),
    path("manage/", include(decorate_urlpatterns(wagtailadmin_urls.urlpatterns, behind_the_gate))),
    path("documents/", include(wagtaildocs_urls)),
    path("accounts/", include(account_urls)),
    re_path(r"^accounts/", closed),
    path("people/", include(people_urls)),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include(portal_urls)),
    path("", include(learning_urls)),
    path("", include(classroom_urls)),
    path("", include(attendance_urls)),
    path("archive/", include(archive_urls)),
    path("journal/", include(journal_urls)),
    path("encoders/permit/", encoder_permit, name="encoder-permit"),
    path("", include(wagtail_urls)),
]

handler400 = "lms.portal.views.errors.unreadable"
handler403 = "lms.portal.views.errors.forbidden"
handler404 = "lms.portal.views.errors.not_found"
