"""Journey 13: the next engineer adds a kind of duty with its deadline as data, sees the check fail until it is whole, and it is there."""

import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_support import JIANNUO, Visitor, assert_accessible, copy_home, environment, serving

GUIDE = "adding-a-kind.md"
BLOCK = re.compile(r"(?ms)^```(?:toml|csv) (?P<more>加到 )?(?P<path>\S+)\n(?P<text>.*?)^```$")
CARRIED = re.compile(r"`(kind:promise\S*)`")
SENTENCE = "二(三)-1"
PASSWORD = "qinghe-yanshi-2026"


def steps(root: Path) -> dict[str, str]:
    """What the guide tells to write, by file, in its order."""
    text = root.joinpath("docs", GUIDE).read_text("utf-8")
    return {block["path"]: block["text"] for block in BLOCK.finditer(text)}


def write(shelf: Path, path: str, text: str) -> None:
    file = shelf / path
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as opened:
        opened.write(text)


def name_the_sentence(shelf: Path, root: Path) -> None:
    """What the guide says to put into `carried_by`, in the row of the sentence on promises."""
    told = CARRIED.search(root.joinpath("docs", GUIDE).read_text("utf-8"))
    assert told
    clauses = shelf / "packs" / "sample" / "clauses.csv"
    rows = clauses.read_text("utf-8").splitlines(keepends=True)
    at = next(number for number, row in enumerate(rows) if row.startswith(f"{SENTENCE},"))
    rows[at] = rows[at].replace(",C1;A4,", f",C1;A4,{told[1]};")
    assert told[1] in rows[at]
    clauses.write_text("".join(rows), "utf-8")


def check(shelf: Path) -> tuple[int, str]:
    """The exit code of `jiannuo pack check` and its errors in one text."""
    command = [str(JIANNUO), "pack", "check", str(shelf / "packs" / "sample"), "--json"]
    done = subprocess.run(command, env=environment(shelf), capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    errors = [one for one in told.get("problems", ()) if one["level"] == "error"]
    return done.returncode, json.dumps(errors or told.get("refused", ""), ensure_ascii=False)


@pytest.fixture(scope="module")
def shelf(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packs with the guide followed to its end; the check fails at every step before the last."""
    folder = tmp_path_factory.mktemp("engineer")
    shutil.copytree(root / "packs", folder / "packs")
    assert check(folder)[0] == 0
    name_the_sentence(folder, root)
    wanted = ("kind:promise", "deadline:disclose_promise", "duty:disclose_promise")
    told = check(folder)
    assert told[0] == 1
    assert all(f"指向的“{name}”不存在" in told[1] for name in wanted)

    still = {
        "packs/sample/kinds/promise.csv": "kind:promise",
        "packs/sample/kinds/codes.csv": "kind:promise",
        "packs/sample/kinds/promise.toml": "没有义务种类“disclose_promise”",
        "packs/sample/duties.toml": "没有时限“disclose_promise”",
        "packs/sample/deadlines.toml": "",
        "packs/sample/cases/promise.toml": "",
    }
    guide = steps(root)
    assert list(guide) == list(still)
    for path, words in still.items():
        write(folder, path, guide[path])
        code, errors = check(folder)
        assert (code == 0, words in errors) == (not words, True), f"{path}: {errors}"
    return folder


@pytest.fixture(scope="module")
def site(shelf: Path, demo_home: Path) -> Iterator[str]:
    """The demonstration, running the county's rules as they are now."""
    home = copy_home(demo_home, shelf / "home")
    more = {"JIANNUO_PACK": str(shelf / "packs" / "sample")}
    done = subprocess.run(
        [str(JIANNUO), "init"], env=environment(home, **more), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with serving(home, **more) as url:
        yield url


@pytest.fixture
def visitor(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    visiting = Visitor(browser, site, request.node.name)
    yield visiting
    visiting.close()


def as_clerk(visitor: Visitor, path: str, *, narrow: bool = False) -> Page:
    page = visitor.open(path, narrow=narrow)
    page.locator("[name=username]").fill("clerk121")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    return page


def test_the_rule_explains_itself_on_the_command_line(shelf: Path) -> None:
    command = [str(JIANNUO), "due", "disclose_promise", "--from", "2026-09-24"]
    told = environment(shelf / "nowhere", JIANNUO_PACK=str(shelf / "packs" / "sample"))
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=True)
    assert "2026-10-15" in done.stdout
    assert "10个工作日" in done.stdout
    assert "国庆节" in done.stdout


def test_the_new_kind_is_offered_and_its_template_is_filled_from_the_guide(visitor: Visitor) -> None:
    page = as_clerk(visitor, "/desk/intake/")
    page.get_by_role("main").get_by_role("link", name="服务承诺", exact=True).click()
    expect(page.get_by_role("heading", name="服务承诺")).to_be_visible()
    assert_accessible(page)
    visitor.shoot(page, "engineer-intake")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载模板").click()
    sheet = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes())).worksheets[0]
    headings = [str(cell.value) for cell in sheet[1]]
    assert any("承诺编号" in heading for heading in headings)
    assert any("承诺事项" in heading for heading in headings)


PROMISE: Mapping[str, str] = {
    "number": "青市监诺〔2026〕1号",
    "title": "营业执照设立登记当天办结",
    "organ": "青禾县市场监督管理局",
    "made_on": "2026-11-18",
}


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_a_promise_filled_in_has_a_due_date_that_explains_itself(visitor: Visitor, narrow: bool) -> None:
    page = as_clerk(visitor, "/desk/intake/promise/entry/", narrow=narrow)
    for name, value in PROMISE.items():
        page.locator(f"[name='{name}']").fill(value.replace("1号", "2号") if narrow else value)
    page.locator("[name='level']").select_option(label="网上")
    assert_accessible(page)
    visitor.shoot(page, "engineer-form")
    page.get_by_role("button", name="核对并收下").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("服务承诺上网公开")
    expect(main).to_contain_text("2026-12-02")
    for summary in page.locator("summary", has_text=re.compile("为什么")).all():
        summary.click()
    expect(main).to_contain_text("10个工作日")
    expect(main).to_contain_text("作出承诺之日")
    assert_accessible(page)
    visitor.shoot(page, "engineer-record")


def test_the_plan_says_what_carries_the_sentence_out(visitor: Visitor) -> None:
    page = visitor.open("/plan/")
    sentence = page.get_by_text("各单位应当就办理事项、服务质量、办结期限和保障措施向社会公开承诺")
    expect(sentence).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("服务承诺")
