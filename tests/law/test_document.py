"""The county's document stands in the pack sentence by sentence, word for word, and each sentence says what it is."""

import hashlib
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from jiannuo.policy.documents import CARRIED_SORTS, NATURES, REQUIREMENTS, STYLES, Clause
from jiannuo.policy.pack import ROOT, Pack, load

COUNTIES = ("huaxian", "sample")
PAGES = {
    *("home", "disclosures", "catalogue", "organs", "plan", "search"),
    *("promises", "tasks", "suggestions", "litigation", "services", "reports", "complain", "complaints", "lodge"),
    *("breaches", "decisions", "inspections", "honours", "opinion"),
}
KEY_AREAS = (
    "行政权力",
    "财政资金",
    "公共资源配置",
    "重大建设项目",
    "公共服务",
    "国有企业",
    "环境保护",
    "食品药品安全",
    "社会组织和中介机构",
)


def pack(name: str) -> Pack:
    return load(ROOT / name)


def squeezed(text: str) -> str:
    """The text without any white space: what the document says, however its lines were broken."""
    return "".join(text.split())


def whole(name: str) -> str:
    return squeezed("".join(clause.text for clause in pack(name).clauses))


@pytest.fixture(scope="module")
def requirements(root: Path) -> dict[str, tuple[str, ...]]:
    """Each requirement row and the headings of the plan it comes from, in the pack's way of writing them."""
    path = root.parent / "shared" / "requirements.md"
    if not path.exists():
        pytest.skip(
            "the requirements are not the project's to carry: they stand in ../shared only where the platform is developed"
        )
    found = re.findall(r"^\| ([A-G]\d) \| ([^|]+) \|", path.read_text("utf-8"), flags=re.MULTILINE)
    return {row: tuple(heading(clause) for clause in clauses.split()) for row, clauses in found}


def heading(clause: str) -> str:
    """`2.2` as the pack writes it: `二(二)`; `附件` stays."""
    return re.sub(r"(\d)\.(\d)", r"\1(\2)", clause).translate(str.maketrans("1234567", "一二三四五六七"))


@pytest.mark.parametrize("name", COUNTIES)
def test_the_sentences_joined_have_the_digest_of_the_document(name: str) -> None:
    assert hashlib.sha256(whole(name).encode()).hexdigest() == pack(name).about["text_digest"]


def test_the_sentences_joined_are_the_plan(root: Path) -> None:
    path = root.parent / "shared" / "plan" / "滑政2017-31号.txt"
    if not path.exists():
        pytest.skip(
            "the plan's file is not the project's to carry (its digest is, and is tested above); it stands in ../shared only where the platform is developed"
        )
    assert whole("huaxian") == squeezed(path.read_text("utf-8"))


def test_the_made_up_document_says_so_first() -> None:
    first = pack("sample").clauses[0]
    assert "演示文本" in first.text
    assert "虚构" in first.text


@pytest.mark.parametrize("name", COUNTIES)
def test_every_sentence_has_its_own_id_and_a_known_style_and_nature(name: str) -> None:
    clauses = pack(name).clauses
    assert [name for name, times in Counter(clause.id for clause in clauses).items() if times > 1] == []
    assert {clause.style for clause in clauses} <= set(STYLES)
    assert {clause.nature for clause in clauses} <= set(NATURES)


@pytest.mark.parametrize("name", COUNTIES)
def test_one_entry_is_one_sentence(name: str) -> None:
    crowded = [clause.id for clause in pack(name).clauses if "。" in clause.text.rstrip("。”")]
    assert crowded == []


@pytest.mark.parametrize("name", COUNTIES)
def test_what_software_carries_names_its_rows_and_who_answers(name: str) -> None:
    for clause in pack(name).clauses:
        works = clause.nature == "works"
        assert bool(clause.rows) == works, clause.id
        assert works or not clause.carried_by, clause.id
        assert bool(clause.who) == (clause.nature in ("works", "people")), clause.id


@pytest.mark.parametrize("name", COUNTIES)
def test_headings_and_letterhead_are_form(name: str) -> None:
    headings = [clause for clause in pack(name).clauses if clause.style in ("title", "h1", "h2")]
    assert headings
    assert {clause.nature for clause in headings} == {"form"}


@pytest.mark.parametrize("name", COUNTIES)
def test_all_42_rows_are_reached(name: str) -> None:
    assert len(REQUIREMENTS) == 42
    assert {row for clause in pack(name).clauses for row in clause.rows} == set(REQUIREMENTS)


def test_the_rows_are_those_of_the_requirements(requirements: dict[str, tuple[str, ...]]) -> None:
    assert tuple(requirements) == REQUIREMENTS


def test_each_row_is_reached_under_every_heading_it_cites(requirements: dict[str, tuple[str, ...]]) -> None:
    reached = {(row, clause.under) for clause in pack("huaxian").clauses for row in clause.rows}
    cited = {(row, under) for row, headings in requirements.items() for under in headings}
    assert cited - reached == set()


@pytest.mark.parametrize("name", COUNTIES)
def test_what_carries_a_sentence_exists(name: str) -> None:
    at = pack(name)
    names = {
        "kind": set(at.kinds),
        "deadline": set(at.deadlines),
        "duty": set(at.duties),
        "flow": set(at.flows),
        "measure": set(at.measures),
        "filter": {entry.id for entry in at.filters},
        "site": {site.id for site in at.sites},
        "page": {f"portal:{page}" for page in PAGES},
        "task": {str(task.number) for task in at.tasks},
        "catalogue": {item.id for item in at.catalogue},
    }
    for clause in at.clauses:
        for ref in clause.carried_by:
            sort, _, target = ref.partition(":")
            assert sort in CARRIED_SORTS
            assert target in names[sort], f"{clause.id}: {ref}"


@pytest.mark.parametrize("name", COUNTIES)
def test_seven_working_days_stand_under_two_two(name: str) -> None:
    carried = {ref: clause for clause in pack(name).clauses for ref in clause.carried_by}
    sentence = carried["deadline:disclose_decision"]
    assert sentence.under == "二(二)"
    assert "7个工作日内上网公开" in sentence.text
    assert all(site.name in sentence.text for site in pack(name).sites)
    assert pack(name).rule("disclose_decision", on=date(2026, 3, 2)).value.limit == 7


@pytest.mark.parametrize("name, count", [("huaxian", 21), ("sample", 10)])
def test_each_task_is_the_row_of_the_annex(name: str, count: int) -> None:
    rows = {clause.id: clause for clause in pack(name).clauses}
    tasks = pack(name).tasks
    assert [task.number for task in tasks] == list(range(1, count + 1))
    for task in tasks:
        cells = rows[f"附-{task.number}"].text.split("\t")
        assert cells == [str(task.number), task.title, task.wording, task.schedule]


def test_dates_the_annex_names_are_the_last_day_of_the_year() -> None:
    named = {task.number: task.due for task in pack("huaxian").tasks if task.due}
    end_2017, end_2018 = date(2017, 12, 31), date(2018, 12, 31)
    assert named == {10: end_2017, 13: end_2017, 15: end_2017, 16: end_2017, 18: end_2018, 21: end_2018}


@pytest.mark.parametrize("name", COUNTIES)
def test_leads_of_a_task_are_organs_that_its_wording_names(name: str) -> None:
    organs = {organ.code: organ for organ in pack(name).organs if organ.since <= pack(name).about["since"]}
    for task in pack(name).tasks:
        for code in task.lead:
            organ = organs[code]
            called = (organ.name, organ.short, *organ.aliases)
            assert organ.type in ("town", "subdistrict") or any(each in task.wording for each in called), organ.name


@pytest.mark.parametrize("name", COUNTIES)
def test_the_nine_key_areas_are_those_of_the_sentence(name: str) -> None:
    assert tuple(pack(name).areas.values()) == KEY_AREAS
    sentence = next(clause for clause in pack(name).clauses if "重点领域" in clause.text and clause.under == "二(二)")
    at = [sentence.text.index(area) for area in KEY_AREAS]
    assert at == sorted(at)


@pytest.mark.parametrize("name", COUNTIES)
def test_the_catalogue_asks_something_in_every_area(name: str) -> None:
    at = pack(name)
    assert {item.area for item in at.catalogue} == set(at.areas)
    assert len({item.id for item in at.catalogue}) == len(at.catalogue)
    for item in at.catalogue:
        assert item.basis, item.id
        assert item.kind in at.kinds, item.id
        assert item.deadline in at.deadlines, item.id


@pytest.mark.parametrize("name", COUNTIES)
def test_a_deadline_of_the_catalogue_stands_from_the_day_the_item_is_owed(name: str) -> None:
    at = pack(name)
    for item in at.catalogue:
        assert at.rule(item.deadline, on=item.since).value.limit > 0, item.id


@pytest.mark.parametrize("name", COUNTIES)
def test_who_owes_an_item_exists(name: str) -> None:
    at = pack(name)
    known = {organ.code for organ in at.organs} | {f"type:{organ.type}" for organ in at.organs}
    assert {who for item in at.catalogue for who in item.who} <= known


def test_a_paragraph_begins_with_its_heading() -> None:
    under: dict[str, list[Clause]] = {}
    for clause in pack("huaxian").clauses:
        under.setdefault(clause.under, []).append(clause)
    assert [name for name, sentences in under.items() if not sentences[0].starts] == []
