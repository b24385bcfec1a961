"""Commands that set an installation up: tables, organs, the first administrators, and the indexes."""

from argparse import Namespace
from datetime import datetime

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jiannuo.access import actions as access
from jiannuo.access import queries as accounts
from jiannuo.access.rules import INSTALLER, ROLES
from jiannuo.assessment import actions as assessment
from jiannuo.assessment import tick as assessing
from jiannuo.cases import actions as cases
from jiannuo.cli.answers import Answer
from jiannuo.disclosure import actions as disclosure
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import check
from jiannuo.policy import pack as policy
from jiannuo.policy.pack import Pack
from jiannuo.subjects import actions as subjects
from jiannuo.subjects import queries as organs

ADMINISTRATORS = (
    ("system.admin", "sysadmin"),
    ("security.admin", "secadmin"),
    ("audit.admin", "auditadmin"),
)
"""User names of the first three, and the role of each: they are three people (三员分立)."""


def init(_args: Namespace) -> Answer:
    now = clock.now()
    pack = policy.current()
    if wrong := check.errors(pack, as_of=now.date()):
        raise Refused(
            f"策略包 {pack.id} 有 {len(wrong)} 个错误，第一个是：{wrong[0]}",
            fix="请运行 jiannuo pack check 查看全部问题，改好后再初始化",
            code="pack",
        )
    make_tables()
    demand_same_county(pack)
    added = subjects.load_organs(pack, at=now)
    made = first_administrators(now)
    total = len(organs.directory(now.date()).organs)
    lines = [f"数据库已就绪（{connection.vendor}），策略包 {pack.id}，单位 {total} 个（本次新增、变更 {added} 条）"]
    lines += [f"新开账号　{one['name']}　用户名 {one['username']}　一次性口令 {one['password']}" for one in made]
    if made:
        lines.append("口令只显示这一次，首次登录必须修改；三个账号请交给三个人")
    data = {"database": connection.vendor, "pack": pack.id, "organs": total, "changed": added, "administrators": made}
    return Answer(data, lines)


def first_administrators(now: datetime, password: str = "") -> list[dict[str, str]]:
    """The administrators that nobody is yet, with their first passwords."""
    made = []
    for username, role in ADMINISTRATORS:
        if accounts.accounts(on=now.date(), role=role):
            continue
        name = ROLES[role].title
        user_id, first = access.create_account(
            by=INSTALLER, username=username, name=name, organ_id=None, at=now, password=password
        )
        access.grant(by=INSTALLER, user_id=user_id, role=role, on=now.date(), at=now)
        made.append({"username": username, "name": name, "role": role, "password": first})
    return made


def make_tables() -> None:
    """Make the tables, or bring them up to this version."""
    call_command("migrate", verbosity=0, interactive=False)


def has_tables() -> bool:
    """True where the database is not empty."""
    return bool(connection.introspection.table_names())


def demand_ready() -> None:
    """Refuses to work on a database that is not there or not of this version."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refused("数据库还没有建好，或者版本旧", fix="请先运行 jiannuo init", code="not_ready")
    demand_same_county(policy.current())
    found = organs.directory(clock.today())
    if found.by_code and found.lead_code not in found.by_code:
        fix = "请先运行 jiannuo init，把策略包里新的单位载入"
        raise Refused(
            f"策略包 {policy.current().id} 的牵头单位 {found.lead_code} 还没有载入", fix=fix, code="not_ready"
        )


def demand_same_county(pack: Pack) -> None:
    """Refuses a data folder whose organs are those of another county: what is recorded there would answer to nobody."""
    found = organs.directory(clock.today())
    if not found.by_code or found.by_code.keys() & {organ.code for organ in pack.organs}:
        return
    named = next((card.name for card in found.organs if card.type == "government"), "")
    where = (
        f"数据目录 {settings.HOME}" if connection.vendor == "sqlite" else f"数据库 {connection.settings_dict['NAME']}"
    )
    raise Refused(
        f"策略包 {pack.id} 是{pack.about['county']}的，{where} 里记的是{named or '另一个县'}的单位和事情，两个对不上",
        fix="请把环境变量 JIANNUO_PACK 指到那个县的策略包；要给本县新建，请用 JIANNUO_HOME 另选一个空目录，再运行 jiannuo init",
        code="county",
    )


def rebuild(_args: Namespace) -> Answer:
    demand_ready()
    told = cases.rebuild()
    public = disclosure.rebuild(at=clock.now())
    assessment.recount()
    services = assessing.run()
    lines = [
        f"公示索引已重建，共 {public} 条",
        f"政务服务办件已重新统计，共 {services} 条记录",
        f"案件已重建，共 {told} 件",
    ]
    return Answer({"public": public, "services": services, "cases": told}, lines)
