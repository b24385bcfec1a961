"""What changes in a procedure from one pack to another, in words."""

from collections.abc import Iterator

from jiannuo.policy.flows import BY, HANDS_TO, RIGHTS, Flow, Step
from jiannuo.policy.wording import said


def flow_name(entry: Flow) -> str:
    """A procedure by title and size."""
    return f"流程“{entry.title}”，共{len(entry.steps)}步"


def flow_changes(old: Flow, new: Flow) -> Iterator[str]:
    """What changed in a procedure: its states, its steps, who takes them, the clocks they start."""
    name = f"流程“{new.short}”"
    yield from said(name, (("名称", old.title, new.title), ("依据", old.source, new.source)))
    for key, state in old.states.items():
        if key not in new.states:
            yield f"{name}删去状态“{state.title}”"
    for key, state in new.states.items():
        if key not in old.states:
            yield f"{name}新增状态“{state.title}”"
    for key, step in old.by_id.items():
        if key not in new.by_id:
            yield f"{name}删去步骤“{step.title}”"
    for key, step in new.by_id.items():
        if key not in old.by_id:
            yield f"{name}新增步骤“{step.title}”，由{BY[step.by]}办理"
        else:
            yield from said(f"{name}的步骤“{step.title}”", _parts((old, old.by_id[key]), (new, step)))


def _parts(old: tuple[Flow, Step], new: tuple[Flow, Step]) -> tuple[tuple[str, object, object], ...]:
    (before, was), (after, now) = old, new
    return (
        ("名称", was.title, now.title),
        ("由谁办理", BY[was.by], BY[now.by]),
        ("权限", RIGHTS[was.right], RIGHTS[now.right]),
        ("可以办的状态", _states(before, was), _states(after, now)),
        ("办完以后", _to(before, was), _to(after, now)),
        ("交给", HANDS_TO[was.hands_to], HANDS_TO[now.hands_to]),
        ("开始的时限", was.starts, now.starts),
        ("了结的时限", (*was.ends, *was.lifts), (*now.ends, *now.lifts)),
        ("等多久", was.after, now.after),
        ("要先办的步骤", was.requires, now.requires),
        ("只用于提出时写的", _said(was), _said(now)),
        ("办出哪个流程", was.opens, now.opens),
        ("不能与谁是同一人", was.not_by, now.not_by),
    )


def _said(step: Step) -> tuple[str, ...]:
    return tuple(value for values in step.filling.where.values() for value in sorted(values))


def _states(flow: Flow, step: Step) -> tuple[str, ...]:
    return tuple(state.title for name, state in flow.states.items() if name in step.start)


def _to(flow: Flow, step: Step) -> str:
    return flow.states[step.to].title if step.to else "状态不变"
