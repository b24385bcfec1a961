"""Public opinion as tests collect it."""

from tests.packages.recording import MARKET

EVENT = {
    "title": "网传农贸市场的秤不准",
    "organ": MARKET,
    "seen_on": "2026-03-02",
    "seen_at": "9点20分",
    "place": "本地论坛",
    "link": "https://bbs.example.org/thread/1",
    "summary": "有人发帖说三号摊位的秤每斤少一两，跟帖四十多条",
}
URGENT = {"level": "重大", "truth": "待核实"}
JUDGED = {"level": "一般", "truth": "待核实"}
EVALUATED = {"truth": "部分属实", "effect": "平息"}
