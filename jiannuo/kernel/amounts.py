"""Amounts of money: exact decimals in 元 or 万元, never a float, never a unit inside the cell."""

import re
import unicodedata
from decimal import Context, Decimal, Inexact

from jiannuo.kernel.refusals import Refused

PLAIN = re.compile(r"(-?)([0-9]{1,18}|[0-9]{1,3}(?:,[0-9]{3}){1,5})(\.[0-9]{1,18})?")
SUFFIXED = re.compile(r"[^\d]*[\d,.]+(亿元|万元|元|亿|万|圆|块)整?")
EXACT = Context(prec=60, traps=[Inexact])
YUAN_PLACES = 2
WAN_PLACES = 6


def parse_amount(text: str, places: int = WAN_PLACES, *, signed: bool = False, field: str = "") -> Decimal:
    """The amount in the cell, exact to so many decimal places; 1,234.56 is read, a unit or a rounding is refused."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = PLAIN.fullmatch(plain)
    if found is None:
        raise _refusal(plain, field)
    sign, whole, fraction = found.groups()
    if sign and not signed:
        raise Refused(f"金额“{plain}”是负数", fix="此处金额不能为负，请核对原件", field=field, code="amount")
    amount = Decimal(f"{sign}{whole.replace(',', '')}{fraction or ''}")
    return _to_places(amount, places, field)


def wan_to_yuan(wan: Decimal) -> Decimal:
    """So many 万元 are ten thousand times as many 元, to the 分."""
    return _to_places(_finite(wan).scaleb(4, EXACT), YUAN_PLACES)


def yuan_to_wan(yuan: Decimal) -> Decimal:
    """So many 元 in 万元 with six places, as the 双公示 sheets ask."""
    return _to_places(_finite(yuan).scaleb(-4, EXACT), WAN_PLACES)


def _to_places(amount: Decimal, places: int, field: str = "") -> Decimal:
    try:
        exact = amount.quantize(Decimal(1).scaleb(-places), context=EXACT)
    except Inexact:
        raise Refused(
            f"金额“{amount:f}”的小数超过{places}位",
            fix=f"请核对金额和单位（元或万元），小数最多{places}位，系统不作四舍五入",
            field=field,
            code="amount",
        ) from None
    return exact or abs(exact)


def _finite(amount: object) -> Decimal:
    if not isinstance(amount, Decimal) or not amount.is_finite():
        raise Refused(f"“{amount}”不是确切的金额", fix="金额须为十进制数，不得为浮点数或无穷大", code="amount")
    return amount


def _refusal(plain: str, field: str) -> Refused:
    if not plain:
        return Refused("未填写金额", fix="请填写数字；确无金额的按规则留空", field=field, code="amount")
    if unit := SUFFIXED.fullmatch(plain):
        return Refused(
            f"金额“{plain[:40]}”带有单位“{unit[1]}”",
            fix="单元格里只填数字；单位以栏目名称（元或万元）为准，请换算后填写",
            field=field,
            code="amount",
        )
    return Refused(
        f"“{plain[:40]}”不是金额",
        fix="请填写如 1234.56 或 1,234.56 的数字，整数部分最多18位",
        field=field,
        code="amount",
    )
