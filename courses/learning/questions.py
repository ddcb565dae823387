"""Questions to the lecturer, as the study page shows them."""

import uuid
from typing import Any

from lms.people.models import Person
from media.live import questions
from media.models import Livestream


def questions_context(livestream: Livestream | None, person: Person) -> dict[str, Any] | None:
    """`questions` of learning/partials/questions.html; None where nothing was spoken live."""
    if livestream is None:
        return None
    rows = [
        {
            "text": question.text,
            "at_seconds": question.at_seconds,
            "answer": question.answer,
            "is_own": question.person_id == person.pk,
            "state": question.state,
        }
        for question in questions.questions_for(livestream=livestream, person=person)
    ]
    return {
        "rows": rows,
        "is_open": livestream.state != Livestream.State.ENDED,
        "version": questions.version_of(livestream),
        # A form sent twice asks once.
        "client_key": str(uuid.uuid4()),
    }
