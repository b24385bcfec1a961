"""What may be done to a promise, by whom and when. Pure: facts in, a refusal in words or nothing out."""

from datetime import date, timedelta

from msgspec import Struct

from jiannuo.kernel.personal import find_personal
from jiannuo.kernel.refusals import Refused
from jiannuo.kernel.workdays import Calendar
from jiannuo.policy.deadlines import Rule

SUSPENDED_UNTIL = date(9999, 12, 31)
"""The due date of what stands still for nobody knows how long: no day breaks it."""
PERSONAL = "中华人民共和国个人信息保护法第二十五条"
SHORTEST_WORDS = 6
LONGEST_WORDS = 2000
MOST_FILES = 10


class Undertaking(Struct, frozen=True):
    """A promise as the rules of acting on it see it."""

    what: str
    clause: str
    """Under which words of the document or the law it is owed."""
    started_on: date
    due_on: date
    first_due_on: date
    provisional: bool
    kept_on: date | None
    lifted_on: date | None
    suspended_since: date | None
    submitted_on: date | None
    debtors: frozenset[int]
    """The debtor with those it took over and the one that took it over."""
    confirmer: int | None
    milestones_open: int = 0

    def is_broken(self, on: date) -> bool:
        """Its day has passed and it is not done."""
        return self.due_on < on and not self.provisional and self.kept_on is None and self.lifted_on is None


def _no(promise: Undertaking, message: str, fix: str, code: str, *, field: str = "") -> Refused:
    return Refused(message, fix=fix, clause=promise.clause, field=field, code=code)


def need_words(promise: Undertaking, text: str, what: str, *, field: str, public: bool = True) -> str:
    """The words without blanks around them; refuses none, too few to say anything, and personal data where everybody may read."""
    words = text.strip()
    if public:
        not_personal(words, what, field=field)
    if len(words) < SHORTEST_WORDS or len(words) > LONGEST_WORDS:
        raise _no(
            promise, f"{what}没有写清楚", f"请用{SHORTEST_WORDS}到{LONGEST_WORDS}个字写明{what}", "words", field=field
        )
    return words


def not_personal(text: str, what: str, *, field: str) -> None:
    """The ledger never forgets: an identity number, a mobile number or a bank card does not get into what is made public."""
    found = next((one for one in find_personal(text) if one.certain), None)
    if found is not None:
        fix = f"请删去{found.what}再提交；要指明是谁的，写“张某某”这样的称谓"
        raise Refused(f"{what}里有{found.what}，会向社会公开", fix=fix, clause=PERSONAL, field=field, code="personal")


def still_open(promise: Undertaking) -> None:
    """Refuses what is kept or lifted already."""
    if promise.kept_on is not None:
        raise _no(
            promise, f"这一项已于{promise.kept_on}确认兑现", "不能重复办理；发现不实的，由确认单位撤销确认", "kept"
        )
    if promise.lifted_on is not None:
        raise _no(promise, f"这一项已于{promise.lifted_on}依法免除", "不必再办", "lifted")


def may_submit(promise: Undertaking, done_on: date, *, files: int, on: date, grace: Rule, calendar: Calendar) -> None:
    """Evidence is sent while it is fresh: the day of completion is neither before the promise, nor ahead, nor long past."""
    still_open(promise)
    if promise.submitted_on is not None:
        raise _no(
            promise, f"{promise.submitted_on}提交的材料还在等确认", "请等确认单位答复；要补充的，请它先退回", "waiting"
        )
    if promise.milestones_open:
        fix = "请先逐个提交节点的完成情况；确认以后再提交全部完成"
        raise _no(promise, f"还有{promise.milestones_open}个节点没有确认完成", fix, "milestones")
    if not files:
        raise _no(
            promise,
            "没有附佐证材料",
            "请附能证明办成了的材料：验收单、照片、文件扫描件等",
            "evidence",
            field="evidence",
        )
    if files > MOST_FILES:
        fix = "请合并成一个PDF，或者只附最能说明问题的几份"
        raise _no(promise, f"一次最多附{MOST_FILES}份佐证材料", fix, "evidence", field="evidence")
    if done_on > on:
        raise _no(promise, f"完成日期{done_on}在今天以后", "还没有完成的，请等完成以后再提交", "ahead", field="done_on")
    if done_on < promise.started_on:
        fix = f"这项承诺自{promise.started_on}起；以前做的事不能算作它的兑现"
        raise _no(promise, f"完成日期{done_on}早于承诺的起始日", fix, "before", field="done_on")
    earliest = earliest_done(on, grace=grace, calendar=calendar)
    if done_on < earliest:
        fix = f"今天提交，完成日期最早可写{earliest}；更早完成而没有按时提交的，按{earliest}认定，请在说明里写明实情"
        message = f"不能倒签：完成以后{grace.value.words}内要提交材料"
        raise Refused(message, fix=fix, clause=grace.clause or grace.source, field="done_on", code="backdated")


def earliest_done(on: date, *, grace: Rule, calendar: Calendar) -> date:
    """The earliest day of completion that evidence sent on a day may claim."""
    day = on
    while grace.due(day - timedelta(days=1), calendar).due_on >= on:
        day -= timedelta(days=1)
    return day


def not_own(promise: Undertaking, organ_id: int | None) -> None:
    """Nobody confirms a promise of its own."""
    if organ_id in promise.debtors:
        raise _no(promise, "承诺单位不能确认自己的承诺", "请由确认单位办理：自己说办成了不算，要由别人核实", "own")


def may_confirm(promise: Undertaking, organ_id: int | None) -> None:
    """Only what waits is confirmed, once, and never by the one who owes it."""
    not_own(promise, organ_id)
    still_open(promise)
    if promise.submitted_on is None:
        raise _no(promise, "没有等待确认的材料", "承诺单位提交完成情况和佐证以后才能确认", "nothing")


def creditor_first(promise: Undertaking, until: date, *, on: date) -> None:
    """What is owed to somebody outside is confirmed by them; an organ speaks only where they have said nothing until a day."""
    if on <= until:
        fix = f"请等到{until}；企业到那天还没有回答的，由您单位凭证明核实"
        raise _no(promise, "这一项由收款、受益的企业确认", fix, "creditor")


def same_evidence(promise: Undertaking, *, seen: int | None, waiting: int | None) -> None:
    """What was sent anew while somebody looked at the old is looked at first."""
    if seen is not None and seen != waiting:
        fix = "请重新打开这一页，看过新的材料再办"
        raise _no(promise, "您看的材料已经退回，单位又交了新的", fix, "overtaken")


def not_sender(promise: Undertaking, *, sent_by: str, username: str) -> None:
    """Who sent the evidence for the debtor does not confirm it from another organ's desk."""
    if sent_by and sent_by == username:
        raise _no(promise, "材料是您自己提交的，不能由您确认", "请本单位的另一位经办人核实：自己说办成了不算", "own")


def may_reopen(promise: Undertaking, organ_id: int | None) -> None:
    """A confirmation is taken back by who may confirm, where there is one."""
    not_own(promise, organ_id)
    if promise.kept_on is None:
        raise _no(promise, "这一项没有确认过", "只有确认了的才能撤销确认", "not_kept")


def may_amend(promise: Undertaking, due_on: date, *, on: date, longest: date | None, is_simple: bool = False) -> None:
    """A date moves before it has passed, to a day that is still to come, within what the law allows.

    The longer limit of the law is for what was set down as complex when it was assigned.
    """
    still_open(promise)
    if promise.is_broken(on):
        message = f"期限{promise.due_on}已过，不能再变更"
        fix = "逾期已经成立，变更期限不能抹去；请抓紧办理并提交完成情况，逾期的天数照记"
        raise _no(promise, message, fix, "amended_late")
    if promise.suspended_since is not None:
        raise _no(promise, "这一项正在中止", "请先恢复，再变更期限", "suspended")
    if due_on == promise.due_on:
        raise _no(promise, f"新期限和现在的一样，都是{due_on}", "请填变更后的日期", "same", field="due_on")
    if due_on < on:
        raise _no(promise, f"新期限{due_on}在今天以前", "请填今天或者以后的日期", "past", field="due_on")
    if longest is not None and is_simple and due_on > promise.first_due_on:
        fix = "涉及面广、处理难度大的，请交办单位先更正“是否复杂”，再变更期限"
        raise _no(promise, "这一件没有定为复杂，不能延长", fix, "simple", field="due_on")
    if longest is not None and due_on > longest:
        raise _no(promise, f"最长只能到{longest}", f"请填{longest}或者更早的日期", "longest", field="due_on")


class Halts(Struct, frozen=True):
    """How far back a stop may be dated, and how long one may last before somebody has to allow it anew."""

    grace: Rule
    longest: Rule
    calendar: Calendar


def may_suspend(promise: Undertaking, since: date, until: date, *, on: date, halts: Halts) -> None:
    """What stands still does so from a fresh day that is not ahead to a day that is named, before it is broken."""
    still_open(promise)
    if promise.suspended_since is not None:
        raise _no(promise, f"这一项自{promise.suspended_since}起已经中止", "不必再办", "suspended")
    if promise.is_broken(on):
        raise _no(promise, f"期限{promise.due_on}已过，不能再中止", "逾期已经成立，中止不能抹去", "suspended_late")
    if not promise.started_on <= since <= on:
        fix = f"请填{promise.started_on}至{on}之间的日期"
        raise _no(promise, f"中止日期{since}不对", fix, "since", field="since")
    earliest = earliest_done(on, grace=halts.grace, calendar=halts.calendar)
    if since < earliest:
        fix = f"今天办理，最早可写{earliest}；停工当时没有报的，那些天照算"
        message = f"不能倒签：事由发生以后{halts.grace.value.words}内要办中止"
        raise Refused(message, fix=fix, clause=halts.grace.source, field="since", code="backdated")
    last = halts.longest.due(since, halts.calendar).due_on
    if not since < until <= last:
        fix = f"请填{since}以后、不晚于{last}的日期；到时还办不下去的，再批准公开一次"
        raise _no(promise, f"最迟恢复日期{until}不对，中止不能没有尽头", fix, "until", field="until")


def may_resume(promise: Undertaking, since: date, *, on: date) -> None:
    """What stood still goes on from a day after it stopped."""
    if promise.suspended_since is None:
        raise _no(promise, "这一项没有中止", "只有中止了的才能恢复", "running")
    if not promise.suspended_since < since <= on:
        fix = f"请填{promise.suspended_since}以后、不晚于{on}的日期"
        raise _no(promise, f"恢复日期{since}不对", fix, "since", field="since")


def may_lift(promise: Undertaking, organ_id: int | None) -> None:
    """The law no longer asks for it: said by who may confirm it, never by the one who owes it."""
    not_own(promise, organ_id)
    still_open(promise)
    if promise.submitted_on is not None:
        fix = "请先看材料：办成了的确认，看不出来的退回，再说免除"
        raise _no(promise, f"{promise.submitted_on}提交的材料还在等答复", fix, "waiting")
