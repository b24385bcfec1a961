"""A row that passes for each kind the plan promises, and the organ that sends it. Everything is made up."""

from collections.abc import Mapping

MARKET = "青禾县市场监督管理局"
ROADS = "青禾县交通运输局"
OFFICE = "青禾县人民政府办公室"
CONGRESS = "青禾县人民代表大会常务委员会办公室"
CONSULTATIVE = "中国人民政治协商会议青禾县委员会办公室"
JUSTICE = "青禾县司法局"
PERSONNEL = "中共青禾县委组织部"
DISCIPLINE = "青禾县监察委员会"
LEAD = "青禾县发展和改革委员会"
TOWN = "青禾县柳溪镇人民政府"

TARGET = {
    "number": "2026-重-08", "title": "改造提升柳溪镇12条背街小巷", "level": "县", "field": "工程建设", "measure": "12条",
    "quality": "沥青路面，雨污分流，路灯全亮", "made_on": "2026-02-10", "due_on": "2026-10-31", "office": "公路科科长",
    "document": "青政办〔2026〕8号（虚构）", "shown_by": "竣工验收单和照片", "organ": ROADS, "confirmer": OFFICE,
}  # fmt: skip
SUGGESTION = {
    "number": "第23号", "title": "关于在柳溪镇增设公交站的建议", "field": "城建交通", "proposer": "沈某", "session": "县十七届人大五次会议",
    "assigned_on": "2026-03-10", "office": "运输科科长", "organ": ROADS, "complex": "否", "confirmer": CONGRESS,
}  # fmt: skip
PERSON = {"official": "QH-0001", "official_name": "钱某", "organ": ROADS}

ROWS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "commitment": (MARKET, {
        "number": "2026-承-01", "title": "食品经营许可3个工作日办结", "promisor": "单位", "office": "许可科科长", "field": "政务服务",
        "quality": "材料齐全的当场受理，逾期给书面说明", "measure": "3个工作日", "made_on": "2026-03-02", "due_on": "2026-10-31",
        "guarantee": "设专窗，负责人每周抽查", "beneficiary": "全县食品经营户", "shown_by": "系统办结记录", "organ": MARKET,
    }),
    "work_target": (ROADS, TARGET),
    "livelihood_project": (OFFICE, TARGET | {"number": "2026-实-01", "beneficiary": "柳溪镇居民", "amount": "320.5"}),
    "town_commitment": (TOWN, {
        "number": "2026-镇诺-03", "title": "给全镇80岁以上老人上门办高龄津贴", "field": "养老", "measure": "412人",
        "quality": "不用老人到窗口，办结后电话告知", "made_on": "2026-03-01", "due_on": "2026-09-30", "office": "民政所所长",
        "guarantee": "民政所三人包片，每周公布进度", "beneficiary": "全镇80岁以上老人", "shown_by": "发放名册和回单",
        "organ": TOWN, "confirmer": "青禾县民政局",
    }),
    "suggestion": (CONGRESS, SUGGESTION),
    "proposal": (CONSULTATIVE, SUGGESTION | {"number": "第7号", "session": "县政协十届五次会议", "confirmer": CONSULTATIVE}),
    "court_case": (ROADS, {
        "number": "（2026）青9926行初12号", "stage": "一审", "title": "某公司不服行政处罚案", "cause": "行政处罚", "field": "行政处罚",
        "plaintiff": "青禾县某运输有限公司", "organ": ROADS, "court": "青禾县人民法院", "filed_on": "2026-04-02",
        "concluded_on": "2026-08-20", "outcome": "撤销;限期履行", "effective_on": "2026-09-05",
        "to_perform": "60日内重新作出处理", "perform_by": "2026-11-04", "confirmer": JUSTICE, "office": "法制科科长",
        "appeared": "副职负责人", "revealed": "处罚前没有告知听证权利",
    }),
    "service_item": (MARKET, {
        "item_code": "QH-SP-01", "item_name": "食品经营许可", "item_type": "行政许可", "status": "实施",
        "basis": "《中华人民共和国食品安全法》第三十五条", "statutory_days": "20", "promised_days": "5", "papers": "6",
        "papers_cut": "3", "proofs_cancelled": "场地证明", "channels": "大厅;网上", "listed_on": "2026-03-01", "organ": MARKET,
    }),
    "service_case": (MARKET, {
        "number": "办20260901001", "item_code": "QH-SP-01", "applicant": "个体工商户", "channel": "网上", "accepted_on": "2026-09-01",
        "promised_by": "2026-09-08", "statutory_by": "2026-09-29", "done_on": "2026-09-07", "result": "准予", "organ": MARKET,
    }),
    "coordination_item": (LEAD, {
        "number": "2026-协-02", "title": "三个部门的处罚数据口径不一致", "raised_by": "县司法局", "meeting": "领导小组第二次会议",
        "quality": "统一按决定日期统计，数据能对上", "made_on": "2026-04-01", "due_on": "2026-06-30", "office": "法规科科长",
        "organ": JUSTICE, "shown_by": "统一后的统计表",
    }),
    "normative_document": (LEAD, {
        "number": "2026-制-01", "title": "青禾县政务诚信考核评价办法", "field": "政务诚信考核评价", "made_on": "2026-02-01",
        "due_on": "2026-09-30", "office": "信用科科长", "organ": LEAD, "shown_by": "印发的文件", "confirmer": OFFICE,
    }),
    "personal_matter": (PERSONNEL, PERSON | {
        "number": "个-01", "matter": "房产", "reported_on": "2026-01-20", "verified": "一致", "content": "购置住房一套",
        "sender": PERSONNEL,
    }),
    "integrity_record": (DISCIPLINE, PERSON | {
        "number": "廉-01", "record": "任前廉政意见", "made_on": "2026-05-12", "result": "无问题", "sender": DISCIPLINE,
    }),
    "appraisal": (PERSONNEL, PERSON | {
        "number": "考-01", "year": "2025", "grade": "优秀", "decided_on": "2026-02-28", "sender": PERSONNEL,
    }),
    "violation": (DISCIPLINE, PERSON | {
        "number": "处-01", "document_number": "青监处〔2026〕3号", "conduct": "违纪", "sanction": "记过",
        "basis": "政务处分法第三十九条", "decided_on": "2026-03-10", "content": "（虚构）未按规定公示处罚决定", "sender": DISCIPLINE,
    }),
    "training": (PERSONNEL, PERSON | {
        "number": "训-01", "course": "公务员诚信教育专题班", "form": "集中培训", "hours": "16", "finished_on": "2026-04-18",
        "passed": "合格", "sender": PERSONNEL,
    }),
}  # fmt: skip
"""By kind: who sends it, and the row."""
