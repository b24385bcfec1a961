"""Everything wrong with a pack at once, in words an official can act on (`jiannuo pack check`)."""

from datetime import date
from pathlib import Path

from jiannuo.policy.checking import (
    calendars,
    claims,
    criteria,
    documents,
    files,
    flows,
    held,
    kinds,
    measures,
    naming,
    repairing,
    reports,
    rules,
)
from jiannuo.policy.checking.sources import Problem, Sources
from jiannuo.policy.pack import Pack
from jiannuo.policy.reading import words

__all__ = ["Problem", "errors", "problems"]


def problems(pack: Pack, *, as_of: date) -> list[Problem]:
    """All that is wrong with a pack and those it extends, by file; the day decides what is stale and which calendar is missing."""
    sources = Sources(pack, as_of)
    naming.check(sources)
    clauses = sources.own("clauses", documents.CLAUSE_COLUMNS)
    rules.about(sources, clauses, {line["code"] for line in sources.own("organs", documents.ORGAN_COLUMNS)})
    ids = documents.places(clauses)
    carried = {ref for line in clauses for ref in words(line["carried_by"])}
    due = rules.deadlines(sources, ids, carried)
    opened = {duty for path in _kind_files(sources) for duty in sources.toml(path).get("opens", ())}
    opened |= flows.started(sources)
    owed = rules.duties(sources, ids, due, opened)
    known = kinds.check(sources, owed)
    claims.check(sources, ids, due)
    shown = rules.filters(sources, known)
    files.check(sources, ids, known, owed)
    passed = flows.check(sources, ids, known, due, carried)
    repairing.check(sources, ids, known, due)
    held.check(sources, ids, {"事实种类": known, "时限": due, "流程": passed})
    laid = measures.check(sources, ids, {"事实种类": known, "时限": due, "流程": passed}, carried)
    criteria.check(sources, ids, owed)
    calendars.check(sources)
    reports.check(sources)
    sites = {str(site.get("id")) for site in sources.about.get("site", ())}
    names = {
        "kind": known,
        "deadline": due,
        "duty": owed,
        "filter": shown,
        "site": sites,
        "flow": passed,
        "measure": laid,
    }
    documents.check(sources, names)
    return sorted(sources.found)


def errors(pack: Pack, *, as_of: date) -> list[Problem]:
    """The problems that keep a pack from use."""
    return [problem for problem in problems(pack, as_of=as_of) if problem.level == "error"]


def _kind_files(sources: Sources) -> list[Path]:
    return [path for folder in sources.farthest_first for path in (folder / "kinds").glob("*.toml")]
