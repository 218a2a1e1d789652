"""The whole real panel (118,000 enterprises, 2.1 M premium rows, 1.16 M claims, GB18030 CSV) through the product.

    python ../shared/bench/make_exports.py injuries --out DIR      (once)
    python benchmarks/panel.py --raw DIR [--regions text] [--rounds 3] [--work DIR]
"""

from pathlib import Path

from measure import alternate, arguments, product, say

TARGETS = "30 s, with lists and documents 60 s; 1 GB"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--raw", type=Path, required=True, help="the folder that make_exports.py injuries wrote")
    parser.add_argument("--regions", default="whole")
    args = parser.parse_args()
    if not any(args.raw.glob("????-??/*.csv")):
        raise SystemExit(f"{args.raw} holds no exports; make them first:\n"
                         f"  python ../shared/bench/make_exports.py injuries --out {args.raw}")
    out = args.work / "out-panel"
    say(alternate({"product": lambda: product(args.raw.resolve(), out, "--regions", args.regions)}, args.rounds), TARGETS)


if __name__ == "__main__":
    main()
