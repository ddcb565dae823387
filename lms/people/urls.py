from django.urls import path

from lms.people.views import accounts, activation

app_name = "people"

urlpatterns = [
    path("activation/", activation.activation, name="activation"),
    path("<int:person_id>/reset-second-factor/", accounts.reset_factor, name="reset-second-factor"),
    path("<int:person_id>/unlock/", accounts.unlock_account, name="unlock-account"),
]
