"""Wapiti, as each role: what it crawled and what it found."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.scan.place import ROOT, Place
from tests.scan.roles import Visit

WAPITI = ROOT / ".venv-scan-site" / "bin" / "wapiti"
# Those that need another host to call (ssrf, xxe, log4shell), or guess at other people's programs, are left out.
MODULES = "xss,permanentxss,sql,file,exec,redirect,csrf,cookieflags,csp,http_headers"
SECONDS = int(os.environ.get("SCAN_SECONDS", "60"))  # for a role's crawl, and again for each module's attacks
# What would sign the scanner out, lock it out or take its own account away.
LEFT_OUT = (
    "*/logout/*",
    "*/account/*",
    "*/2fa/*",
    "*/admin/users/*",
    "*/admin/groups/*",
    "*/admin/login/*",
    "*/delete/*",
    "*/erase/*",
    "*/unpublish/*",
    "*/static/*",
    "*/media/*",
)


@dataclass(frozen=True)
class Finding:
    """What Wapiti says: its kind, where, and in which parameter."""

    role: str
    kind: str
    method: str
    path: str
    parameter: str
    says: str

    def __str__(self) -> str:
        return f"{self.role}: {self.kind}: {self.method} {self.path} {self.parameter}: {self.says}"


@dataclass(frozen=True)
class Scan:
    """One run: the addresses that were crawled and answered, and the findings."""

    role: str
    pages: tuple[str, ...]
    findings: tuple[Finding, ...]
    unfinished: tuple[str, ...]  # modules that ran out of time before they had attacked everything


def scan(place: Place, visit: Visit, seconds: int = SECONDS) -> Scan:
    """Crawl and attack what the visit reaches."""
    folder = place.folder / "wapiti" / visit.role.replace(" ", "-")
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / "report.json"
    command = [WAPITI, "--url", f"{place.url}{visit.below}", "--scope", "folder", "--module", MODULES]
    command += ["--format", "json", "--output", report, "--detailed-report", "1", "--verbose", "1"]
    command += ["--store-session", folder / "session", "--store-config", folder / "config", "--flush-session"]
    command += ["--max-scan-time", str(seconds), "--max-attack-time", str(seconds), "--timeout", "20", "--tasks", "6"]
    # The same page with other filters is the same page: few of each, or nothing else is reached.
    command += ["--depth", "3", "--max-links-per-page", "60", "--max-parameters", "40", "--scan-force", "paranoid"]
    command += ["--no-bugreport"]
    command += [part for path in visit.starts for part in ("--start", f"{place.url}{path}")]
    command += [part for pattern in LEFT_OUT for part in ("--exclude", f"{place.url}{pattern}")]
    command += ["--cookie-value", visit.cookies] if visit.cookies else []
    with (folder / "log").open("wb") as log:
        subprocess.run(command, stdout=log, stderr=log, timeout=seconds * 12 + 60, check=False)
    if not report.exists():
        raise RuntimeError((folder / "log").read_text())
    return read(visit.role, report, (folder / "log").read_text())


def read(role: str, report: Path, log: str = "") -> Scan:
    """What the report says."""
    said = json.loads(report.read_text())
    findings = {
        Finding(role, kind, found["method"], found["path"], found["parameter"] or "", found["info"])
        for part in ("vulnerabilities", "anomalies")
        for kind, all_of_kind in said[part].items()
        for found in all_of_kind
    }
    crawled = (page["request"] for page in said["infos"].get("crawled_pages", ()))
    pages = {page["url"] for page in crawled if page["status_code"] == 200}
    unfinished = re.findall(r"Max attack time was reached for module (\w+)", log)
    return Scan(role, tuple(sorted(pages)), tuple(sorted(findings, key=str)), tuple(unfinished))
