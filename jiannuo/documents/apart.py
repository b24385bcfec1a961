"""Heavy work in a process of its own: the web worker stays small, and what hangs or crashes there is answered in words."""

import subprocess
import sys

from jiannuo.kernel.refusals import Refused


def run(module: str, given: bytes, *, what: str, seconds: float) -> bytes:
    """What `python -m module` prints for what it is given; a failure or a process over its time is refused."""
    command = [sys.executable, "-m", module]
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as late:
        raise Refused(
            f"{what}超过 {seconds} 秒没有做完，已经停下",
            fix="请过几分钟再试；仍然不行时请减少内容，或者告诉系统管理员",
            code="rendering",
        ) from late
    except OSError as trouble:
        raise _failed(what, str(trouble)) from trouble
    if done.returncode:
        raise _failed(what, _last_words(done.stderr))
    return done.stdout


def _last_words(stderr: bytes) -> str:
    """The last line a failed process wrote: of a traceback the error, never the path through the code."""
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:200] if lines else "没有说明原因"


def _failed(what: str, why: str) -> Refused:
    return Refused(f"{what}没有成功：{why}", fix="请把这句话告诉系统管理员；文字和数字没有受影响", code="rendering")
