"""A simulated city of 5,000 enterprises and 36 months, from data to the published month; and loading the definitions.

    python benchmarks/simulated.py [--enterprises 5000] [--rounds 3] [--work DIR]
"""

from measure import PYTHON, alternate, arguments, city, product, run, say


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--enterprises", type=int, default=5000)
    args = parser.parse_args()
    raw = city(args.work, args.enterprises, months=36)
    load = [PYTHON, "-c", "import assets.definitions"]
    folders = {"YUFANG_RAW": str(raw), "YUFANG_DATA": str(args.work / "out-simulated")}
    say(alternate({"data to published month": lambda: product(raw, args.work / "out-simulated")}, args.rounds), "20 s")
    say(alternate({"definitions load": lambda: run(load, environment=folders)}, args.rounds), "4 s")


if __name__ == "__main__":
    main()
