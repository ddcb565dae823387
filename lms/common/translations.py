"""Messages are looked up once a process and language, not once a page.

Chinese sentences are their own message ids (ADR 0008), so most look-ups end as "not found": Django
walks some thirty catalogues of its packages before it says so, hundreds of times a page.
"""

from functools import lru_cache

from django.conf import settings
from django.utils.translation import trans_real

KEPT_MESSAGES = 20_000  # several times what there is; bounds what made-up messages could take


def remember_messages() -> None:
    """From now on each language's look-ups are kept. Catalogues are read at start and never change."""
    for language, _name in settings.LANGUAGES:
        catalogue = trans_real.translation(language)
        vars(catalogue)["gettext"] = lru_cache(KEPT_MESSAGES)(catalogue.gettext)
