"""How far a promise is: never typed in, always what of its milestones somebody else has confirmed."""

from collections.abc import Sequence

from msgspec import Struct

from jiannuo.duties.rules.standing import Standing

DONE = frozenset({Standing.KEPT, Standing.KEPT_LATE})


class Progress(Struct, frozen=True):
    """Milestones confirmed, of all that still count."""

    done: int
    whole: int

    @property
    def words(self) -> str:
        """As people read it."""
        return f"{self.whole}个节点确认了{self.done}个" if self.whole else "没有分节点"

    @property
    def share(self) -> int | None:
        """In whole percent, rounded down: it is a hundred only when all are done. None where there are no milestones."""
        return self.done * 100 // self.whole if self.whole else None


def progress(milestones: Sequence[Standing]) -> Progress:
    """How far it is by the standings of its milestones; those the law lifted no longer count."""
    counted = [one for one in milestones if one is not Standing.LIFTED]
    return Progress(sum(one in DONE for one in counted), len(counted))
