"""Runs the tests that this machine can run, and says in one line which it leaves out and why.

`python tests/run.py [--only MARKER] [pytest arguments]`; with REQUIRE_ALL=1 a missing program is a failure.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
NEEDS = {
    "shared": ("the real data beside the project", lambda: (ROOT.parent / "shared" / "data").is_dir()),
    "browser": ("chromium", lambda: bool(shutil.which("chromium"))),
    "libreoffice": ("soffice", lambda: bool(shutil.which("soffice"))),
    "postgres": ("PostgreSQL", lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or bool(shutil.which("initdb"))),
    "spark": ("Java and pyspark", lambda: bool(shutil.which("java")) and importlib.util.find_spec("pyspark") is not None),
}
# The real data may be absent anywhere; programs may not be where everything is to be tested.
OPTIONAL = {"shared"}


# Two cores, two processes: what is counted for coverage, then what is left; and beside them the rest of what is tried as a
# user would. The files of tests/acceptance from LATER on are what is left, so that both end at about the same time.
COUNTED = ("tests/unit", "tests/properties", "tests/graph", "tests/spark")
LATER = "test_privacy.py"


def main() -> int:
    """Runs pytest without the markers whose needs are not met."""
    arguments = sys.argv[1:]
    only = arguments[1] if arguments[:1] == ["--only"] else None
    rest = arguments[2:] if only else arguments
    absent = {marker: need for marker, (need, is_there) in NEEDS.items() if not is_there()}
    if absent:
        print("deselected: " + "; ".join(f"{marker} (no {need})" for marker, need in absent.items()), flush=True)
    missing = sorted((set(absent) & {only}) if only else set(absent) - OPTIONAL)
    if missing and (only or os.environ.get("REQUIRE_ALL") == "1"):
        print(f"these must be here: {', '.join(missing)}", file=sys.stderr)
        return 1
    wanted = only or " and ".join(f"not {marker}" for marker in absent)
    command = ["-m", "pytest", *(["-m", wanted] if wanted else []), *rest]
    if only or rest:
        return subprocess.call([sys.executable, *command], cwd=ROOT)
    return _run_all(command)


def _run_all(command: list[str]) -> int:
    """Both halves side by side; what the second says is shown after the first."""
    files = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests" / "acceptance").glob("test_*.py"))
    beside = [file for file in files if Path(file).name < LATER]
    left = [*(file for file in files if file not in beside), "tests/browser"]
    with tempfile.TemporaryFile("w+") as said:
        tried = subprocess.Popen([sys.executable, *command, *beside], cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
        try:
            status = subprocess.call([sys.executable, "-m", "coverage", "run", *command, *COUNTED], cwd=ROOT)
            status = status or subprocess.call([sys.executable, "-m", "coverage", "report"], cwd=ROOT)
            status = subprocess.call([sys.executable, *command, *left], cwd=ROOT) or status
            status = tried.wait() or status
        finally:
            tried.kill()
        said.seek(0)
        print(said.read(), end="", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
