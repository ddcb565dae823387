"""Attendance when two accounts turn out to be one person: rows stay, readers count them as one."""

from lms.people.merging import rows_stay


def register() -> None:
    read_as_one = "一行不动；考勤按人合并计算，两个账号的签到算一个人的"
    for model in ("Expected", "Scan", "Decision", "LeaveRequest"):
        rows_stay(f"attendance.{model}", reason=read_as_one)
    rows_stay("attendance.Device", reason="谁登记的就是谁的，停用的账号不再签到")
