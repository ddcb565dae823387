"""Pages keep who wrote them."""

from lms.people.merging import rows_stay


def register() -> None:
    rows_stay("catalogue.CoursePackagePage", reason="谁写的课程就是谁写的；归属按单位")
    rows_stay("catalogue.CatalogueIndexPage", reason="谁写的页面就是谁写的")
    rows_stay("catalogue.LivestreamPage", reason="谁发的通知就是谁发的；归属随直播")
