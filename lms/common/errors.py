"""The shape of every refusal: a code for machines, a sentence for people."""


class Refusal(Exception):
    """Something the product declines to do.

    Subclass it beside the function that raises it. `code` is stable and English; `sentence` says in
    Chinese what happened and what to do; `status` is the HTTP status a view answers with.
    """

    code = "refused"
    sentence = "这个操作没有完成。"
    status = 400

    def __init__(self, sentence: str | None = None, *, code: str | None = None) -> None:
        self.sentence = sentence or self.sentence
        self.code = code or self.code
        super().__init__(f"{self.code}: {self.sentence}")

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "message": str(self.sentence)}
