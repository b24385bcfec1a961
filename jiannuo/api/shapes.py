"""The shapes of what goes in and comes out. Their descriptions are the reference that integrators read."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

MOST_ROWS = 1000
PAGE, LARGEST_PAGE = 50, 200


def plain(text: str) -> str:
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("含有不成字的编码")
    return text


PLAIN = AfterValidator(plain)
Text = Annotated[str, PLAIN]
Number = Annotated[int, Field(ge=1, le=9_223_372_036_854_775_807)]
Offset = Annotated[str, Field(pattern=r"^[0-9]{1,7}$", description="上一页给出的 next")]
Limit = Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="每页条数")]


class Rows(Schema):
    """Rows to be reported, by field id; they pass the same checks as a file."""

    model_config = ConfigDict(extra="forbid")

    kind: Text = Field(max_length=40, description="类别，见 /kinds")
    rows: list[dict[Text, Text | int | None]] = Field(
        min_length=1, max_length=MOST_ROWS, description='每行是字段编号到值；金额请写成文字，例如 "0.2"'
    )
    as_of: date | None = Field(None, description="按哪一天校验，默认今天")
    corrects: bool = Field(default=False, description="是否作为更正提交")
    reason: Text = Field("", max_length=400, description="更正原因，作为更正提交时必填")


class FileForm(Schema):
    """What comes with an uploaded file."""

    kind: Text = Field(max_length=40, description="类别，见 /kinds")
    as_of: date | None = Field(None, description="按哪一天校验，默认今天")
    corrects: bool = Field(default=False, description="是否作为更正提交")
    reason: Text = Field("", max_length=400, description="更正原因")


class ProblemOut(Schema):
    """What is wrong with one cell, or with the row where no column is named."""

    row: int = Field(description="表格里的行号；按 JSON 提交的，第一行数据是 2")
    column: str = Field(description="字段编号；整行的问题为空")
    title: str
    code: str
    level: str = Field(description="error 或者 warning")
    message: str
    fix: str


class BatchOut(Schema):
    """One batch and how it fared."""

    id: int
    kind: str
    state: str = Field(description="waiting 排队，running 处理中，done 完成，refused 整份退回")
    filename: str
    received_at: datetime
    as_of: date
    seen: int = Field(description="已校验的行数")
    rows: int
    accepted: int
    unchanged: int
    rejected: int
    finished_at: datetime | None
    refusal: dict[str, str] = Field(description="整份退回的原因，没有退回时为空")
    problems: list[ProblemOut] = Field(default_factory=list, description="前一百处，其余见 problems 接口")


class ProblemsPage(Schema):
    """A page of problems."""

    total: int
    items: list[ProblemOut]
    next: str | None


class FieldOut(Schema):
    """One column of a kind."""

    id: str
    title: str
    type: str
    length: int
    need: str = Field(description="M 必填，O 选填，B 不填")
    codes: list[str] = Field(description="今天可用的代码")
    hint: str
    public: bool


class KindOut(Schema):
    """A kind of record."""

    id: str
    title: str
    short: str
    family: str
    clause: str
    source: str
    whole: bool = Field(description="true 表示一次提交整份清单")


class KindDetail(KindOut):
    """A kind with its fields."""

    fields: list[FieldOut]


class RecordOut(Schema):
    """A record as its own organ reads it."""

    id: int
    record: str = Field(description="记录的固定编号，更正后不变")
    kind: str
    organ: str
    number: str
    happened_on: date
    seen_at: datetime
    version: int
    visibility: str
    fields: dict[str, Any]
    digest: str
    disputed_on: date | None = Field(None, description="从哪一天起有异议，空为没有")


class RecordsPage(Schema):
    """A page of records, newest fact first; the pages of one walk all show what was known when it began."""

    total: int
    items: list[RecordOut]
    next: str | None


class DisclosureOut(Schema):
    """One public record as a line of a list."""

    record: str
    kind: str
    title: str
    party: str = Field(description="自然人的姓名已遮盖")
    number: str
    category: str
    organ: str
    decided_on: date
    published_on: date
    due_on: date | None
    standing: str = Field(description="on_time 按期，late 迟报，空为不要求")
    disputed_on: date | None = Field(None, description="从哪一天起有异议，空为没有")


class DisclosuresPage(Schema):
    """A page of public records, newest publication first."""

    total: int
    capped: bool = Field(description="true 表示不止这么多，只数到一千")
    items: list[DisclosureOut]
    next: str | None


class ShownOut(Schema):
    """One field as the public reads it."""

    field: str
    title: str
    value: str


class NoticeOut(Schema):
    """Why something was withdrawn, or the decision revoked."""

    on: date
    what: str
    reason: str
    law: str


class StepOut(Schema):
    """One event in the life of a record."""

    what: str
    on: date
    seen_at: datetime
    reason: str
    version: int
    digest: str


class PublicRecordOut(Schema):
    """One record as everybody may read it; of a withdrawn one only the notice is left."""

    record: str
    kind: str
    kind_title: str
    state: str = Field(description="public 公示中，withdrawn 已撤下")
    title: str
    party: str
    number: str
    organ: str
    organ_name: str
    fields: list[ShownOut]
    decided_on: date
    published_on: date | None
    due_on: date | None
    why: str = Field(description="为什么是这个期限")
    standing: str
    disputed_on: date | None = Field(None, description="从哪一天起有异议，空为没有")
    version: int
    digest: str
    withdrawn: NoticeOut | None
    revoked: NoticeOut | None
    history: list[StepOut]


class OrganOut(Schema):
    """An organ in force today."""

    code: str
    name: str
    short: str
    type: str
    uscc: str
    parent: str = Field(description="上级单位的编码")
    since: date


class CatalogueOut(Schema):
    """One item of the disclosure catalogue for one organ that answers for it."""

    item: str
    area: str
    title: str
    organ: str
    organ_name: str
    period: str
    state: str
    last_on: date | None
    records: int
    due_on: date | None
    basis: str


class CataloguePage(Schema):
    """A page of the catalogue."""

    total: int
    items: list[CatalogueOut]
    next: str | None


class SkipOut(Schema):
    """A day that does not count, and why."""

    day: date
    why: str


class DueOut(Schema):
    """When what starts on a day is due, and why."""

    rule: str
    ref: str
    what: str
    clause: str
    source: str
    start: date
    limit: int
    unit: str
    due_on: date
    provisional: bool
    skipped: list[SkipOut]
    why: str


class ValidateIn(Schema):
    """A code to be checked. In the body, so that no number of a person stands in an address."""

    model_config = ConfigDict(extra="forbid")

    what: Annotated[str, Field(pattern=r"^(uscc|id_card|org_code)$")]
    value: Text = Field(max_length=64)


class VerdictOut(Schema):
    """What a check of one code finds."""

    valid: bool
    level: str = Field(description="ok、warning、error")
    value: str = Field(description="规范写法")
    reason: str
