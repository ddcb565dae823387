"""Browser and system in words, from what the browser says of itself. Good enough to recognise one's own."""

from django.utils.translation import gettext as _

# The first match counts: most browsers also call themselves Chrome, and Chrome itself Safari.
BROWSERS = {
    "MicroMessenger": "微信", "DingTalk": "钉钉", "TaurusApp": "浙政钉", "Edg/": "Edge",
    "QQBrowser": "QQ", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari",
}  # fmt: skip
SYSTEMS = {
    "HarmonyOS": "HarmonyOS", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad",
    "Windows": "Windows", "Mac OS X": "macOS", "UOS": "UOS", "Linux": "Linux",
}  # fmt: skip


def browser_words(agent: str) -> str:
    """`Mozilla/5.0 (Windows NT 10.0…) … Edg/140` → `Edge · Windows`."""
    found = [
        next((word for sign, word in words.items() if sign in agent), "")
        for words in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, found)) or _("认不出的浏览器")
