"""All documents of a published month made anew, apart from its tables: seconds of each, and the largest resident set.

    python benchmarks/documents.py [--enterprises 50000] [--policy changde-2024] [--work DIR]

Builds the month of a simulated city on first use. Each document is what its asset writes, one after the other in one process.
"""

import os
import resource
import time
from pathlib import Path
from types import SimpleNamespace

from measure import PYTHON, ROOT, arguments, city, product, run


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--enterprises", type=int, default=50_000)
    parser.add_argument("--policy", default="changde-2024")
    parser.add_argument("--made", type=Path, help="a data folder that holds the month already")
    args = parser.parse_args()
    raw = city(args.work, args.enterprises)
    out = args.work / f"out-documents-{args.enterprises}-{args.policy}"
    if args.made:
        write_all(raw, args.made)
        return
    if not any((out / "marts").glob("month=*")):
        used = product(raw, out, "--policy", args.policy)
        print(f"the whole month: {used.seconds:.1f} s, {used.cpu:.1f} s of cpu, {used.peak_mb:.0f} MB", flush=True)
    log = args.work / "documents.txt"
    again = [PYTHON, __file__, "--work", args.work, "--enterprises", str(args.enterprises), "--made", out]
    used = run(again, log, {"PYTHONPATH": str(ROOT)})
    print(log.read_text() + f"with start-up {used.seconds:.1f} s, {used.cpu:.1f} s of cpu, {used.peak_mb:.0f} MB")
    print("targets: 30 s, 1.5 GB")


def write_all(raw: Path, out: Path) -> None:
    """Writes every document of the newest published month and prints what each took."""
    os.environ |= {"YUFANG_RAW": str(raw), "YUFANG_DATA": str(out)}
    from assets.definitions import defs
    from assets.wiring import WorkspaceResource
    from pipelines.contracts.catalogue import CONTRACTS
    from pipelines.workspace import Workspace

    place = Workspace(raw, out)
    month = max(path.name.removeprefix("month=") for path in (out / "marts").glob("month=*"))
    number, total, cpu = int(month.replace("-", "")), time.perf_counter(), time.process_time()
    for node in sorted(defs.resolve_asset_graph().asset_nodes, key=lambda node: node.key):
        if node.group_name == "documents":
            began = time.perf_counter()
            given = {key.path[-1]: place.stored(key.path[-1], 0 if key.path[-1] == "raw_file" else number)
                     for key in node.parent_keys if key.path[-1] in CONTRACTS}
            context = SimpleNamespace(partition_key=month, add_output_metadata=lambda metadata: None)
            function = getattr(defs.get_assets_def(node.key).op.compute_fn, "decorated_fn")  # noqa: B009
            function(context=context, workspace=WorkspaceResource(raw=str(raw), data=str(out)), **given)
            print(f"{node.key.path[-1]:<20} {time.perf_counter() - began:6.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'all':<20} {time.perf_counter() - total:6.2f} s, {time.process_time() - cpu:.2f} s of cpu, {peak:.0f} MB")


if __name__ == "__main__":
    main()
