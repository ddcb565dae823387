"""What is held, who is expected, what was scanned, and what people decided about it."""

from lms.attendance.models.decision import Decision
from lms.attendance.models.leave import LeaveRequest
from lms.attendance.models.occasion import Expected, Occasion
from lms.attendance.models.pack import Device, Pack
from lms.attendance.models.scan import Scan

__all__ = ["Decision", "Device", "Expected", "LeaveRequest", "Occasion", "Pack", "Scan"]
