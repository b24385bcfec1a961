"""What the command line answers when the installation itself is wrong: in words, with exit code 1, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TROUBLES = {
    "a variable nobody knows": ({"JIANNUO_NONE": "1"}, "不认识的环境变量：JIANNUO_NONE"),
    "an endpoint without an address": (
        {"JIANNUO_ENDPOINTS": "affairs"},
        "JIANNUO_ENDPOINTS：“affairs”不是“站点=网址”的样子",
    ),
    "a switch that is neither": ({"JIANNUO_HTTPS": "yes"}, "JIANNUO_HTTPS='yes'：只能写 True 或 False"),
    "a database nobody knows": ({"DATABASE_URL": "mysql://a/b"}, "DATABASE_URL='mysql://a/b'：要写 sqlite:///路径"),
    "a database server that is down": (
        {"DATABASE_URL": "postgresql://a@127.0.0.1:1/b"},
        "数据库出错：connection failed",
    ),
    "a pack that is none": ({"JIANNUO_PACK": "/nowhere"}, "不是策略包（没有 pack.toml）"),
}


@pytest.mark.parametrize("variables, words", TROUBLES.values(), ids=TROUBLES)
def test_a_wrong_installation_is_told_in_words(tmp_path: Path, variables: dict[str, str], words: str) -> None:
    environment = {**os.environ, "JIANNUO_HOME": str(tmp_path), **variables}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-m", "jiannuo.cli.main", "init"], env=environment, capture_output=True, text=True, check=False, timeout=60
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert words in said
    assert "Traceback" not in said
    assert done.returncode == 1


def test_the_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    environment = {**os.environ, "JIANNUO_HOME": str(tmp_path / "home")}
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "-m", "jiannuo.cli.main", "init"], env=environment, check=True, capture_output=True)
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0
