"""Plausible names, the same ones every time. 蓝, 雷 and 钟 are the She people's, at home in Songyang."""

from random import Random

# As often as a surname stands here, as often it is drawn.
SURNAMES = (
    "叶 叶 叶 叶 王 王 王 徐 徐 徐 吴 吴 周 周 潘 潘 刘 刘 陈 陈 陈 张 张 李 李 蓝 蓝 蓝 雷 雷 雷 钟 钟 "
    "包 黄 何 郑 毛 程 洪 宋 林 杨 季 项 汤 阙 占 詹 麻 纪 丁 占 赖 卢 朱 胡 金 邱 欧阳 上官"
).split()
GIVEN_FIRST = "建 志 海 丽 秀 晓 文 伟 国 春 雅 思 子 雨 佳 俊 立 明 永 小 慧 美 玉 宏 卫 少 一 静 艺 承".split()
GIVEN_SECOND = "芸 强 平 娟 燕 华 伟 梁 珍 红 军 敏 峰 琴 英 波 林 云 萍 斌 杰 婷 宇 翔 慧 松 芳 凯 宁 泽".split()
SINGLE = "伟 静 敏 磊 洁 勇 婧 鑫 燕 斌 瑶 楠 恺 琳".split()


def person_name(random: Random) -> str:
    surname = random.choice(SURNAMES)
    if random.random() < 0.16:
        return surname + random.choice(SINGLE)
    return surname + random.choice(GIVEN_FIRST) + random.choice(GIVEN_SECOND)
