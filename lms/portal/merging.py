"""What the admin's own tables keep by account, and why it stays there."""

from lms.people.merging import rows_stay

WRITTEN = (
    "portal.HomePage", "wagtailcore.Page", "wagtailcore.Revision", "wagtailcore.Comment",
    "wagtailcore.CommentReply", "wagtailcore.PageLogEntry", "wagtailcore.ModelLogEntry",
    "wagtailcore.WorkflowState", "wagtailcore.TaskState", "wagtailcore.UploadedFile",
    "wagtaildocs.Document", "wagtailimages.Image",
)  # fmt: skip
PREFERRED = (
    "wagtailusers.UserProfile", "wagtailadmin.EditingSession", "wagtailadmin.FormState",
    "wagtailcore.PageSubscription", "portal.CalendarFeed",
)  # fmt: skip


def register() -> None:
    for label in WRITTEN:
        rows_stay(label, reason="谁写的、谁改的就是谁")
    for label in PREFERRED:
        rows_stay(label, reason="个人设置跟着账号")
