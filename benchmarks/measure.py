"""Runs whole programs and says how long they took and how much memory they held: what every benchmark here shares.

Belongs here: starting processes, medians, ratios, the printed table, the folder that holds what is made once. It imports
nothing heavy: what a child is said to have held would otherwise begin with the size of this process.
"""

import argparse
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable
Command = Sequence[str | Path]


class Run(NamedTuple):
    """Seconds on the clock, seconds of the processors, largest resident set in MB (1024²), children included."""

    seconds: float
    cpu: float
    peak_mb: float


def run(command: Command, log: Path | None = None, environment: Mapping[str, str] | None = None) -> Run:
    """Runs a command to its end from the project's root; its output goes to `log`. Raises SystemExit when it fails."""
    out = log.open("w") if log else subprocess.DEVNULL
    began = time.perf_counter()
    # As in the Makefile: modules are compiled once, not at each start.
    settings = {**os.environ, "YUFANG_KEY": "benchmark", "PYTHONDONTWRITEBYTECODE": "", **(environment or {})}
    process = subprocess.Popen([str(part) for part in command], cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=settings)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if log:
        out.close()
    if status:
        said = log.read_text(errors="replace")[-2000:] if log else ""
        raise SystemExit(f"{' '.join(map(str, command))} failed\n{said}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def alternate(sides: Mapping[str, Callable[[], Run]], rounds: int) -> dict[str, list[Run]]:
    """Every side once per round, in turn, so that what else the machine does falls on all of them."""
    found: dict[str, list[Run]] = {name: [] for name in sides}
    for number in range(rounds):
        for name, side in sides.items():
            found[name].append(side())
            print(f"  round {number + 1}: {_line(name, found[name][-1])}", flush=True)
    return found


def _line(name: str, one: Run) -> str:
    return f"{name:<24} {one.seconds:7.2f} s {one.cpu:7.2f} s of cpu {one.peak_mb:6.0f} MB"


def median(runs: Sequence[Run]) -> Run:
    """The median seconds and the largest peak."""
    seconds, cpu = (statistics.median(values) for values in ([one.seconds for one in runs], [one.cpu for one in runs]))
    return Run(seconds, cpu, max(one.peak_mb for one in runs))


def say(found: Mapping[str, Sequence[Run]], targets: str) -> None:
    """Prints medians, peaks and the ratio to the last side (the hand-written one); then the targets.

    On a machine that does other work meanwhile, the ratio of processor seconds is the steadier one.
    """
    base = median(list(found.values())[-1])
    for name, runs in found.items():
        middle = median(runs)
        beside = f"   {middle.seconds / base.seconds:5.2f} × (cpu {middle.cpu / base.cpu:.2f} ×)" if len(found) > 1 else ""
        print(_line(name, middle) + beside)
    print(f"targets: {targets}")


def arguments(about: str | None, rounds: int = 3) -> argparse.ArgumentParser:
    """A parser with --work (what is made once is kept there) and --rounds."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "yufang-benchmarks",
                        help="what is made once is kept here (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=rounds)
    return parser


def city(work: Path, enterprises: int, months: int = 33, later: int = 3) -> Path:
    """The exports of a simulated city, made on first use: `months` of history, then `later` monthly batches."""
    folder = work / f"city-{enterprises}-{months}-{later}"
    if not (folder / "raw").exists():
        print(f"making a city of {enterprises:,} enterprises …", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        made = (f"from pathlib import Path; from pipelines.simulate import write_city; "
                f"write_city(Path({str(folder / 'made')!r}), Path({str(folder / 'truth')!r}), "
                f"enterprises={enterprises}, months={months}, later={later})")
        run([PYTHON, "-c", made], folder / "log.txt")
        (folder / "made").rename(folder / "raw")
    return folder / "raw"


def product(raw: Path, out: Path, *options: str) -> Run:
    """The product's whole run into a fresh data folder: start-up, reading, every table, its check, publication."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    return run([PYTHON, "-m", "assets", "run", "--raw", raw, "--out", out, *options], out / "log.txt")


def module_at(path: Path) -> ModuleType:
    """A script as a module, for what it counts with: scores are then told in one way."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader, path
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
