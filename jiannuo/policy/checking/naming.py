"""Whether what the pack names kinds, duties, procedures and their states is a plain name: addresses and questions are made of them."""

import re

from jiannuo.policy.checking.sources import Sources

PLAIN = re.compile(r"[a-z][a-z0-9_]*")
FIX = "名称只用小写英文字母、数字和下划线，以字母开头；给人看的写在title里"


def check(sources: Sources) -> None:
    """Report every name that is not plain."""
    for folder in sources.farthest_first:
        for path in sorted([*(folder / "kinds").glob("*.toml"), *(folder / "flows").glob("*.toml")]):
            states = sources.toml(path).get("state", {})
            for name in (path.stem, *(states if isinstance(states, dict) else ())):
                _plain(sources, sources.label(path), name)
        for name in sources.toml(folder / "duties.toml"):
            _plain(sources, sources.label(folder / "duties.toml"), name)


def _plain(sources: Sources, label: str, name: str) -> None:
    if not PLAIN.fullmatch(name):
        sources.report(label, name, f"“{name}”不是普通的名称", FIX)
