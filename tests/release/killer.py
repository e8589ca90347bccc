"""Kill `casetrail release` at one moment after another, and look at what stands there each time.

Run as a program: `killer.py PACKAGE FOLDER`. Each run is a child of this process, which has imported
everything already, so that a run takes a fraction of a second. Prints what it saw as JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.utime", "os.link", "os.truncate"}

Contents = dict[str, bytes]


def contents(folder: Path) -> Contents:
    """Every file that is not hidden, at the top, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.relative_to(folder).parts[0].startswith(".")
    }


def child(work: Callable[[], object]) -> int:
    """Fork; the child does the work, silently, and ends."""
    pid = os.fork()
    if pid:
        return pid
    code = 99
    with contextlib.suppress(BaseException), Path(os.devnull).open("w", encoding="utf-8") as silent:
        sys.stdout = sys.stderr = silent
        code = int(work() or 0)
    os._exit(code)


def ended(pid: int) -> int:
    """The exit code of the child, negative where a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killed_before(moment: int, output: Path) -> None:
    """From now on this process dies just before its file operation of this number on the releases."""
    seen = 0
    inside = str(output)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event == "open":
            flags = arguments[2]
            counts = isinstance(flags, int) and flags & WRITING and str(arguments[0]).startswith(inside)
        else:
            counts = event in CHANGES
        if counts:
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


class Scene:
    """A folder of releases with an earlier state, to which it goes back after each run that changed it."""

    def __init__(self, package: Path, folder: Path, earlier: Path) -> None:
        from casetrail.cli.main import main

        self.output, self._earlier = folder / "dist", earlier
        self.run = lambda: main(["release", str(package), "--output", str(self.output), "--force"])
        shutil.copytree(earlier, self.output)
        self.old = contents(earlier)
        assert ended(child(self.run)) == 0
        self.new = contents(self.output)
        assert self.new != self.old
        self.back()
        self.wrong: list[str] = []
        self.between = 0

    def back(self) -> None:
        """Put the earlier state in place again, the hidden rests of killed runs left where they are."""
        for name in {path.partition("/")[0] for path in contents(self.output)}:
            path = self.output / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(self._earlier, self.output, dirs_exist_ok=True)

    def look(self, moment: str) -> None:
        """Folder and zip must each be the old or the new one, whole; never the zip new and the folder old."""
        now = contents(self.output)
        folder, zipped = (self._which(now, keep) for keep in (lambda n: "/" in n, lambda n: "/" not in n))
        if folder == "neither" or zipped == "neither" or (folder == "old" and zipped == "new"):
            self.wrong.append(f"{moment}: the folder is {folder}, the zip is {zipped}")
        self.between += (folder, zipped) == ("new", "old")
        if now != self.old:
            self.back()

    def _which(self, now: Contents, keep: Callable[[str], bool]) -> str:
        part, old, new = ({n: d for n, d in one.items() if keep(n)} for one in (now, self.old, self.new))
        return "old" if part == old else "new" if part == new else "neither"

    def every_operation(self, first: int = 1) -> int:
        """Kill before each file operation from `first` on, until a run gets through; how many there are."""
        moment = first - 1
        while True:
            moment += 1

            def doomed(moment: int = moment) -> object:
                killed_before(moment, self.output)
                return self.run()

            code = ended(child(doomed))
            self.look(f"operation {moment}")
            if code != -signal.SIGKILL:
                if code:
                    self.wrong.append(f"operation {moment}: a run that was not killed ended with {code}")
                return moment - 1

    def random_moments(self, times: int, seed: int) -> None:
        """Kill at moments spread over the time that a run takes."""
        start = time.perf_counter()
        ended(child(self.run))
        whole = time.perf_counter() - start
        self.back()
        chance = random.Random(seed)
        for _ in range(times):
            wait = chance.uniform(0, whole)
            pid = child(self.run)
            time.sleep(wait)
            os.kill(pid, signal.SIGKILL)
            ended(pid)
            self.look(f"after {wait:.3f} s")

    def healed(self) -> bool:
        """Whether the next run leaves the new release and no rest of the killed ones."""
        return ended(child(self.run)) == 0 and contents(self.output) == self.new and not self.rests()

    def rests(self) -> list[str]:
        return [one.name for one in self.output.iterdir() if one.name.startswith(".")]


def main() -> None:
    """Both scenes: over an earlier build of the same version, and beside an earlier version."""
    package, folder = Path(sys.argv[1]), Path(sys.argv[2])
    from casetrail.cli.main import main as casetrail

    # In this process, so that all later runs find every module imported.
    with Path(os.devnull).open("w", encoding="utf-8") as silent, contextlib.redirect_stdout(silent):
        assert casetrail(["release", str(package), "--output", str(folder / "first")]) == 0
    data = package / "buoys.csv"
    data.write_text(data.read_text(encoding="utf-8").replace("green", "yellow"), encoding="utf-8")
    older = folder / "older"
    shutil.copytree(folder / "first" / "buoys-1.0.0", older / "buoys-0.9.0")
    shutil.copy(folder / "first" / "buoys-1.0.0.zip", older / "buoys-0.9.0.zip")
    seen = {}
    operations = 0
    for name, earlier in (("replacing", folder / "first"), ("beside", older)):
        scene = Scene(package, folder / name, earlier)
        # Until the seal both scenes do the same, out of sight; the second is tried from there on.
        operations = scene.every_operation(first=max(1, operations - 75))
        between = scene.between
        scene.random_moments(15, seed=434)
        seen[name] = {
            "operations": operations,
            "wrong": scene.wrong,
            "between": between,
            "healed": scene.healed(),
        }
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
