"""The words of the command line: every command, its arguments, and the function that carries it out."""

import argparse
import re
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from jiannuo.cli.answers import USAGE
from jiannuo.kernel import clock

SAID = (
    (r"the following arguments are required: (.+)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.+)", r"不认识的参数：\1"),
    (r"argument (\S+): expected one argument", r"\1 后面要跟一个值"),
    (r"argument (\S+): invalid choice: (\S+) \(choose from (.+)\)", r"\1 不能是 \2，可以是：\3"),
    (r"argument (\S+): invalid int value: (\S+)", r"\1 要填整数，不能是 \2"),
    (r"argument (\S+): (.+)", r"\1：\2"),
)


class Parser(argparse.ArgumentParser):
    """The standard parser, in the language of the people who use it."""

    def __init__(self, **given: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=Help, **given)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示用法")

    def error(self, message: str) -> NoReturn:
        for pattern, said in SAID:
            message = re.sub(f"^{pattern}$", said, message)
        self.exit(USAGE, f"用法不对：{message}\n{self.format_usage()}")


class Help(argparse.HelpFormatter):
    """Help with a Chinese heading."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


def day(text: str) -> date:
    """A day as the command line writes it."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text: str) -> NoReturn:
    raise argparse.ArgumentTypeError(f"日期要写成 2026-09-03 的样子，不能是“{text}”")


def parser() -> Parser:
    """The whole command line."""
    top = Parser(prog="jiannuo", description="践诺：政务诚信平台")
    top.add_argument("--json", action="store_true", help="只输出一份 JSON，给程序读")
    groups = top.add_subparsers(title="命令", metavar="命令", dest="command", required=True)
    for add in (_operation, _serving, _packs, _checking, _records, _reports, _upkeep):
        add(groups)
    return top


def _command(groups: Any, name: str, runs: str, words: str, *, django: bool = True) -> Parser:
    command: Parser = groups.add_parser(name, help=words, description=words)
    command.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="只输出一份 JSON，给程序读")
    command.set_defaults(runs=f"jiannuo.cli.{runs}", django=django)
    return command


def _as_of(command: Parser, words: str) -> None:
    command.add_argument("--as-of", type=day, default=None, metavar="日期", help=words)


def _organ(command: Parser, *, required: bool = False) -> None:
    words = "单位编码、统一社会信用代码或者名称"
    command.add_argument("--organ", required=required, default="", metavar="单位", help=words)


def _operation(groups: Any) -> None:
    _command(groups, "init", "starting:init", "建库或升级，载入策略包，开设三名管理员")
    work = _command(groups, "work", "working:work", "后台处理：校验上报的文件、跟进义务、推送")
    work.add_argument("--once", action="store_true", help="把现有的做完就退出")
    work.add_argument("--parent", type=int, default=0, metavar="进程号", help="这个进程不在了就退出")
    tick = _command(groups, "tick", "working:tick", "按日期更新义务和公示，可以重复运行")
    _as_of(tick, "按哪一天计算，默认今天")
    tick.add_argument("--dry-run", action="store_true", help="只看会改什么，不保存")


def _serving(groups: Any) -> None:
    serve = _command(groups, "serve", "serving:serve", "启动网站、工作台、接口和后台处理")
    serve.add_argument("--host", default="127.0.0.1", metavar="地址", help="监听的地址，默认只供本机")
    serve.add_argument("--port", type=int, default=8000, metavar="端口", help="默认 8000")
    serve.add_argument("--workers", type=int, default=2, metavar="个数", help="网站进程数，默认 2")
    demo = _command(groups, "demo", "demonstrating:demo", "生成虚构的青禾县演示数据并启动", django=False)
    demo.add_argument("--port", type=int, default=8000, metavar="端口", help="默认 8000")
    demo.add_argument("--no-serve", action="store_true", help="只生成数据，不启动")


def _packs(groups: Any) -> None:
    pack = groups.add_parser("pack", help="策略包：检查、比较、解释", description="策略包：检查、比较、解释")
    parts = pack.add_subparsers(title="命令", metavar="命令", dest="part", required=True)
    check = _command(parts, "check", "packs:check", "检查策略包，列出全部问题", django=False)
    check.add_argument("folder", nargs="?", type=Path, default=None, metavar="目录", help="默认是现用的策略包")
    diff = _command(parts, "diff", "packs:diff", "比较两个策略包", django=False)
    diff.add_argument("before", type=Path, metavar="旧目录")
    diff.add_argument("after", type=Path, metavar="新目录")
    explain = _command(parts, "explain", "packs:explain", "解释一条规则在某一天怎么说、依据什么", django=False)
    explain.add_argument("rule", metavar="规则")
    explain.add_argument("--on", type=day, default=None, metavar="日期", help="默认今天")


def _checking(groups: Any) -> None:
    due = _command(groups, "due", "dues:due", "从某一天起算，按某个时限哪天到期，为什么")
    due.add_argument("rule", metavar="时限", help="例如 disclose_decision")
    due.add_argument("--from", type=day, required=True, dest="start", metavar="日期", help="起算日")
    validate = _command(groups, "validate", "packs:validate", "检查一个代码", django=False)
    validate.add_argument("what", choices=["uscc", "id_card", "org_code"], metavar="uscc|id_card|org_code")
    validate.add_argument("value", metavar="代码")


def _records(groups: Any) -> None:
    intake = _command(groups, "intake", "records:intake", "上报一个文件")
    intake.add_argument("kind", metavar="类别", help="例如 penalty_legal")
    intake.add_argument("file", type=Path, metavar="文件", help="XLSX、XLS、ODS、CSV")
    _organ(intake, required=True)
    _as_of(intake, "按哪一天校验，默认今天")
    intake.add_argument("--dry-run", action="store_true", help="只校验，不保存")
    intake.add_argument("--receipt", type=Path, default=None, metavar="回执.xlsx", help="把标注了问题的回执存到这里")
    intake.add_argument("--corrects", default="", metavar="原因", help="作为更正提交，写明更正原因")
    records = _command(groups, "records", "records:records", "列出记录")
    records.add_argument("kind", metavar="类别")
    _organ(records)
    _as_of(records, "按哪一天已知的情况，默认现在")
    records.add_argument("--limit", type=int, default=50, metavar="条数", help="默认 50")
    duties = _command(groups, "duties", "records:duties", "列出义务和履行情况")
    _organ(duties)
    duties.add_argument("--kind", default="", metavar="种类", help="例如 disclose_decision")
    duties.add_argument(
        "--standing", default="", metavar="状态", help="running、due_soon、kept、kept_late、broken、lifted"
    )
    _as_of(duties, "按哪一天的状态，默认今天")
    duties.add_argument("--limit", type=int, default=50, metavar="条数", help="默认 50")


def _reports(groups: Any) -> None:
    report = _command(groups, "report", "reporting:report", "汇总各单位的半年报告，生成报县政府的公文")
    report.add_argument("period", metavar="报告期", help="2026-H1（上半年）或者 2026-H2（全年）")
    report.add_argument("--out", type=Path, required=True, metavar="文件", help="存成 .docx 或者 .pdf")
    report.add_argument("--number", default="", metavar="文号", help="发文字号，例如 青发改〔2026〕18号")
    _as_of(report, "按哪一天的情况，默认今天")


def _upkeep(groups: Any) -> None:
    _command(groups, "rebuild", "starting:rebuild", "由记录重建公示索引和检索")
    export = _command(groups, "export", "records:export", "把已公示的数据导出为开放数据")
    export.add_argument("folder", type=Path, metavar="目录")
    backup = _command(groups, "backup", "backups:backup", "备份数据库、证据文件和密钥")
    backup.add_argument("file", type=Path, metavar="文件")
    restore = _command(groups, "restore", "backups:restore", "从备份恢复到空的数据目录")
    restore.add_argument("file", type=Path, metavar="文件")


def day_of(args: argparse.Namespace) -> date:
    """The day asked for, or today."""
    return args.as_of or clock.today()
