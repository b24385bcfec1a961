"""People and firms that do not exist: names put together by lot, codes of a division that was never given out."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from msgspec import Struct

from jiannuo.kernel.identifiers import USCC_ALPHABET, check_id_card, check_org_code, check_uscc

DIVISION = "419926"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "春秋雨田禾麦青松柏荷兰竹石泉溪河山川云峰平安宁静和顺康乐文武德义仁礼智信诚实勤俭恒远明亮清新佳美丽华芳英杰"
SHOP_NAMES = [
    "禾丰",
    "青穗",
    "柳岸",
    "石泉",
    "白塔",
    "枣香",
    "双泉",
    "南坪",
    "沙洲",
    "茶坡",
    "麦浪",
    "田园",
    "春晓",
    "秋实",
    "和顺",
    "安康",
    "永兴",
    "德源",
    "广信",
    "诚达",
    "恒远",
    "明德",
    "清溪",
    "青松",
    "嘉禾",
    "丰年",
    "稻香",
    "河湾",
    "云峰",
    "金穗",
]
TOWNS = ("城关街道", "河东街道", "柳溪镇", "石桥镇", "白塔镇", "枣林镇", "双泉镇", "南坪乡", "沙窝乡", "茶坡乡")
TRADES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "food": (("食品有限公司", "餐饮管理有限公司", "商贸有限公司"), ("小吃店", "饭店", "超市", "早餐店", "烘焙坊")),
    "drug": (("医药有限公司", "大药房有限公司"), ("诊所", "药店")),
    "freight": (("物流有限公司", "运输有限公司", "货运代理有限公司"), ("汽车运输部",)),
    "build": (("建筑工程有限公司", "置业有限公司", "建材有限公司"), ("装饰材料店",)),
    "works": (("机械制造有限公司", "包装材料有限公司", "化工有限公司", "家具有限公司"), ("铝合金加工部", "石材加工厂")),
    "farm": (("农业科技有限公司", "种业有限公司", "养殖有限公司"), ("农资经营部", "兽药店")),
    "public": (("酒店管理有限公司", "洗浴有限公司", "健身服务有限公司"), ("美容美发店", "宾馆", "理发店")),
    "culture": (("文化传媒有限公司", "网络科技有限公司"), ("网吧", "书店", "歌厅")),
    "tobacco": (("商贸有限公司",), ("烟酒店", "便利店", "副食店")),
    "school": (("教育咨询有限公司", "托育服务有限公司"), ("托管中心",)),
}
COOPERATIVES = ("种植", "养殖", "林果", "蔬菜")
POOL = 130
"""Firms of each trade."""


class Firm(Struct, frozen=True):
    """A firm, a shop or a cooperative."""

    name: str
    type: str
    code: str
    head: str


class Person(Struct, frozen=True):
    """A natural person."""

    name: str
    number: str


def person_name(lot: Random) -> str:
    return lot.choice(SURNAMES) + "".join(lot.sample(GIVEN, lot.choice((1, 2, 2, 2))))


def id_number(lot: Random, on: date) -> str:
    """A number of somebody between 20 and 65 on a day, whose check digit is right."""
    born = on - timedelta(days=lot.randint(20 * 366, 65 * 365))
    body = f"{DIVISION}{born:%Y%m%d}{lot.randint(1, 999):03d}"
    return next(body + last for last in "0123456789X" if check_id_card(body + last).level == "ok")


def uscc(category: str, number: int) -> str:
    """The code of a firm of that category; one number, one code."""
    body = f"MA{number:06d}"
    body += next(last for last in "0123456789X" if check_org_code(body + last).level == "ok")
    head = f"{category}{DIVISION}{body}"
    return next(head + last for last in USCC_ALPHABET if check_uscc(head + last).level == "ok")


def person(lot: Random, on: date) -> Person:
    return Person(person_name(lot), id_number(lot, on))


def firms(lot: Random) -> dict[str, list[Firm]]:
    """A pool of firms for each trade, no two of one name."""
    numbers = iter(lot.sample(range(100_000, 900_000), POOL * (len(TRADES) + 1)))
    names: set[str] = set()
    return {trade: list(_of_trade(lot, trade, numbers, names)) for trade in TRADES}


def _of_trade(lot: Random, trade: str, numbers: Iterator[int], names: set[str]) -> Iterator[Firm]:
    companies, shops = TRADES[trade]
    made = 0
    while made < POOL:
        share = lot.random()
        word = lot.choice(SHOP_NAMES) + lot.choice(GIVEN)
        if trade == "farm" and share < 0.3:
            name, category = f"青禾县{word}{lot.choice(COOPERATIVES)}农民专业合作社", "93"
        elif share < 0.55:
            name, category = f"青禾县{word}{lot.choice(companies)}", "91"
        else:
            name, category = f"青禾县{lot.choice(TOWNS)}{word}{lot.choice(shops)}", "92"
        if name in names:
            continue
        names.add(name)
        made += 1
        type_ = "个体工商户" if category == "92" else "法人及非法人组织"
        yield Firm(name, type_, uscc(category, next(numbers)), person_name(lot))
