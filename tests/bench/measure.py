"""Measure everything in the database that DATABASE_URL names, which run.py has just made, and print the table."""

import argparse
import platform

import django

from tests.bench.lines import Line, table

PARTS = ("responses", "files", "serving")


def options() -> argparse.Namespace:
    """Sizes, by arguments; multiples of 5,000."""
    parser = argparse.ArgumentParser(prog="make bench", description="See tests/bench/run.py; sizes in responses.")
    parser.add_argument("--responses", type=int, default=1_000_000, help="of the large consultation")
    parser.add_argument("--csv", type=int, default=100_000, help="in a download")
    parser.add_argument("--submissions", type=int, default=100_000, help="of wagtail.contrib.forms")
    parser.add_argument("--seconds", type=float, default=8, help="of each run of inserts")
    parser.add_argument("--rounds", type=int, default=2, help="of inserts")
    parser.add_argument("--only", choices=PARTS, default="responses", help="one part; files are a part of responses")
    return parser.parse_args()


def main() -> None:
    """One part after the other, then the table."""
    chosen = options()
    django.setup()
    from django.core.management import call_command

    from tests.bench import data
    from tests.bench.counting import folding, recounting
    from tests.bench.erasing import erasing
    from tests.bench.files import downloads
    from tests.bench.forms import forms
    from tests.bench.inserts import inserting
    from tests.bench.lines import step
    from tests.bench.serving import serving
    from tests.bench.summaries import summaries

    with step("migrations"):
        call_command("migrate", verbosity=0)
        data.prepare()
    if chosen.only == "serving":
        show(list(serving()))
        return
    lines: list[Line] = []
    with_all = chosen.only == "responses"
    if with_all:
        lines += forms()
        lines += inserting(chosen.seconds, chosen.rounds)
    large, small, many, few = (data.publish(name) for name in ("Large", "Small", "Download", "Small download"))
    with step(f"{chosen.responses:,} responses"):
        data.fill(large, chosen.responses, words=True)
        data.fill(small, 1_000)
        data.fill(many, chosen.csv, words=True)
        data.fill(few, chosen.csv // 10, words=True)
    if with_all:
        lines.append(folding(large, chosen.responses))
        folding(small, 1_000)
        lines += recounting(large, chosen.responses)
        lines += summaries(large, small, chosen.responses, 1_000)
    sizes = {chosen.csv // 10: few, chosen.csv: many, chosen.responses: large}
    lines += downloads(sizes, chosen.csv, chosen.submissions)
    if with_all:
        folding(few, chosen.csv // 10)
        lines.append(erasing(few))
    show(lines)


def show(lines: list[Line]) -> None:
    """Print the table, and what was not met."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    machine = f"Python {platform.python_version()}, Django {django.__version__}, PostgreSQL {version}"
    unmet = [line.what for line in lines if line.met is False]
    print(f"\n{machine}\n\n{table(lines)}\n")  # noqa: T201
    print(f"NOT MET: {'; '.join(unmet)}" if unmet else "Every goal was met.")  # noqa: T201


if __name__ == "__main__":
    main()
