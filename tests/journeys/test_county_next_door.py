"""Journey 11: the county next door copies the pack's folder, mends what the check says, and is running the same afternoon."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_support import JIANNUO, Visitor, assert_accessible, environment, serving

PAGES = (
    "/",
    "/disclosures/",
    "/plan/",
    "/catalogue/",
    "/organs/",
    "/about/",
    "/rules/",
    "/search/?q=市场",
    "/desk/login/",
)
NEIGHBOUR = {
    "青禾": "白堰",
    "青政": "堰政",
    "419926": "419988",
    "澄川市": "云泽市",
    "sample-2026": "baiyan-2026",
    "（演示）": "",
}
CODE = re.compile(r",1[12]419988\w{10},")
OF_THE_OLD = re.compile("青禾|青政|澄川|419926")


def copied(root: Path, folder: Path) -> Path:
    """The folder of the made-up county, under another name, with the other county's words put in the place of the old ones."""
    shutil.copytree(root / "packs" / "sample", folder)
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        text = path.read_text("utf-8")
        for old, new in NEIGHBOUR.items():
            text = text.replace(old, new)
        # Codes of a register that this county has not looked up yet are left empty, not invented.
        path.write_text(CODE.sub(",,", text) if path.name == "organs.csv" else text, "utf-8")
    about = folder / "pack.toml"
    about.write_text(about.read_text("utf-8").replace("demo = true", "demo = false"), "utf-8")
    return folder


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path.name}: {old}"
    path.write_text(text.replace(old, new), "utf-8")


def check(folder: Path) -> tuple[int, list[dict[str, str]]]:
    """What `jiannuo pack check` answers, and the errors it tells."""
    command = [str(JIANNUO), "pack", "check", str(folder), "--json"]
    done = subprocess.run(command, env=environment(folder.parent), capture_output=True, text=True, check=False)
    problems = json.loads(done.stdout)["problems"]
    return done.returncode, [problem for problem in problems if problem["level"] == "error"]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("next-door")


@pytest.fixture(scope="module")
def folder(root: Path, workshop: Path) -> Path:
    """The neighbour's pack, checked and mended until nothing is wrong with it."""
    pack = copied(root, workshop / "baiyan")
    change(
        pack / "organs.csv",
        "419988-106,白堰县司法局,县司法局,department,419988-001",
        "419988-106,白堰县司法局,县司法局,department,419988-1",
    )
    change(
        pack / "deadlines.toml",
        'since = 2026-01-19\nchecked = 2026-11-23\nlimit = 7\nunit = "workday"',
        'since = 2026-01-19\nchecked = 2026-11-23\nlimit = 7\nunit = "工作日"',
    )

    code, errors = check(pack)
    assert code == 1
    words = {one["file"]: f"{one['message']}。{one['fix']}" for one in errors}
    assert words.keys() == {"baiyan/organs.csv", "baiyan/deadlines.toml", "baiyan/pack.toml"}
    assert words["baiyan/organs.csv"] == "上级机关“419988-1”不在机关名录里。“parent”填本表中上级机关的编号"
    assert words["baiyan/deadlines.toml"].startswith("“unit”写的“工作日”不认识。只能是workday（工作日）")

    change(pack / "organs.csv", "department,419988-1,", "department,419988-001,")
    change(pack / "deadlines.toml", 'unit = "工作日"', 'unit = "workday"')
    digest = re.search(r"[0-9a-f]{64}", words["baiyan/pack.toml"])
    assert digest, words["baiyan/pack.toml"]
    about = pack / "pack.toml"
    about.write_text(re.sub(r'text_digest = "\w+"', f'text_digest = "{digest[0]}"', about.read_text("utf-8")), "utf-8")
    assert check(pack) == (0, [])
    return pack


@pytest.fixture(scope="module")
def first_password(folder: Path, workshop: Path) -> str:
    """What `jiannuo init` tells the system administrator, once."""
    home = workshop / "home"
    home.mkdir()
    told = environment(home, JIANNUO_PACK=str(folder))
    done = subprocess.run([str(JIANNUO), "init"], env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"用户名 system\.admin　一次性口令 (\S+)", done.stdout)
    assert found, done.stdout
    return found[1]


@pytest.fixture(scope="module")
def site(folder: Path, workshop: Path, first_password: str) -> Iterator[str]:
    """The neighbour's own installation."""
    with serving(workshop / "home", JIANNUO_PACK=str(folder)) as url:
        yield url


@pytest.fixture
def visitor(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    visiting = Visitor(browser, site, request.node.name)
    yield visiting
    visiting.close()


def test_the_portal_is_the_neighbours(visitor: Visitor) -> None:
    page = visitor.open("/")
    expect(page).to_have_title(re.compile("信用白堰"))
    expect(page.get_by_role("banner")).to_contain_text("信用白堰")
    expect(page.get_by_role("main")).to_contain_text("白堰县")
    expect(page.locator("body")).not_to_contain_text("演示数据")
    assert_accessible(page)
    visitor.shoot(page, "next-door-home")

    page.get_by_role("navigation", name="主导航").get_by_role("link", name="承诺方案").click()
    expect(page.get_by_role("main")).to_contain_text("堰政〔2026〕6号")
    expect(page.get_by_role("main")).to_contain_text("白堰县加强政务诚信建设实施方案")
    visitor.shoot(page, "next-door-plan", whole=False)

    page.get_by_role("navigation", name="主导航").get_by_role("link", name="单位").click()
    page.get_by_role("link", name="县司法局").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("白堰县司法局")
    visitor.shoot(page, "next-door-organ")


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_the_county_it_was_copied_from_is_left(visitor: Visitor, path: str) -> None:
    page = visitor.open(path, narrow=True)
    found = sorted(set(OF_THE_OLD.findall(page.content())))
    assert found == []
    assert_accessible(page)
    visitor.shoot(page, f"next-door-{path.strip('/').split('/')[0] or 'home'}", whole=False)


def test_the_first_administrator_signs_in_and_makes_the_place_ones_own(visitor: Visitor, first_password: str) -> None:
    page = visitor.open("/desk/")
    sign_in(page, "system.admin", first_password)
    expect(page.get_by_role("heading", level=1)).to_contain_text("口令")
    page.locator("[name=old]").fill(first_password)
    page.locator("[name=new]").fill("白堰县的第一天-2026")
    page.locator("[name=again]").fill("白堰县的第一天-2026")
    page.get_by_role("button", name="保存新口令").click()
    expect(page.get_by_role("banner")).to_contain_text("白堰县政务诚信工作台")
    assert_accessible(page)
    visitor.shoot(page, "next-door-desk")


def sign_in(page: Page, username: str, password: str) -> None:
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="登录").click()
