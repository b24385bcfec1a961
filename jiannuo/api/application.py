"""The interface as a whole: its routers, who may ask, and a schema in which every refusal is declared."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from jiannuo.api import batches, eligibility, kinds, problems, promises, public, records
from jiannuo.api.keys import ANONYMOUS, KEYED, Key, Limit
from jiannuo.api.problems import TITLES, TYPE, Problem

DESCRIPTION = """政务诚信平台的接口。

上报和查询本单位记录要带密钥：`Authorization: Bearer jn_…`，由系统管理员在工作台为业务系统开设，只显示一次。
公开的部分不用密钥。所有拒绝都是 `application/problem+json`：`message` 哪里不对，`clause` 依据，`fix` 怎么办，`code` 给程序判断。
列表用 `next` 翻页：把它作为 `cursor` 再请求，没有了就是最后一页。
"""
ROOT = "/api/v1/"
OPEN, CLOSED = (400, 404, 413, 422, 429), (400, 401, 403, 404, 409, 413, 422, 429)


class Interface(NinjaAPI):
    """Declares, for every operation, the refusals it may answer with."""

    def get_root_path(self, path_params: dict[str, Any]) -> str:  # noqa: ARG002 - the library's name
        return ROOT

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**given)
        described = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        parts = schema["components"]["schemas"]
        parts |= described.pop("$defs", {})
        parts["Problem"] = described
        content = {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for path in schema["paths"].values():
            for operation in path.values():
                statuses = CLOSED if operation.get("security") else OPEN
                for status in statuses:
                    operation["responses"][status] = {"description": TITLES[status], "content": content}
        return schema


api = Interface(
    title="践诺接口",
    version="1",
    description=DESCRIPTION,
    urls_namespace="v1",
    docs_url=None,
    openapi_url="/openapi.json",
)
problems.install(api)
api.add_router("", batches.router, auth=Key(), throttle=Limit(KEYED))
api.add_router("", records.router, auth=Key(), throttle=Limit(KEYED))
api.add_router("", promises.router, auth=Key(), throttle=Limit(KEYED))
api.add_router("", eligibility.router, auth=Key(), throttle=Limit(KEYED))
api.add_router("", kinds.router, throttle=Limit(ANONYMOUS))
api.add_router("/public", public.router, throttle=Limit(ANONYMOUS))
