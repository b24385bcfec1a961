"""Lives lived in processes that are killed on the way and begun again with the same sendings; what stands at the end is told."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random

PROGRAM = """
import os, sys, django
django.setup()
from tests.packages import {module} as here
if sys.argv[1] == "lay":
    from django.core.management import call_command
    call_command("migrate", verbosity=0)
    here.lay()
    os._exit(0)
for line in sys.stdin:
    child = os.fork()
    if not child:
        here.live(int(line))
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
    print("done", flush=True)
here.tell()
"""
"""Of a test's module it needs `lay`, which lays the ground, `live`, one life by its number, and `tell`, which prints what came of all."""


def lived(
    module: str, database: Mapping[str, str], root: Path, *, lives: int, seed: int, within: Sequence[float]
) -> list[str]:
    """What `tell` says after so many lives, each killed once within each of these seconds and then lived to its end."""
    env = {**database, "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", PROGRAM.format(module=module)]
    subprocess.run([*command, "lay"], env=env, cwd=root, check=True)
    lot = Random(seed)
    with subprocess.Popen(
        [*command, "live"], env=env, cwd=root, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        for number in range(lives):
            for kill_after in (*(lot.random() * most for most in within), None):
                process.stdin.write(f"{number}\n")
                process.stdin.flush()
                child = int(process.stdout.readline())
                if kill_after is not None:
                    time.sleep(kill_after)
                    with suppress(ProcessLookupError):
                        os.kill(child, 9)
                assert process.stdout.readline() == "done\n"
        told, _ = process.communicate()
    return told.splitlines()
