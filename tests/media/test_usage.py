"""The port through which those above tell where a video is used."""

from media import usage


def test_uses_of_all_readers_come_together_by_video(monkeypatch):
    one = usage.Use(1, "甲课", "一", 5, "/edit/1/", "/courses/a/")
    two = usage.Use(1, "乙课", "二", 5, "/edit/2/", "")
    monkeypatch.setattr(usage, "_readers", [lambda ids: [one], lambda ids: iter([two])])

    assert usage.uses_of([1, 2]) == {1: [one, two]}
    assert (one.is_live, two.is_live) == (True, False)


def test_a_reader_is_registered_once(monkeypatch):
    monkeypatch.setattr(usage, "_readers", [])
    reader = lambda ids: []  # noqa: E731

    usage.register_uses(reader)
    usage.register_uses(reader)

    assert usage._readers == [reader]
