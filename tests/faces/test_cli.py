"""The command line as people and programs use it: words, one JSON document, exit codes, nothing half done."""

import csv
import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from jiannuo.access.rules import Actor
from jiannuo.cli.main import main
from jiannuo.disclosure import actions as disclosure
from jiannuo.duties import actions as duties
from jiannuo.intake import queries as batches
from jiannuo.kernel import clock
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects

MARKET = "419926-121"
HEADS = (
    "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_FRDB,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_YXQ,"
    "CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM"
)
GOOD = (
    "青禾县明德美食品有限公司,法人及非法人组织,91419926MA24089111,何竹德,青市监处罚〔2026〕1号,未取得许可从事食品经营,"
    "检查发现当事人未取得食品经营许可。,《中华人民共和国食品安全法》第一百二十二条第一款,罚款,罚款20000元,2,2026/11/16,"
    "2029/11/16,青禾县市场监督管理局,11419926MB8001219L,青禾县市场监督管理局,11419926MB8001219L"
)
BAD = GOOD.replace("何竹德", "").replace("1号", "2号")

Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with --json: its exit code and the one document it printed."""

    def running(*words: object) -> tuple[int, dict[str, Any]]:
        code = main([*(str(word) for word in words), "--json"])
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return code, told

    return running


@pytest.fixture
def county(db: None) -> None:
    subjects_actions.load_organs(policy.current(), at=clock.now())


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "处罚.csv"
    path.write_bytes(f"{HEADS}\n{GOOD}\n{BAD}".encode("gb18030"))
    return path


# -- rules, without a database ----------------------------------------------------------------------------------------


def test_a_deadline_is_counted_and_explained(run: Run) -> None:
    code, due = run("due", "disclose_decision", "--from", "2026-09-25")
    assert code == 0
    wanted = {"rule", "clause", "start", "limit", "unit", "due_on", "provisional", "skipped", "why"}
    assert wanted <= due.keys()
    assert (due["start"], due["limit"], due["unit"], due["due_on"]) == ("2026-09-25", 7, "workday", "2026-10-12")
    assert due["skipped"][0] == {"day": "2026-09-26", "why": "中秋节假期"}


def test_an_unknown_deadline_is_refused_with_those_there_are(run: Run) -> None:
    code, told = run("due", "none", "--from", "2026-09-25")
    assert (code, told["refused"]["code"]) == (1, "rule")
    assert "disclose_decision" in told["refused"]["fix"]


@pytest.mark.parametrize(
    "what,value,code,level",
    [
        pytest.param("uscc", "11419926MB8000013F", 0, "ok", id="right"),
        pytest.param("uscc", "00000000000000000X", 0, "warning", id="placeholder"),
        pytest.param("uscc", "11419926MB8000013A", 1, "error", id="wrong check character"),
        pytest.param("id_card", "419926197307278568", 0, "ok", id="identity card"),
        pytest.param("org_code", "MB8000013", 0, "ok", id="organ code"),
    ],
)
def test_a_code_is_validated(run: Run, what: str, value: str, code: int, level: str) -> None:
    ended, told = run("validate", what, value)
    assert (ended, told["level"], told["valid"]) == (code, level, code == 0)
    assert bool(told["reason"]) == (level != "ok")


def test_a_pack_is_checked(run: Run, root: Path) -> None:
    code, told = run("pack", "check", root / "packs" / "sample")
    assert code == 0
    assert all(one["level"] == "warning" for one in told["problems"])


def test_two_packs_are_compared_in_sentences(run: Run, root: Path) -> None:
    _, told = run("pack", "diff", root / "packs" / "sample", root / "packs" / "huaxian")
    assert any("机关" in one["subject"] for one in told["changes"])
    assert run("pack", "diff", root / "packs" / "sample", root / "packs" / "sample")[1]["changes"] == []


def test_a_rule_is_explained(run: Run) -> None:
    _, told = run("pack", "explain", "disclose_decision", "--on", "2026-11-23")
    assert "7个工作日" in told["says"]


def test_a_folder_without_a_pack_is_refused(run: Run, tmp_path: Path) -> None:
    assert run("pack", "check", tmp_path)[0] == 1


@pytest.mark.parametrize(
    "words,said",
    [
        pytest.param(["nothing"], "不能是", id="no such command"),
        pytest.param(["due", "disclose_decision"], "缺少参数：--from", id="argument missing"),
        pytest.param(["due", "x", "--from", "23.11.2026"], "日期要写成", id="no day"),
        pytest.param(["intake", "a", "b", "--organ"], "后面要跟一个值", id="value missing"),
        pytest.param(["validate", "phone", "1"], "不能是", id="no such check"),
    ],
)
def test_wrong_usage_ends_with_two_and_says_what(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_a_refusal_is_printed_as_what_basis_and_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["due", "none", "--from", "2026-09-25"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("：")[0] for line in lines] == ["哪里不对", "怎么办"]


# -- what was reported ------------------------------------------------------------------------------------------------


def test_a_file_is_sent_in_and_each_problem_told(run: Run, county: None, sheet: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "回执.xlsx"
    code, told = run("intake", "penalty_legal", sheet, "--organ", MARKET, "--receipt", receipt)
    assert (code, told["rows"], told["accepted"], told["unchanged"], told["rejected"]) == (0, 2, 1, 0, 1)
    (one,) = told["problems"]
    assert (one["row"], one["column"], one["code"]) == (3, "CF_FRDB", "required")
    assert openpyxl.load_workbook(receipt).sheetnames
    assert run("intake", "penalty_legal", sheet, "--organ", "县市场监管局")[1]["unchanged"] == 1


def test_a_dry_run_tells_the_same_and_keeps_nothing(run: Run, county: None, sheet: Path) -> None:
    # A file like no other, so that nobody else can have kept it under its digest.
    sheet.write_bytes(sheet.read_bytes() + b"\n\n")
    kept = ledger.evidence_path(hashlib.sha256(sheet.read_bytes()).hexdigest())
    code, told = run("intake", "penalty_legal", sheet, "--organ", MARKET, "--dry-run")
    assert (code, told["batch"], told["accepted"], told["rejected"]) == (0, None, 1, 1)
    assert batches.batches(None) == []
    assert ledger.head()[0] == 0
    assert not kept.exists()
    run("intake", "penalty_legal", sheet, "--organ", MARKET)
    assert kept.exists()


def test_a_day_given_is_the_day_of_judging(run: Run, county: None, sheet: Path) -> None:
    _, told = run("intake", "penalty_legal", sheet, "--organ", MARKET, "--as-of", "2026-11-10", "--dry-run")
    assert (told["accepted"], told["rejected"]) == (0, 2)


@pytest.mark.parametrize(
    "kind,file,organ,code",
    [
        pytest.param("none", "处罚.csv", MARKET, "kind", id="no such kind"),
        pytest.param("penalty_legal", "处罚.csv", "没有的局", "organ", id="no such organ"),
        pytest.param("penalty_legal", "没有.csv", MARKET, "file", id="no such file"),
    ],
)
def test_what_cannot_be_sent_is_refused(
    run: Run, county: None, sheet: Path, kind: str, file: str, organ: str, code: str
) -> None:
    ended, told = run("intake", kind, sheet.with_name(file), "--organ", organ)
    assert (ended, told["refused"]["code"], bool(told["refused"]["fix"])) == (1, code, True)


def test_a_file_refused_whole_and_one_of_which_nothing_passes_end_with_one(
    run: Run, county: None, tmp_path: Path
) -> None:
    broken, bad = tmp_path / "坏.xlsx", tmp_path / "错.csv"
    broken.write_bytes(b"PK\3\4 broken")
    bad.write_text(f"{HEADS}\n{BAD}", "utf-8")
    code, told = run("intake", "penalty_legal", broken, "--organ", MARKET)
    assert (code, bool(told["refused"]["message"])) == (1, True)
    assert run("intake", "penalty_legal", bad, "--organ", MARKET)[0] == 1


def test_records_and_duties_are_listed_as_of_a_day(run: Run, county: None, sheet: Path) -> None:
    run("intake", "penalty_legal", sheet, "--organ", MARKET)
    run("work", "--once")
    _, told = run("records", "penalty_legal", "--organ", MARKET)
    assert (told["total"], told["records"][0]["number"]) == (1, "青市监处罚〔2026〕1号")
    assert run("records", "penalty_legal", "--as-of", "2026-11-22")[1] == {"total": 0, "records": []}
    assert run("records", "penalty_legal", "--organ", "县财政局")[1]["total"] == 0
    _, told = run("duties", "--kind", "disclose_decision", "--standing", "due_soon")
    (duty,) = told["duties"]
    assert {"id", "kind", "debtor", "due_on", "standing", "why"} <= duty.keys()
    assert (duty["debtor"], duty["due_on"], duty["standing"]) == (MARKET, "2026-11-25", "due_soon")
    assert run("duties", "--standing", "broken", "--as-of", "2026-11-26")[1]["total"] == 1
    assert run("duties", "--standing", "wrong")[0] == 1


def test_the_tick_runs_twice_and_changes_once(run: Run, county: None, sheet: Path) -> None:
    run("intake", "penalty_legal", sheet, "--organ", MARKET)
    run("work", "--once")
    _, dry = run("tick", "--as-of", "2026-12-01", "--dry-run")
    _, first = run("tick", "--as-of", "2026-12-01")
    _, second = run("tick", "--as-of", "2026-12-01")
    assert {"looked_at", "changed", "took_s"} <= first.keys()
    assert (dry["changed"], first["changed"], second["changed"]) == (1, 1, 0)


@pytest.fixture
def released(run: Run, county: None, sheet: Path) -> None:
    run("intake", "penalty_legal", sheet, "--organ", MARKET)
    duties.follow(opened_at=clock.now())
    office = subjects.directory(clock.today()).by_code[MARKET]
    disclosure.release(
        entry_ids=[one.id for one in ledger.since(0, kinds=("penalty_legal",), limit=9)],
        actor=Actor(None, "reviewer", "", office.id, "", frozenset({"reviewer"}), frozenset({office.id})),
        on=clock.today(), at=clock.now(), reason="已核对", basis="属于本机关公布的应当公开的处罚种类",
        confirmed=frozenset(one.id for one in policy.current().filters if one.outcome == "ask"),
    )  # fmt: skip


def test_what_is_public_is_exported_and_nothing_else(run: Run, released: None, tmp_path: Path) -> None:
    folder = tmp_path / "开放数据"
    code, told = run("export", folder)
    assert (code, told["records"]) == (0, {"penalty_legal": 1})
    with (folder / "penalty_legal.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["行政处罚决定书文号"] == "青市监处罚〔2026〕1号"
    assert "备注" not in row


def test_a_home_of_one_county_is_not_served_by_the_pack_of_another(
    run: Run, county: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "current", lambda: policy.load(policy.ROOT / "huaxian"))
    for command in ("serve", "tick", "init"):
        code, told = run(command)
        assert (code, told["refused"]["code"]) == (1, "county")
        assert "是滑县的" in told["refused"]["message"]
        assert "青禾县人民政府" in told["refused"]["message"]
        assert "JIANNUO_PACK" in told["refused"]["fix"]
    assert {organ.code[:6] for organ in subjects.directory(clock.today()).organs} == {"419926"}


def test_a_lead_office_that_the_pack_names_anew_is_loaded_first(
    run: Run, county: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    renamed = replace(policy.current())
    renamed.__dict__["about"] = {**policy.current().about, "lead": "419926-199"}
    monkeypatch.setattr(policy, "current", lambda: renamed)
    code, told = run("serve")
    assert (code, told["refused"]["code"]) == (1, "not_ready")
    assert "牵头单位 419926-199 还没有载入" in told["refused"]["message"]


def test_the_indexes_are_made_anew(run: Run, released: None) -> None:
    assert run("rebuild") == (0, {"public": 1, "services": 0, "cases": 0})


def test_a_moment_at_the_end_of_a_day_belongs_to_it() -> None:
    from jiannuo.cli import records

    assert records.end_of(date(2026, 11, 23)) == datetime(2026, 11, 23, 23, 59, 59, 999999, tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_exported_cell_starts_a_formula(cell: str) -> None:
    from jiannuo.cli import records

    assert records.harmless(cell) == f"'{cell}"
