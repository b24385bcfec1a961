"""Commands that keep and bring back everything an installation holds: database, evidence files, keys."""

import io
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from jiannuo.cli.answers import Answer, say
from jiannuo.cli.starting import demand_ready, has_tables, make_tables
from jiannuo.kernel.refusals import Refused

SQLITE, POSTGRESQL = "database.sqlite3", "database.pgdump"
KEYS = ("seal.key", "secret.key", "exchange.pem")
EVIDENCE = "evidence"
MARK = "jiannuo-backup"


def backup(args: Namespace) -> Answer:
    """The database as of one moment first, then the files it speaks of, which are never changed or removed."""
    demand_ready()
    target: Path = args.file.resolve()
    part = target.with_name(f"{target.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with (
        tempfile.TemporaryDirectory(dir=settings.HOME) as folder,
        os.fdopen(descriptor, "wb") as file,
        tarfile.open(fileobj=file, mode="w") as tar,
    ):
        say("正在备份数据库")
        mark = tarfile.TarInfo(MARK)
        tar.addfile(mark, io.BytesIO())
        dumped = _dump(Path(folder))
        tar.add(dumped, dumped.name)
        say("正在备份证据文件和密钥")
        for name in (*KEYS, EVIDENCE):
            if (settings.HOME / name).exists():
                tar.add(settings.HOME / name, name)
    part.replace(target)
    size = target.stat().st_size
    lines = [f"已备份到 {target}，{size / 2**20:.1f} 兆", "备份里有密钥，请像保管原件一样保管"]
    return Answer({"file": str(target), "bytes": size}, lines)


def _dump(folder: Path) -> Path:
    if connection.vendor == "postgresql":
        dump = folder / POSTGRESQL
        _postgres("pg_dump", ["--format=custom", "--no-owner", f"--file={dump}"])
        return dump
    copy = folder / SQLITE
    connection.ensure_connection()
    with closing(sqlite3.connect(copy)) as target:
        connection.connection.backup(target, pages=4096)
    return copy


def restore(args: Namespace) -> Answer:
    if has_tables():
        raise Refused(
            "现用的数据库里已经有数据，不能恢复进去",
            fix="请把 JIANNUO_HOME 和 DATABASE_URL 指到空的目录和空的数据库再恢复，核对无误后替换",
            code="not_empty",
        )
    connection.close()
    try:
        with tarfile.open(args.file) as tar, tempfile.TemporaryDirectory(dir=settings.HOME) as name:
            if MARK not in tar.getnames():
                raise Refused(f"{args.file} 不是践诺的备份", fix="请换成 jiannuo backup 生成的文件", code="backup")
            tar.extractall(name, filter="data")
            _load(Path(name))
    except (OSError, tarfile.TarError) as trouble:
        raise Refused(
            f"备份读不出来：{trouble}", fix="请核对文件是否完整，必要时换一份备份", code="backup"
        ) from trouble
    # An older backup is brought up to this version.
    make_tables()
    return Answer({"restored": str(args.file)}, [f"已从 {args.file} 恢复"])


def _load(folder: Path) -> None:
    sort = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    if not (folder / sort).exists():
        raise Refused(
            "备份的数据库与现在配置的不是同一种", fix="请按备份时的种类设置 DATABASE_URL 后再恢复", code="database"
        )
    if connection.vendor == "postgresql":
        name = str(connection.settings_dict["NAME"])
        _postgres("pg_restore", ["--no-owner", "--exit-on-error", f"--dbname={name}", str(folder / sort)])
    else:
        for suffix in ("-wal", "-shm", ""):
            Path(f"{connection.settings_dict['NAME']}{suffix}").unlink(missing_ok=True)
        shutil.move(folder / sort, str(connection.settings_dict["NAME"]))
    for name in KEYS:
        if (folder / name).exists():
            shutil.move(folder / name, settings.HOME / name)
            (settings.HOME / name).chmod(0o600)
    if (folder / EVIDENCE).exists():
        shutil.copytree(folder / EVIDENCE, settings.HOME / EVIDENCE, dirs_exist_ok=True)


def _postgres(program: str, options: list[str]) -> None:
    found = shutil.which(program)
    if found is None:
        raise Refused(
            f"找不到 {program}",
            fix="请安装与服务器同版本的 PostgreSQL 客户端，或者用 PostgreSQL 自己的办法备份",
            code="tool",
        )
    place: dict[str, Any] = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = os.environ | {name: str(place[key]) for name, key in names.items() if place[key]}
    done = subprocess.run([found, *options], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Refused(f"{program} 没有成功：{done.stderr.strip()[-300:]}", fix="请按提示处理后再试", code="tool")
