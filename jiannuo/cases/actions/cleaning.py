"""What citizens attach is kept without what it tells of them: neither in the file nor in its name."""

from collections.abc import Sequence
from pathlib import PurePath

from jiannuo.cases.rules import MOST_FILES
from jiannuo.duties.actions import Upload
from jiannuo.kernel import attachments, stripping
from jiannuo.kernel.refusals import Refused


def cleaned(files: Sequence[Upload]) -> list[Upload]:
    """The files stripped, named by their order. Refuses what may not be kept, what cannot be stripped, and more than anybody reads."""
    if len(files) > MOST_FILES:
        raise Refused(
            f"附了{len(files)}份材料，一次最多{MOST_FILES}份",
            fix="请只附最要紧的几份，其余的过后再补",
            field="papers",
            code="papers",
        )
    found = []
    for place, file in enumerate(files, 1):
        try:
            attachments.check(file.name, file.data)
        except Refused as no:
            raise Refused(no.message, fix=no.fix, clause=no.clause, field="papers", code=no.code) from None
        kind = PurePath(file.name.strip()).suffix.lower()
        name = f"{file.title or f'材料{place}'}{kind}"
        found.append(Upload(name, stripping.stripped(file.name, file.data), file.title))
    return found


def named(files: Sequence[Upload]) -> list[Upload]:
    """The files, those that were asked for by name under that name; the others keep their own."""
    return [
        Upload(f"{one.title}{PurePath(one.name.strip()).suffix.lower()}", one.data, one.title) if one.title else one
        for one in files
    ]
