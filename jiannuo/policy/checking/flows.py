"""What can be wrong with the procedures: a state nobody reaches or leaves, a clock without a rule, a case closed over an open duty."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from jiannuo.policy.checking import checklists, filling, opening, within
from jiannuo.policy.checking.known import Known
from jiannuo.policy.checking.rules import backed, is_table
from jiannuo.policy.checking.sources import Sources
from jiannuo.policy.filling import FILLING_KEYS
from jiannuo.policy.flows import (
    ABOUT,
    ACTS,
    BY,
    HANDS_TO,
    NEEDS,
    OF,
    OPENERS,
    OPENING,
    RIGHTS,
    SEES,
    SETTLING,
    WHEN,
    counted_from,
)

MUST = ("title", "short", "kind", "mark", "opened_by", "handled_by", "state", "step")
KEYS = frozenset(
    {
        *MUST,
        "source",
        "clause",
        "assumed",
        "about",
        "records",
        "finds",
        "sees",
        "public",
        "apart",
        "papers",
        "act",
        "repairable",
        "final",
        "kept",
        "only",
        "by_web",
        "checklist",
        "within",
    }
)
FINAL_KEYS = frozenset({"field", "when", "served", "final", "upheld", "limits"})
STATE_KEYS = frozenset({"title", "final", "words"})
STEP_MUST = ("id", "title", "from", "by")
DUTY_LISTS = ("starts", "ends", "lifts", "pauses", "resumes")
STEP_KEYS = frozenset(
    {
        *STEP_MUST, *DUTY_LISTS, "to", "right", "not_by", "needs", "what", "asks", "act", "hands_to", "answers", "tells", "public",
        "opens", "parts", "joins", "after", "hint", "counted_from", "requires", "of", "carries", "when", "lines",
        "stays", "passes_on", *FILLING_KEYS,
    }
)  # fmt: skip
Entry = Mapping[str, Any]


def check(sources: Sources, clauses: set[str], kinds: set[str], deadlines: set[str], carried: set[str]) -> set[str]:
    """Report all that is wrong with the procedures; their ids."""
    known = Known(sources, kinds, deadlines)
    for folder in sources.farthest_first:
        for path in sorted((folder / "flows").glob("*.toml")):
            label, entry = sources.label(path), sources.toml(path)
            if not entry or not is_table(sources, label, "整个文件", entry, KEYS, MUST):
                continue
            backed(sources, (label, path.stem, entry), clauses, carried=f"flow:{path.stem}" in carried)
            if _head_holds(sources, label, entry, known) and _steps_hold(sources, label, entry, known):
                _walk(sources, label, entry, known)
    return known.flows


def started(sources: Sources) -> set[str]:
    """The kinds of duty that some step starts."""
    paths = [path for folder in sources.farthest_first for path in sorted((folder / "flows").glob("*.toml"))]
    steps = [step for path in paths for step in sources.toml(path).get("step", ()) if isinstance(step, dict)]
    return {kind for step in steps for kind in step.get("starts", ())}


def _head_holds(sources: Sources, label: str, entry: Entry, known: Known) -> bool:
    before = len(sources.found)
    for key, allowed, given in (
        ("opened_by", OPENERS, entry["opened_by"]),
        ("handled_by", HANDS_TO, [entry["handled_by"]]),
        ("about", ABOUT, [entry.get("about", "")]),
        ("sees", SEES, [entry.get("sees", "told")]),
        ("act", ACTS, [entry["act"]] if entry.get("act") else []),
    ):
        _among(sources, (label, key), given, allowed)
    if entry["kind"] not in known.of_cases:
        fix = "请在kinds/下写这类事实，并写明from_case = true：它只由办案产生，不能上传"
        sources.report(label, "kind", f"没有办案产生的事实种类“{entry['kind']}”", fix)
    if entry.get("apart") and entry["apart"] not in known.of_cases:
        sources.report(label, "apart", f"没有办案产生的事实种类“{entry['apart']}”", "“apart”填kinds/下from_case的种类")
    _about_records(sources, label, entry, known)
    written = {one for name in known.opened_by(entry) for one in known.written_in(name)}
    for kind in entry.get("finds", ()):
        if kind not in written:
            sources.report(label, "finds", f"由它办出来的流程都不写“{kind}”", "填那个流程的步骤里asks的种类")
    filling.head(sources, label, entry, known.written)
    if "final" in entry:
        _final(sources, label, entry, known)
    within.named_in_opening(sources, label, entry, known)
    if "within" in entry:
        within.flow_holds(sources, label, entry, known)
    if "checklist" in entry:
        checklists.flow_holds(sources, label, entry["checklist"], known)
    for kind in entry.get("records", ()):
        if kind not in known.kinds:
            sources.report(label, "records", f"没有事实种类“{kind}”", "“records”填kinds/下的文件名，不带.toml")
    for name, state in entry["state"].items():
        is_table(sources, label, f"state.{name}", state, STATE_KEYS, ("title",))
    if not any(state.get("final") for state in entry["state"].values()):
        sources.report(label, "state", "没有办结的状态", "至少给一个状态写 final = true")
    return len(sources.found) == before


def _about_records(sources: Sources, label: str, entry: Entry, known: Known) -> None:
    of_record = entry.get("about") == "record"
    for key in ("act", "repairable"):
        if entry.get(key) and not of_record:
            sources.report(label, key, "这个流程不针对记录", '请写about = "record"，或者去掉这一项')
    if of_record and "public" in entry["opened_by"] and not known.role(entry["kind"], "about_code"):
        fix = f"请在kinds/{entry['kind']}.toml的[role]里写about_name和about_code：只有记录的当事人可以提"
        sources.report(label, "opened_by", "谁都能对别人的记录提出", fix)


def _final(sources: Sources, label: str, entry: Entry, known: Known) -> None:
    final = entry["final"]
    if not isinstance(final, dict) or set(final) != FINAL_KEYS:
        sources.report(label, "final", "没有写全或者有不认识的项", f"要写：{'、'.join(sorted(FINAL_KEYS))}")
        return
    fields = known.fields(entry["kind"])
    for name in ("field", "served", "final", "upheld"):
        if final[name] not in fields:
            sources.report(
                label, f"final.{name}", f"“{entry['kind']}”没有列“{final[name]}”", "填字段表里“id”一列的名称"
            )
    for name in final["limits"]:
        if name not in known.deadlines:
            sources.report(label, "final.limits", f"没有时限“{name}”", "填deadlines.toml里的编号")


def _carries(sources: Sources, at: tuple[str, str], step: Entry, entry: Entry, known: Known) -> None:
    """What is taken over stands open in a fact that the case has before."""
    asked = known.fields(step.get("asks", "")) | known.fields(step.get("lines", ""))
    held = dict(known.fields(entry["kind"]))
    for other in entry["step"]:
        held |= known.fields(other.get("asks", "")) if other is not step else {}
    for name in step.get("carries", ()):
        if name not in asked or held.get(name) is None:
            fix = "两边的字段表要有同一个“id”"
            sources.report(*at, f"“{name}”没有从哪里带过来，或者没有地方写", fix)
        elif held[name]:
            sources.report(*at, f"“{name}”是另行封存的，不能带进另一条记录", "请从carries里去掉")


def _steps_hold(sources: Sources, label: str, entry: Entry, known: Known) -> bool:
    before = len(sources.found)
    ids = [step.get("id") for step in entry["step"]]
    for step in entry["step"]:
        name = f"step {step.get('id', '？')}"
        if not is_table(sources, label, name, step, STEP_KEYS, STEP_MUST):
            continue
        if ids.count(step["id"]) > 1:
            sources.report(label, name, "有两个同名的步骤", "请改其中一个的id")
        _choices(sources, (label, name), step)
        _names(sources, (label, name), step, entry, known)
        _makes_sense(sources, (label, name), step, entry, known)
        _carries(sources, (label, name), step, entry, known)
        opening.check(sources, (label, name), step, known.flow(step.get("opens", "")))
        filling.step(sources, (label, name), step, entry, known.written)
    return len(sources.found) == before


def _choices(sources: Sources, at: tuple[str, str], step: Entry) -> None:
    _among(sources, at, [step["by"]], BY)
    _among(sources, at, [step.get("right", "handle")], RIGHTS)
    _among(sources, at, step.get("needs", ()), NEEDS)
    _among(sources, at, [step.get("hands_to", "")], HANDS_TO)
    _among(sources, at, [step["act"]] if step.get("act") else [], ACTS)
    _among(sources, at, [step.get("of", "")], OF)
    _among(sources, at, [step["when"]] if step.get("when") else [], WHEN)


def _names(sources: Sources, at: tuple[str, str], step: Entry, entry: Entry, known: Known) -> None:
    # What organs upload a step may write too, where the table says what of it the case knows.
    written = known.of_cases | (known.written.ordinary() if step.get("fills") else set())
    states, ids = set(entry["state"]), {OPENING, *(one.get("id") for one in entry["step"])}
    for what, named, allowed, fix in (
        ("状态", [*step["from"], *filter(None, [step.get("to")])], states, "先在[state]里写上"),
        ("步骤", [*step.get("not_by", ()), *step.get("requires", ()), *counted_from(step).values()], ids, "填本流程里别的步骤"),
        ("办案产生的事实种类", [step["asks"]] if step.get("asks") else [], written, "见kinds/，写from_case = true"),
        ("办案产生的事实种类", [step["lines"]] if step.get("lines") else [], known.of_cases, "见kinds/，写from_case = true"),
        ("流程", [step["opens"]] if step.get("opens") else [], known.flows, "“opens”填flows/下的文件名"),
        ("时限", [step["after"]] if step.get("after") else [], known.deadlines, "“after”填deadlines.toml里的编号"),
        *(
            ("由步骤履行的义务种类", step.get(key, ()), known.duties, '请在duties.toml里写上，kept_by = "step"')
            for key in DUTY_LISTS
        ),
    ):  # fmt: skip
        for one in named:
            if one not in allowed:
                sources.report(*at, f"没有{what}“{one}”", fix)


def _makes_sense(sources: Sources, at: tuple[str, str], step: Entry, entry: Entry, known: Known) -> None:
    finals = {name for name, state in entry["state"].items() if state.get("final")}
    ends = step.get("to") in finals
    by_clock = step["by"] == "clock"
    if by_clock != (bool(step.get("after")) != bool(step.get("when"))):
        fix = "自动办理的步骤写明等多久（after）或者等什么（when），别人办的步骤不写"
        sources.report(*at, "“by = clock”和“after”要一起写", fix)
    if by_clock and finals & set(step["from"]):
        sources.report(*at, "办结以后系统不再自动办理", "请去掉办结的状态；还要自动办的，写成没有办结的状态")
    has_record = entry.get("about") == "record" or bool(entry.get("finds"))
    within.waits(sources, at, step, entry, known)
    if by_clock and (step.get("needs") or step.get("asks") or step.get("lines")):
        sources.report(*at, "自动办理的步骤不能要求填写", "请去掉needs、asks和lines，要人填的由人来办")
    if ends and not by_clock and "words" not in step.get("needs", ()) and not step.get("asks"):
        sources.report(*at, "办结却不要求写明理由", "办结要有说明：needs里加上words，或者用asks写一份决定")
    outside = {"public", "subject"} & set(entry["opened_by"])
    if ends and outside and step["by"] != "opener" and not step.get("answers"):
        sources.report(*at, "办结却不答复提出人", "请写answers = true，办结的理由要答复提出人")
    if by_clock and ends and not entry["state"][step["to"]].get("words"):
        sources.report(*at, "自动办结却没有话告诉提出人", "请在这个状态下写words：为什么办结了")
    if step.get("hands_to") == "chosen" and "organ" not in step.get("needs", ()):
        sources.report(*at, "交给选定的单位，却没有让人选", "请在needs里加上organ")
    if bool(step.get("parts")) != ("organs" in step.get("needs", ())):
        sources.report(*at, "分头办理要选几个单位", "“parts = true”和needs里的organs要一起写")
    if {"answers", "all_right", "some_wrong"} & set(step.get("needs", ())) and "checklist" not in entry:
        sources.report(*at, "这个流程没有检查清单", "请写[checklist]，或者从needs里去掉")
    if step.get("parts") and not step.get("opens"):
        sources.report(*at, "分头办理却没有写各单位走哪个流程", "请用opens写明各单位走的流程")
    if strange := sorted(counted_from(step).keys() - set(step.get("starts", ()))):
        sources.report(*at, f"counted_from里的“{'、'.join(strange)}”不是这一步开始的时限", "请写在starts里，或者去掉")
    if "correction" in step.get("needs", ()) and entry.get("about") != "record":
        sources.report(*at, "这个流程不针对记录，没有什么可更正", '请写about = "record"，或者去掉correction')
    if {"record", "no_record"} & set(step.get("needs", ())) and not entry.get("finds"):
        sources.report(*at, "这个流程不会认定记录", "请写finds：由它办出来的流程写下哪类记录")
    writes = step.get("act") == "withdrawal" and any(other.get("asks") for other in entry["step"] if other is not step)
    if step.get("act") and not has_record and not writes:
        sources.report(*at, f"这个流程不针对记录，不能{ACTS.get(step['act'], step['act'])}", '请写about = "record"')


def _among(sources: Sources, at: tuple[str, str], given: Sequence[str], allowed: Mapping[str, str]) -> None:
    for one in given:
        if one not in allowed:
            known = "、".join(f"{word or '（空）'}（{title}）" for word, title in allowed.items())
            sources.report(*at, f"写的“{one}”不认识", f"只能是：{known}")


# -- every way through ------------------------------------------------------------------------------------------------

"""The opening, from whose day a clock may be counted."""
MARK = "dispute"
"""The mark of dispute counts among what is open: whatever ends the case ends it too."""


class Place(NamedTuple):
    """Where a case can be: its state, the duties (and the mark) still open, and of the steps that others require those already taken."""

    state: str
    owed: frozenset[str]
    taken: frozenset[str]


def _walk(sources: Sources, label: str, entry: Entry, known: Known) -> None:
    worlds = list(filling.worlds(entry, known.written))
    reached = frozenset[str]().union(*(_walk_one(sources, label, entry, known, world) for world in worlds))
    for name in entry["state"]:
        if name not in reached:
            sources.report(label, f"state.{name}", "没有哪一步能到这个状态", "请补上步骤，或者删去这个状态")


def _walk_one(sources: Sources, label: str, entry: Entry, known: Known, world: Mapping[str, str]) -> set[str]:
    """Every way of a case that was opened with these words; the states it reaches."""
    finals = {name for name, state in entry["state"].items() if state.get("final")}
    mark = {MARK} if entry.get("act") == MARK else set()
    start = Place(next(iter(entry["state"])), known.opened(entry["kind"]) | mark, frozenset())
    onward: dict[Place, list[Place]] = {}
    waiting = [start]
    while waiting:
        place = waiting.pop()
        if place in onward:
            continue
        onward[place] = []
        for step, after in _onward(entry, place, known, world):
            _duties_fit(sources, (label, f"step {step['id']}"), step, place)
            _closes_whole(sources, (label, f"step {step['id']}"), entry, place, after)
            if filling.too_soon(step, entry, known.written, place.taken):
                message = f"在“{entry['state'][place.state]['title']}”时还没有写下要更新的记录"
                sources.report(label, f"step {step['id']}", message, "先由写全必填列的一步写下，再更新")
            onward[place].append(after)
            waiting.append(after)
    _states_hold(sources, label, entry, onward, finals)
    return {place.state for place in onward}


def _closes_whole(sources: Sources, at: tuple[str, str], entry: Entry, place: Place, after: Place) -> None:
    """Nothing is left open where a case ends: no clock, no mark of dispute, no record that does not say when it was done."""
    states = entry["state"]
    if not states[after.state].get("final"):
        return
    title = states[place.state]["title"]
    if MARK in after.owed:
        sources.report(*at, f"从“{title}”办结，记录还标着有异议", '请写act = "settlement"，或者撤下、修复')
    if filling.KEPT in after.owed:
        sources.report(*at, f"从“{title}”办结，写下的记录还没有办结日期", "请在keeps里写上办结日期和结果")
    if owed := sorted(after.owed - {MARK, filling.KEPT}):
        fix = "请在这一步的ends（办到了）或lifts（不必再办）里写上"
        sources.report(*at, f"从“{title}”办结时还有没有了结的时限：{'、'.join(owed)}", fix)


def _states_hold(
    sources: Sources, label: str, entry: Entry, onward: Mapping[Place, Sequence[Place]], finals: Collection[str]
) -> None:
    stuck = {place.state for place in onward if not _closable(place, onward, finals)}
    for name, state in entry["state"].items():
        at = (label, f"state.{name}")
        if name in stuck:
            sources.report(*at, "到了这里就再也办不结", "请补上离开的步骤，或者让要先办的步骤在这里能办")
        elif state.get("final") and any(_reopens(step, name, finals) for step in entry["step"]):
            sources.report(*at, "办结以后又自动重开", "办结的只能由人重开")


def _reopens(step: Entry, state: str, finals: Collection[str]) -> bool:
    return state in step["from"] and step["by"] == "clock" and bool(step.get("to")) and step["to"] not in finals


def _closable(place: Place, onward: Mapping[Place, Sequence[Place]], finals: Collection[str]) -> bool:
    """Whether some way leads from a place to an end."""
    seen, waiting = {place}, [place]
    while waiting:
        at = waiting.pop()
        if at.state in finals:
            return True
        fresh = [one for one in onward[at] if one not in seen]
        seen |= set(fresh)
        waiting += fresh
    return False


def _onward(entry: Entry, place: Place, known: Known, world: Mapping[str, str]) -> Iterator[tuple[Entry, Place]]:
    required = {one for step in entry["step"] for one in step.get("requires", ())}
    for step in entry["step"]:
        there = place.state in step["from"] and filling.is_there(step, world, place.taken)
        if there and place.taken >= set(step.get("requires", ())):
            settled = {MARK} if step.get("act") in SETTLING else set()
            left = place.owed - {*step.get("ends", ()), *step.get("lifts", ()), *settled} | set(step.get("starts", ()))
            left |= {MARK} if step.get("act") == MARK else set()
            taken = place.taken | ({step["id"]} & required)
            yield step, Place(step.get("to") or place.state, *filling.after(step, entry, known.written, left, taken))


def _duties_fit(sources: Sources, at: tuple[str, str], step: Entry, place: Place) -> None:
    for kind in step.get("starts", ()):
        if kind in place.owed and kind not in step.get("ends", ()):
            sources.report(*at, f"时限“{kind}”已经在走，又开始一次", "同一时限不能同时走两次：先在ends里了结")
