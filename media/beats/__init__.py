"""`POST /beats`: watched intervals, durable before they are answered.

A plain ASGI application beside Django, because it is called every few seconds by everyone who
watches. `wire` reads and checks one beat, `batcher` gathers beats for a few milliseconds,
`statement` judges and writes a batch in one SQL statement, `endpoint` speaks HTTP.
"""

from media.beats.endpoint import application, lifespan

__all__ = ["application", "lifespan"]
