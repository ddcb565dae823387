"""What of this app stays with an account when it is merged into another."""

from lms.people.merging import rows_stay


def register() -> None:
    rows_stay("people.Person", reason="两个账号都留着，并掉的指向保留的")
    rows_stay("people.Person_groups", reason="权限不随合并转移")
    rows_stay("people.Person_user_permissions", reason="权限不随合并转移")
    rows_stay("people.RoleGrant", reason="角色不随合并转移，由有权的人重新授予")
    rows_stay("people.Posting", reason="每一笔学时记着当时的任职，任职留在原账号")
    rows_stay("people.PersonMerge", reason="合并的历史")
    rows_stay("people.UnitChange", reason="谁改的单位就是谁改的")
    rows_stay("people.RosterImport", reason="谁导入的名册就是谁导入的")
    rows_stay("people.ActivationCode", reason="激活码只激活它发给的那个账号")
    rows_stay("people.CorrectionRequest", reason="更正写的是那个账号的资料")
    rows_stay("people.FormerPassword", reason="用过的密码跟着账号")
    rows_stay("people.SignIn", reason="用哪个账号登录的就是哪个账号")
    # allauth's: what an account signs in with, and the addresses that come from the account itself.
    rows_stay("account.EmailAddress", reason="登录用的邮箱跟着账号")
    rows_stay("mfa.Authenticator", reason="第二重验证跟着账号")
    rows_stay("socialaccount.SocialAccount", reason="统一身份跟着账号")
