"""`make bench`: how fast, as ratios of two things measured side by side in one run on a PostgreSQL of our own.

Responses and what is made of them are measured first, then the demonstration over HTTP, each with a table and a cluster
of its own: what one leaves behind is not in the other's way.

    make bench                                        about twelve minutes
    make bench ARGS="--responses 10000 --csv 10000"   a look

A figure is no test: the exit code is 0 whatever was measured, and the last line says what was not met.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.postgres import NoEngine, call, cluster  # noqa: E402

PARTS = ("responses", "serving")


def main() -> int:
    """Measure each part, or the one that was asked for."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "site")])
    os.chdir(ROOT)
    given = sys.argv[1:]
    chosen = [[]] if any(word.startswith("--only") for word in given) else [["--only", part] for part in PARTS]
    return max([measure([*given, *only]) for only in chosen])


def measure(arguments: list[str]) -> int:
    """Start a cluster that waits for the disk as production does, and measure in a process of its own."""
    engine = os.environ.get("TEST_ENGINE", "")
    try:
        with cluster(durable=True, engine="" if engine == "given" else engine) as made:
            os.environ["BENCH_BINARIES"] = str(made.binaries)
            return call([sys.executable, "-m", "tests.bench.measure", *arguments], made.url)
    except NoEngine as reason:
        print(f"*** nothing was measured: {reason} ***", file=sys.stderr)  # noqa: T201
        return 1


if __name__ == "__main__":
    sys.exit(main())
