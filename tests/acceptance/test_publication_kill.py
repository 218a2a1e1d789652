"""A month is whole or not there: a writer is killed at random moments while a reader never stops looking."""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.lazy import footer
from pipelines.marts import month
from pipelines.publish import MANIFEST

ROOT = Path(__file__).parents[2]
KILLS = 100
LONGEST_LIFE_S = 0.6
LOOKS = 1000
# Imports once, then for every line on stdin becomes a process that publishes for ever: two states of the month in turn,
# each time under another policy digest, so that most publications write a new version. Ten writers in a row use the same
# digests: they find the versions of those killed before them, and what these had left half done.
WRITER = """
import dataclasses, itertools, os, sys
from pathlib import Path
from pipelines import publish
from pipelines.workspace import Workspace

places = [Workspace(Path(raw), Path(data)) for raw, data in zip(sys.argv[1::2], sys.argv[2::2])]
states = [(place, place.deliveries(place.stored("raw_file", 0).columns(), 202412), place.policy()) for place in places]
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        try:
            for turn in itertools.count():
                place, known, policy = states[turn % 2]
                publish.publish(place, 202412, known, dataclasses.replace(policy, digest=f"{int(line) // 10}-{turn}"))
        finally:
            os._exit(1)
    print(child, flush=True)
    if not os.WIFSIGNALED(os.waitpid(child, 0)[1]):
        sys.exit("a writer stopped by itself")
"""


@pytest.fixture
def two_states(bureau, another_bureau):
    """Two data folders with different contents of 2024-12 that publish to one folder of marts."""
    other = another_bureau("other")
    for city, days in ((bureau, "2024-03-01"), (other, "2024-03-01 2024-03-02")):
        city.deliver("2024-12", 单位缴费=city.premiums(2022, 2024, A=10), 工伤认定=city.claims(A=days))
        city.build("2024-12")
    shutil.rmtree(other.place.marts)
    other.place.marts.symlink_to(bureau.place.marts)
    return bureau, other


def read_whole(marts: Path) -> tuple[str, int]:
    """Reads the published month as a reader does, the link resolved once; fails if anything does not belong together."""
    seen = month("2024-12", marts)
    for name, recipe in seen.manifest["files"].items():
        path = seen.folder / name
        found = footer(path)["recipe"] if path.suffix == ".parquet" else hashlib.sha256(path.read_bytes()).hexdigest()
        assert found == recipe, f"{name} does not belong to {seen.folder.name}"
    digest = hashlib.sha256((seen.folder / MANIFEST).read_bytes()).hexdigest()
    assert seen.folder.name == f"2024-12.{digest[:16]}"
    rows = seen.table("enterprise_risk").query("period == 'last_year'")
    return seen.folder.name, int(rows["injuries"].iloc[0])


def test_every_read_is_whole_however_often_the_writer_is_killed(two_states, tmp_path, monkeypatch):
    bureau, other = two_states
    marts, chance = bureau.place.marts, random.Random(2024)
    manifest = bureau.published("2024-12") / MANIFEST
    folders = [str(path) for city in two_states for path in (city.place.raw, city.place.data)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", WRITER, *folders], cwd=tmp_path, env=environment, text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as nursery:
        assert nursery.stdin and nursery.stdout
        seen, kills, missed = [], 0, 0
        for number in range(KILLS):
            print(number, file=nursery.stdin, flush=True)
            child, end = int(nursery.stdout.readline()), time.monotonic() + chance.uniform(0, LONGEST_LIFE_S)
            try:
                while time.monotonic() < end:
                    seen.append(read_whole(marts))
                    missed += sum(not manifest.exists() for _ in range(LOOKS))
            finally:
                os.kill(child, signal.SIGKILL)
            kills += 1
            seen.append(read_whole(marts))
        nursery.stdin.close()
        assert nursery.wait(timeout=30) == 0
    assert kills >= 50 and len(seen) > kills
    assert not missed, f"{missed} times there was no month"
    assert len({version for version, _ in seen}) > 20, "the writer hardly wrote"
    assert {injuries for _, injuries in seen} == {1, 2}
    monkeypatch.setenv("YUFANG_ACCEPT_CHANGED", "1")  # the two states stand on different files
    bureau.build("2024-12")  # what a killed writer left behind is in nobody's way
    assert read_whole(marts)[1] == 1
    assert {path.name for path in marts.iterdir() if not path.name.startswith(".")} == {"month=2024-12"}
