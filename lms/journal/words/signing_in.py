"""Signing in: sessions, passwords, second factors, codes."""

from django.utils.translation import gettext_lazy

from lms.journal.words.base import Words

SIGNING_IN: dict[str, Words] = {
    "people.signed_in": Words(
        gettext_lazy("登录"),
        gettext_lazy("%(who)s登录了。"),
    ),
    "people.sign_in_failed": Words(
        gettext_lazy("登录没有成功"),
        gettext_lazy("有人登录了%(object)s的账号。"),
        gettext_lazy("有人想登录%(object)s的账号，没有成功。"),
    ),
    "people.signed_out": Words(
        gettext_lazy("退出登录"),
        gettext_lazy("%(who)s退出了登录。"),
    ),
    "people.sessions_ended": Words(
        gettext_lazy("结束登录"),
        gettext_lazy("%(who)s的操作结束了%(object)s的登录，一共 %(sessions)s 处。"),
    ),
    "people.account_locked": Words(
        gettext_lazy("锁定账号"),
        gettext_lazy("系统锁定了%(object)s的账号。"),
        gettext_lazy("%(object)s的账号连续登录失败，系统锁定了一段时间。"),
    ),
    "people.account_unlocked": Words(
        gettext_lazy("解除锁定"),
        gettext_lazy("%(who)s解除了%(object)s的登录锁定。"),
    ),
    "people.second_factor_added": Words(
        gettext_lazy("设第二重验证"),
        gettext_lazy("%(who)s给自己的账号设了第二重验证。"),
    ),
    "people.second_factor_removed": Words(
        gettext_lazy("撤掉第二重验证"),
        gettext_lazy("%(who)s撤掉了自己的一种第二重验证。"),
    ),
    "people.second_factor_failed": Words(
        gettext_lazy("第二重验证没有通过"),
        gettext_lazy("%(object)s通过了第二重验证。"),
        gettext_lazy("登录%(object)s的账号时，第二重验证没有通过。"),
    ),
    "people.second_factor_reset": Words(
        gettext_lazy("重置第二重验证"),
        gettext_lazy("%(who)s重置了%(object)s的第二重验证。"),
        gettext_lazy("%(who)s想重置%(object)s的第二重验证，被拒绝。"),
    ),
    "people.recovery_codes_renewed": Words(
        gettext_lazy("换恢复码"),
        gettext_lazy("%(who)s换了一套恢复码。"),
    ),
    "people.recovery_code_used": Words(
        gettext_lazy("用恢复码登录"),
        gettext_lazy("%(who)s用掉了一个恢复码。"),
    ),
    "people.password_changed": Words(
        gettext_lazy("改密码"),
        gettext_lazy("%(who)s改了自己的密码。"),
    ),
    "people.password_reset": Words(
        gettext_lazy("重设密码"),
        gettext_lazy("%(who)s通过邮件重设了密码。"),
    ),
    "people.activation_code_issued": Words(
        gettext_lazy("发激活码"),
        gettext_lazy("%(who)s给%(object)s发了激活码。"),
        gettext_lazy("%(who)s想发激活码，没有发。"),
    ),
    "people.activated": Words(
        gettext_lazy("激活账号"),
        gettext_lazy("%(who)s用激活码激活了账号。"),
    ),
    "people.activation_refused": Words(
        gettext_lazy("激活没有成功"),
        gettext_lazy("%(object)s的账号激活了。"),
        gettext_lazy("有人用激活码激活%(object)s的账号，没有成功。"),
    ),
    "people.sso_linked": Words(
        gettext_lazy("绑定统一身份"),
        gettext_lazy("%(who)s的账号绑定了统一身份。"),
    ),
    "people.sso_refused": Words(
        gettext_lazy("统一身份登录没有成功"),
        gettext_lazy("有人用统一身份登录了。"),
        gettext_lazy("有人用统一身份登录，没有成功。"),
    ),
}
