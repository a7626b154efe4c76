"""The ledger's insert at 32 clients with the fold running, against a plain INSERT of the same rows.

pgbench sends the very statement of ledger.submit, recorded once, so that no Python client is the bottleneck.
"""

import os
import random
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultation import ledger
from consultation.answers import Answers
from consultation.fold import fold
from consultation.models import Channel, Consultation, Response
from consultation.recount import check
from tests.bench.data import answered, as_json, publish
from tests.bench.lines import Line, step

CLIENTS = 32
KEY = ":a-:b-:c-:d-:e"  # a random UUID of decimal digits
VARIABLES = r"""\set a random(10000000, 99999999)
\set b random(1000, 9999)
\set c random(1000, 9999)
\set d random(1000, 9999)
\set e random(100000000000, 999999999999)
\set n :n + 1
"""
TRANSACTION = "BEGIN;\n{};\nCOMMIT"
FOLDED = {"ledger", "texts"}  # beside these the fold runs


def recorded(consultation: Consultation, given: Answers) -> str:
    """The one statement of a submission, with key and reference as pgbench's variables."""
    key = uuid.UUID(int=7)
    with CaptureQueriesContext(connection) as captured:
        stored = ledger.submit(consultation, key, consultation.published, "en", Channel.WEB, given)
    Response.objects.filter(pk=stored.pk).delete()
    (query,) = [query["sql"] for query in captured.captured_queries]
    return str(query).replace(str(key), KEY).replace(stored.reference, ":r:client_id.:n")


PLAIN = """INSERT INTO consultation_response
    (consultation_id, "key", reference, version_id, language, channel, answers, received_at)
    VALUES ({}, '{}'::uuid, ':r:client_id.:n', {}, 'en', 'web', '{}'::jsonb, statement_timestamp())"""
WORDS = "INSERT INTO consultation_answerwords (response_id, question, option, text) VALUES {}"


def plain(consultation: Consultation, given: Answers) -> list[str]:
    """The same rows with no lock, no look at the opening hours and no key to agree on."""
    insert = PLAIN.format(consultation.pk, KEY, consultation.published.pk, as_json(given))
    texts = [
        f"(currval('consultation_response_id_seq'), {question}, {option}, '{text.replace(chr(39), chr(39) * 2)}')"
        for (question, option), text in given.words.items()
    ]
    return [insert, WORDS.format(", ".join(texts))] if texts else [insert]


def pgbench(name: str, script: str, run: int, duration: float, folder: Path) -> tuple[float, float]:
    """Run a script with all clients for so many seconds; give transactions a second and the p99 in milliseconds."""
    file, log = folder / name, folder / f"log-{name}-{run}"
    file.write_text(VARIABLES + script)
    command = [
        Path(os.environ["BENCH_BINARIES"]) / "pgbench",
        *("--no-vacuum", "--log", f"--log-prefix={log}", f"--file={file}"),
        *(f"--client={CLIENTS}", "--jobs=2", f"--time={duration:.0f}"),
        *("--define=n=0", f"--define=r={name[0]}{run}."),
        os.environ["DATABASE_URL"],
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or "aborted" in done.stderr:
        raise RuntimeError(done.stderr[:2000])
    times = sorted(int(line.split()[2]) for part in folder.glob(f"{log.name}.*") for line in part.open())
    return len(times) / duration, times[len(times) * 99 // 100] / 1000


@contextmanager
def folding() -> Iterator[None]:
    """The site's own fold, in a process of its own."""
    command = [sys.executable, "manage.py", "tick", "--loop", "--pause", "0.2"]
    process = subprocess.Popen(command)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def inserting(duration: float, rounds: int) -> list[Line]:
    """Both in turn, so many rounds of so many seconds; the fold runs beside the ledger's."""
    ours, other = publish("Inserts"), publish("Plain inserts")
    with_texts = answered(random.Random(1))
    values = Answers(with_texts.values)
    scripts = {
        "ledger": recorded(ours, values),
        "bare": ";\n".join(plain(other, values)),
        "transaction": TRANSACTION.format(";\n".join(plain(other, values))),
        "quiet": recorded(ours, values),
        "texts": recorded(ours, with_texts),
        "plain texts": TRANSACTION.format(";\n".join(plain(other, with_texts))),
    }
    # The plain rows belong to a consultation that no fold looks at.
    Consultation.objects.filter(pk=other.pk).update(version=None)
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in scripts}
    with step("inserts at 32 clients"), tempfile.TemporaryDirectory() as name:
        for run in range(rounds):
            for place, (kind, script) in enumerate(scripts.items()):
                with folding() if kind in FOLDED else nullcontext():
                    measured[kind].append(pgbench(f"{place}", f"{script};\n", run, duration, Path(name)))
        fold(ours)
        sent = sum(duration * rate for kind in ("ledger", "quiet", "texts") for rate, _p99 in measured[kind])
        if check(ours) or ours.responses.count() != round(sent):
            raise AssertionError("the tally differs from the ledger, or the ledger from what was sent")
    rate = {kind: median(run[0] for run in runs) for kind, runs in measured.items()}
    p99 = {kind: median(run[1] for run in runs) for kind, runs in measured.items()}
    own, alone, both = "plain INSERT in a transaction", "plain INSERT alone", "plain INSERTs in a transaction"
    return [
        Line("insert, fold running", rate["ledger"], "/s", rate["transaction"], own, "≥", 0.8),
        Line("insert, fold running", rate["ledger"], "/s", rate["bare"], alone),
        Line("insert, no fold", rate["quiet"], "/s", rate["transaction"], own),
        Line("insert, no fold", rate["quiet"], "/s", rate["bare"], alone),
        Line("insert with five texts, fold running", rate["texts"], "/s", rate["plain texts"], both, "≥", 0.8),
        Line("p99, fold running", p99["ledger"], "ms", p99["transaction"], own),
        Line("p99, no fold", p99["quiet"], "ms", p99["transaction"], own),
    ]
