"""Answers that are workbooks."""

from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RESPONSES = {
    "responses": {200: {"description": "工作簿", "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}}
}


def answer(data: bytes, name: str) -> HttpResponse:
    """The workbook as a download."""
    return HttpResponse(data, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
