"""Feeds every reader and parser with mutated inputs (atheris) and prints how many were tried.

`python tests/fuzz/run.py [TARGET …] [--inputs N]`: about N inputs in all, shared by what a target costs; a parser of texts
tries 64 texts at once. Each target runs in a process of its own; the first input that finds a fault is kept in
tests/fuzz/found/ and its trace printed. Fails when any fault is found.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FOUND = Path(__file__).parent / "found"
# Inputs of each target in a million, by what one costs; workbooks that are read in a process apart cost most.
SHARES = {"csv": 40_000, "html": 20_000, "xlsx": 15_000, "parquet": 25_000, "zip": 6_000, "xls": 150, "et": 50, "xlsb": 50,
          "values": 256_000, "headings": 60_000, "narratives": 256_000, "persons": 256_000, "toml": 67_000}
LIMIT_MB = 2048
SEED = 20250930
TEXTS_AT_ONCE, OF_TEXTS = 64, {"values", "narratives", "persons"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(SHARES)}; all without any")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    said = parser.parse_args()
    unknown = set(said.targets) - set(SHARES)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    faulty, total = [], 0
    for name in said.targets or SHARES:
        at_once = TEXTS_AT_ONCE if name in OF_TEXTS else 1
        calls = -(-SHARES[name] * said.inputs // (sum(SHARES.values()) * at_once))
        inputs, is_fine = calls * at_once, _fed(name, calls)
        print(f"{name:<12}{inputs:>10,} inputs  {'fine' if is_fine else 'FAULT'}", flush=True)
        faulty += [] if is_fine else [name]
        total += inputs
    print(f"{'all':<12}{total:>10,} inputs  {len(faulty)} targets with a fault")
    return 1 if faulty else 0


def _fed(name: str, calls: int) -> bool:
    """Whether a target stood so many calls."""
    with tempfile.TemporaryDirectory() as corpus:
        FOUND.mkdir(exist_ok=True)
        command = [sys.executable, __file__, "--feed", name, corpus, f"-atheris_runs={calls}", f"-seed={SEED}", "-timeout=10",
                   f"-rss_limit_mb={LIMIT_MB}", "-max_len=65536", f"-artifact_prefix={FOUND}/{name}-", "-verbosity=0"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        print((done.stdout + done.stderr)[-3000:], file=sys.stderr)
    return done.returncode == 0


def feed(name: str, corpus: str, options: list[str]) -> None:
    """Runs one target in this process; libFuzzer ends the process."""
    import atheris

    sys.path.insert(0, str(ROOT))
    with atheris.instrument_imports(include=["pipelines.ingest"]):
        from tests.fuzz.targets import TARGETS

    target, seeds = TARGETS[name]
    for number, data in enumerate(seeds):
        (Path(corpus) / str(number)).write_bytes(data)
    atheris.Setup([sys.argv[0], *options, corpus], target)
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--feed"]:
        feed(sys.argv[2], sys.argv[3], sys.argv[4:])
    sys.exit(main())
