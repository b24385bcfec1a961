"""E-mail addresses: what may be one, and how much of it is shown."""

import re
import unicodedata

from jiannuo.kernel.refusals import Refused

LONGEST = 120
FORM = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)


def check_email(text: str) -> str:
    """The address as it is kept: full-width letters and blanks an input method adds make no difference. Refuses what is none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if len(plain) > LONGEST or not FORM.fullmatch(plain):
        raise Refused("这不像一个邮箱地址", fix="请核对后重填，例如 zhang@example.gov.cn", field="email", code="email")
    name, _, domain = plain.rpartition("@")
    return f"{name}@{domain.lower()}"


def mask_email(address: str) -> str:
    """The address with only the first letter before the sign shown."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}"
