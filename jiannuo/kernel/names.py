"""Names of organs and firms as they are compared, not as they are shown."""

import unicodedata

from jiannuo.kernel.verdicts import UNSEEN

SAME = str.maketrans(
    {
        **dict.fromkeys("〔【[{〖⟦〈《<「『", "("),
        **dict.fromkeys("〕】]}〗⟧〉》>」』", ")"),
        **dict.fromkeys("•‧∙⋅・·●", "·"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)


def fold_name(text: str) -> str:
    """Two spellings of one name fold to the same text: width, case, brackets, dots and spaces make no difference."""
    plain = unicodedata.normalize("NFKC", text.translate(UNSEEN)).translate(SAME).casefold()
    return unicodedata.normalize("NFKC", "".join(plain.split()))
