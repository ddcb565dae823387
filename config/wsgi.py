"""The Django site as WSGI: pages, admin, API."""

import gc
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

# What is loaded by now stays, so no collection need walk it; and a page makes thousands of short-lived
# objects, almost none of them in a ring, so collecting ten times less often costs nothing but time.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
