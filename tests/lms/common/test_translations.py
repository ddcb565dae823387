from django.utils.translation import gettext, override, trans_real


def test_a_message_is_looked_up_once_a_language():
    with override("zh-hans"):
        gettext("跳到正文")
        before = trans_real.translation("zh-hans").gettext.cache_info()
        assert gettext("跳到正文") == "跳到正文"
        after = trans_real.translation("zh-hans").gettext.cache_info()

    assert (after.hits - before.hits, after.misses - before.misses) == (1, 0)


def test_each_language_keeps_its_own():
    with override("zh-hans"):
        chinese = gettext("首页")
    with override("en"):
        english = gettext("首页")

    assert (chinese, english) == ("首页", "Home")
