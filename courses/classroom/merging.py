"""Seats and trips when two accounts turn out to be one person: rows stay."""

from lms.people.merging import rows_stay


def register() -> None:
    rows_stay("classroom.SignUp", reason="一行不动；出勤按人合并计算，同一场的第二个座位可以退掉")
    rows_stay("classroom.Lecturer", reason="师资库里的人不变，讲过的课都留着")
    rows_stay("classroom.Trip", reason="谁带的队就是谁带的")
