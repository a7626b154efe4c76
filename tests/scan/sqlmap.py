"""sqlmap, on the addresses of each role that take parameters: what it could inject."""

import csv
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.scan.place import ROOT, Place
from tests.scan.roles import Visit, consultation_number
from tests.scan.stored import read

SQLMAP = ROOT / ".venv-scan-site" / "bin" / "sqlmap"
MOST = int(os.environ.get("SCAN_SQL_SECONDS", "600"))  # seconds for one role

# What reads parameters, by who reaches it. {c} is the number of a consultation. The last one of each is a hole.
FILTERS = "since=2026-01-01&channel=web&written_in=en&theme=1&answer=2.1&words=trees&read=unread"
PUBLIC = (
    "/en/search/?q=plan&page=1",
    "/en/ideas/?theme=1&page=1",
    "/en/news/?page=1",
    "/en/events/?when=past&page=1",
    "/ideas/en/?theme=1",
    "/answer/{c}/en/1/?moved=1",
)
OFFICE = (
    f"/admin/consultations/{{c}}/?{FILTERS}&by=1",
    "/admin/consultations/{c}/crosstab/?question=2&across=3&channel=web",
    "/admin/consultations/?q=plan&ordering=title&p=1",
    "/admin/consultations/{c}/responses.csv?rows=answers&form=keys&language=en&level=analysis",
)
PERSONAL = (
    f"/admin/consultations/{{c}}/responses/?{FILTERS}&standing=held&seen=personal-data&p=1",
    "/admin/consultations/find/?reference=ABC-DEF-GHI",
    "/admin/consultations/{c}/held/?state=held&p=1",
    "/admin/consultations/{c}/batches/?p=1",
    "/admin/consultations/quotes/?q=trees&p=1&ordering=asked_at",
)
PAGES = ("/admin/pages/1/?q=plan&ordering=title&p=1", "/admin/pages/search/?q=plan", "/admin/images/?q=plan&p=1")
ADDRESSES: dict[str, tuple[str, ...]] = {
    "visitor": (*PUBLIC, "/holes/sql/?id=1"),
    "moderator": ("/admin/ideas/?q=trees&ordering=sent_at&p=1", "/holes/sql/?id=1"),
    "editor": (*PAGES, "/admin/reports/keeping/reviews/?q=plan&p=1", "/holes/sql/?id=1"),
    "officer (analysis)": (*OFFICE, "/holes/sql/?id=1"),
    "officer (personal data)": (*PERSONAL, "/holes/sql/?id=1"),
    "administrator": (
        "/admin/users/?q=editor&ordering=name&p=1",
        "/admin/consultations/handled/?p=1",
        "/admin/consultations/downloads/?p=1",
        "/admin/reports/site-history/?label=plan&p=1",
        "/holes/sql/?id=1",
    ),
}


@dataclass(frozen=True)
class Done:
    """Path and parameter of everything that could be injected, how many were tried, and what did not answer."""

    found: set[str]
    tried: int
    refused: tuple[str, ...]


def injectable(place: Place, visit: Visit) -> Done:
    """Try every parameter of the role's addresses."""
    folder = place.folder / "sqlmap" / visit.role.replace(" ", "-")
    folder.mkdir(parents=True)
    number = consultation_number(place)
    addresses = [address.format(c=number) for address in ADDRESSES[visit.role]]
    (folder / "addresses").write_text("".join(f"{place.url}{address}\n" for address in addresses))
    refused = tuple(address for address in addresses if not read(place.url + address, visit.cookies))
    # Waiting to see whether a statement waits takes long and finds what true and false find, too.
    command = [SQLMAP, "-m", folder / "addresses", "--batch", "--level", "1", "--risk", "1", "--technique", "BEU"]
    command += ["--threads", "4", "--flush-session", "--disable-coloring", "--output-dir", folder / "found"]
    command += ["--user-agent", "sqlmap", "--timeout", "20", "--retries", "1", "--time-limit", str(MOST)]
    command += ["--cookie", visit.cookies] if visit.cookies else []
    with (folder / "log").open("wb") as log:
        subprocess.run(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, timeout=MOST * 3, check=False)
    tried = {
        (target, parameter)
        for part in (folder / "log").read_text(errors="replace").split("testing URL '")[1:]
        for target in [part.partition("'")[0]]
        for parameter in re.findall(r"parameter '([^']+)' (?:does not seem|is '|appears to be|is vulnerable)", part)
    }
    return Done(reported(folder, place.url), len(tried), refused)


def reported(folder: Path, url: str) -> set[str]:
    """What the report says."""
    found = set()
    for report in (folder / "found").glob("results-*.csv"):
        with report.open(newline="") as rows:
            for row in csv.DictReader(rows):
                if row["Parameter"]:
                    found.add(f"{row['Target URL'].removeprefix(url).partition('?')[0]} {row['Parameter']}")
    return found
