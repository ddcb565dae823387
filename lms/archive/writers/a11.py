"""The A11 part of a package: rows as CSV and XLSX, corrections, the rounding report, class 4."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from lms.archive.bag import CHUNK_BYTES, BagWriter
from lms.archive.readers.code_tables import CodeTable
from lms.archive.rules import (
    COLUMNS,
    MAPPING_VERSION,
    Codes,
    Learner,
    Training,
    a11_rows,
    is_class_four,
    rounding_of,
)
from lms.archive.writers.csv_text import CsvWriter
from lms.common.workbook import WorkbookWriter

PERSON = ["人员编号", "姓名"]
GROUP = [*PERSON, "类别", "年度", "A1131"]
ROUNDING = [*GROUP, "笔数", "精确学时", "A1108", "差额", "去向"]
CORRECTIONS = [*GROUP, "笔数", "核减学时"]
BECAME = {"a11": "A11", "correction": "更正清单", "nothing": "合计为零"}
BUCKETS = {"online": "网络学习", "in_person": "集中培训"}


class A11Writer:
    def __init__(
        self,
        *,
        rows: CsvWriter,
        book: WorkbookWriter,
        corrections: CsvWriter,
        rounding: CsvWriter,
        class_four: CsvWriter,
        codes: Codes,
        host_unit: str,
    ) -> None:
        self._rows, self._book = rows, book
        self._corrections, self._rounding, self._class_four = corrections, rounding, class_four
        self._codes, self._host_unit = codes, host_unit

    def write_person(self, learner: Learner, trainings: list[Training]) -> list[list[str]]:
        """Everything about one person's groups; returns the A11 rows."""
        written = []
        for training in trainings:
            rows = a11_rows(training, learner=learner, codes=self._codes, host_unit=self._host_unit)
            for row in rows:
                self._rows.write(row)
                self._book.write(row)
                if is_class_four(training):
                    self._class_four.write(row)
            written += rows
            self._account_for(learner, training)
        return written

    def _account_for(self, learner: Learner, training: Training) -> None:
        rounding = rounding_of(training.hours)
        group = [
            learner.staff_number, learner.name, BUCKETS[training.bucket], str(training.year),
            training.name, str(training.entries),
        ]  # fmt: skip
        if rounding.became == "correction":
            self._corrections.write([*group, f"{-rounding.exact:.2f}"])
        is_a11 = rounding.became == "a11"
        self._rounding.write([
            *group, f"{rounding.exact:.2f}", f"{rounding.rounded:.1f}" if is_a11 else "",
            f"{rounding.difference:.2f}" if is_a11 else "", BECAME[rounding.became],
        ])  # fmt: skip


@contextmanager
def a11_part(
    bag: BagWriter, *, codes: Codes, host_unit: str, created_at: datetime
) -> Iterator[A11Writer]:
    """Opens the files of the part; they enter the bag when the context ends."""
    # Inside the unfinished bag: what a killed seal leaves is swept as one.
    with TemporaryDirectory(dir=bag.folder) as folder, ExitStack() as stack:
        path = Path(folder) / "a11.xlsx"
        book = WorkbookWriter(path, list(COLUMNS), created_at=created_at)
        stack.callback(book.abandon)

        def table(name: str, header: list[str]) -> CsvWriter:
            return CsvWriter(stack.enter_context(bag.open(name)), header)

        yield A11Writer(
            rows=table("a11/a11.csv", list(COLUMNS)),
            book=book,
            corrections=table("a11/corrections.csv", CORRECTIONS),
            rounding=table("a11/rounding.csv", ROUNDING),
            class_four=table("a11/class-four.csv", list(COLUMNS)),
            codes=codes,
            host_unit=host_unit,
        )
        book.close()
        with bag.open("a11/a11.xlsx") as packed, path.open("rb") as written:
            while data := written.read(CHUNK_BYTES):
                packed.write(data)


def write_mapping(bag: BagWriter, tables: list[CodeTable]) -> None:
    """What each column means, and the code tables the rows were written with."""
    with bag.open("a11/mapping.csv") as file:
        mapping = CsvWriter(file, ["列", "含义", "映射版本"])
        for column, meaning in COLUMNS.items():
            mapping.write([column, meaning, MAPPING_VERSION])
    for table in tables:
        bag.add(f"a11/code-tables/{table.name}.csv", table.path.read_bytes())
