"""Every action the code notes has words, and every row can be read."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from lms.journal.words import WORDS, label_of, sentence_of

FOLDERS = ("lms", "courses", "media", "config")
NAME = re.compile(r"[a-z_]+\.[a-z_]+")
# Where an action is passed on, not named.
WRITERS = {"lms/common/acts.py", "lms/journal/services.py"}


def actions_in_code() -> dict[str, str]:
    """Action → file, from every `action=` given to a call of `record` or `note`."""
    found = {}
    for folder in FOLDERS:
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py"):
            name = str(path.relative_to(settings.BASE_DIR))
            if name in WRITERS or "/migrations/" in name:
                continue
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(call, ast.Call) and called(call) in {"record", "note"}:
                    for keyword in call.keywords:
                        if keyword.arg == "action":
                            found |= dict.fromkeys(texts(keyword.value, name), name)
    return found


def called(call: ast.Call) -> str:
    return getattr(call.func, "id", None) or getattr(call.func, "attr", "")


def texts(value: ast.expr, where: str) -> list[str]:
    """Every text an expression may give: `"a.b" if new else "a.c"` gives two."""
    named = [
        n.value for n in ast.walk(value) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]
    named = [text for text in named if NAME.fullmatch(text)]
    assert named, f"{where} notes an action that cannot be read from the code"
    return named


def test_every_action_of_the_code_has_words():
    wordless = {action: where for action, where in actions_in_code().items() if action not in WORDS}

    assert wordless == {}


def test_no_words_are_left_over():
    assert set(WORDS) - set(actions_in_code()) == set()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("action", WORDS)
@pytest.mark.parametrize("is_refused", [True, False])
def test_every_action_makes_a_sentence_even_without_a_person_or_an_object(
    action, is_refused, language
):
    with translation.override(language):
        full = sentence_of(
            action, is_refused=is_refused, who="毛永红", what="甲", whose="乙", detail={"rows": 3}
        )
        bare = sentence_of(action, is_refused=is_refused, who="", what="", whose="", detail={})

    assert "%(" not in full + bare
    assert full
    assert bare


def test_an_action_of_an_older_version_keeps_its_code():
    said = sentence_of("old.action", is_refused=False, who="毛永红", what="甲", whose="", detail={})

    assert label_of("old.action") == "old.action"
    assert "old.action" in said
