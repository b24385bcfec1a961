import copy

from jiannuo.kernel.refusals import Refused, TryLater


def test_a_refusal_says_what_is_wrong_and_what_to_do() -> None:
    refusal = Refused("校验位不符", fix="请核对原件", clause="GB 32100-2015", field="code", code="bad_code")
    assert str(refusal) == "校验位不符"
    assert refusal.as_dict() == {
        "code": "bad_code",
        "message": "校验位不符",
        "fix": "请核对原件",
        "clause": "GB 32100-2015",
        "field": "code",
    }


def test_a_refusal_needs_no_clause_and_no_field() -> None:
    assert Refused("不行", fix="改一改").as_dict()["code"] == "refused"


def test_a_refusal_survives_the_way_between_processes() -> None:
    refusal = Refused("不行", fix="改一改", clause="c", field="f", code="x")
    back = copy.deepcopy(refusal)
    assert isinstance(back, Refused)
    assert back.as_dict() == refusal.as_dict()


def test_an_outage_is_not_a_refusal() -> None:
    assert not issubclass(TryLater, Refused)
