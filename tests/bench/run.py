"""`make bench`: how fast, as ratios of two things measured side by side in one run on a PostgreSQL of our own.

    make bench                                        about eight minutes
    make bench ARGS="--responses 10000 --csv 10000"   a look

A figure is no test: the exit code is 0 whatever was measured, and the last line says what was not met.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.postgres import NoEngine, call, cluster  # noqa: E402


def main() -> int:
    """Start a cluster that waits for the disk as production does, and measure in a process of its own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "site")])
    os.chdir(ROOT)
    engine = os.environ.get("TEST_ENGINE", "")
    try:
        with cluster(durable=True, engine="" if engine == "given" else engine) as made:
            os.environ["BENCH_BINARIES"] = str(made.binaries)
            return call([sys.executable, "-m", "tests.bench.measure", *sys.argv[1:]], made.url)
    except NoEngine as reason:
        print(f"*** nothing was measured: {reason} ***", file=sys.stderr)  # noqa: T201
        return 1


if __name__ == "__main__":
    sys.exit(main())
