"""Every action the code notes has words, and every row can be read."""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from lms.journal.words import WORDS, label_of, sentence_of

FOLDERS = ("lms", "courses", "media", "config")
NAME = re.compile(r"[a-z_]+\.[a-z_]+")


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of our code that names an action: to `record`, `note`, or what passes one on."""
    trees = {
        str(path.relative_to(settings.BASE_DIR)): ast.parse(path.read_text("utf-8"))
        for folder in FOLDERS
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py")
        if "/migrations/" not in str(path)
    }
    noting = {"_note_denial", *chain.from_iterable(map(takers_of_an_action, trees.values()))}
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in noting:
                yield name, node


def takers_of_an_action(tree: ast.AST) -> set[str]:
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and "action" in {arg.arg for arg in node.args.kwonlyargs}
    }


def actions_in_code() -> dict[str, str]:
    """Action → file."""
    found = {}
    for name, call in calls():
        named = [k.value for k in call.keywords if k.arg == "action"]
        for value in named:
            if not (isinstance(value, ast.Name) and value.id == "action"):
                found |= dict.fromkeys(texts(value, name), name)
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
