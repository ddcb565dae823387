"""One port for everything: beats and segments run on the event loop, the site in threads.

Granian serves WSGI several times faster than Django's own ASGI handler (ADR 0007), so Django runs
as WSGI in a thread pool even here. Production puts nginx in front of two processes instead.
"""

import os

from config.wsgi import application as site

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

from a2wsgi import WSGIMiddleware

from media import beats, delivery
from media.permits import Permits

SITE_THREADS = int(os.environ.get("SITE_THREADS", "4"))
_site = WSGIMiddleware(site, workers=SITE_THREADS)  # type: ignore[arg-type]  # Django yields bytes
_permits = Permits(_site)


async def application(scope, receive, send):
    """Route by path prefix; everything that is not hot goes to Django."""
    if scope["type"] == "lifespan":
        await beats.lifespan(receive, send)
    elif scope["path"] == "/beats":
        await beats.application(scope, receive, send)
    elif scope["path"].startswith(delivery.PREFIX):
        await delivery.application(scope, receive, send, allows=_permits)
    else:

        async def receive_as_coroutine():
            return await receive()

        # a2wsgi hands receive() to the loop from a thread, which takes coroutines only; Granian
        # gives a future.
        await _site(scope, receive_as_coroutine, send)
