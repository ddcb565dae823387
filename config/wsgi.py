"""The Django site as WSGI: pages, admin, API."""

import os

from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from config import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()

# Behind a proxy every request seems to come from the proxy: throttles would count all visitors as
# one, and figures for the private network would be open to everyone (security 15).
if proxies := env.words("TRUSTED_PROXIES"):
    application = wrap_wsgi_with_proxy_headers(application, trusted_hosts=proxies)
