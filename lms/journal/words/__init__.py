"""Each action in words: what it is called, and the sentence a row opens to.

An action used anywhere in the code without words here fails a test. Sentences may hold %(who)s,
%(object)s and %(subject)s; what else they name comes from the row's detail.
"""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.journal.words.base import Words
from lms.journal.words.classroom import CLASSROOM
from lms.journal.words.house import HOUSE
from lms.journal.words.people import PEOPLE
from lms.journal.words.signing_in import SIGNING_IN
from lms.people.roles import Role

WORDS: dict[str, Words] = HOUSE | PEOPLE | SIGNING_IN | CLASSROOM


def label_of(action: str) -> str:
    """What the action is called; an action of an older version keeps its code."""
    return str(WORDS[action].label) if action in WORDS else action


def sentence_of(
    action: str, *, is_refused: bool, who: str, what: str, whose: str, detail: dict[str, Any]
) -> str:
    """The row as a sentence. `who` is empty for the system, `what` and `whose` where there is none."""
    words = WORDS.get(action) or Words(action, gettext_lazy("%(who)s：%(label)s %(object)s"))
    facts: dict[str, Any] = defaultdict(lambda: "—")
    role = detail.get("role")
    facts |= detail | {
        "role": Role(role).label if role in Role.values else role or "—",
        "who": who or _("系统"),
        "object": _("「%(what)s」") % {"what": what} if what else "—",
        "subject": whose or "—",
        "label": str(words.label),
    }
    return str(words.refused if is_refused else words.sentence) % facts
