"""Rich text as it goes on a page: Wagtail's internal links become addresses, and what remains is cleaned.

The editor cleans on write; this cleans again on render, because the database is not the only way
text can come to change.
"""

import nh3
from django.utils.safestring import SafeString
from wagtail.rich_text import expand_db_html

TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("b", "strong", "i", "em", "sub", "sup", "a", "img"),
    *("table", "thead", "tbody", "tr", "th", "td", "caption"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}


def rich_text(html: str | None) -> SafeString:
    """Safe to put on a page: no script, no style, no handler, no foreign tag."""
    return SafeString(nh3.clean(expand_db_html(html or ""), tags=TAGS, attributes=ATTRIBUTES))
