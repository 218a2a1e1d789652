"""Runs the tests that this machine can run, and says in one line which it leaves out and why.

`python tests/run.py [--only MARKER] [pytest arguments]`; with REQUIRE_ALL=1 a missing program is a failure.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
NEEDS = {
    "shared": ("the real data beside the project", lambda: (ROOT.parent / "shared" / "data").is_dir()),
    "browser": ("chromium", lambda: bool(shutil.which("chromium"))),
    "libreoffice": ("soffice", lambda: bool(shutil.which("soffice"))),
    "spark": ("Java and pyspark", lambda: bool(shutil.which("java")) and importlib.util.find_spec("pyspark") is not None),
}
# The real data may be absent anywhere; programs may not be where everything is to be tested.
OPTIONAL = {"shared"}


def main() -> int:
    """Runs pytest under coverage without the markers whose needs are not met."""
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
    status = subprocess.call([sys.executable, "-m", "coverage", "run", *command], cwd=ROOT)
    return status or subprocess.call([sys.executable, "-m", "coverage", "report"], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
