"""Attack the running site as each role: `python -m tests.scan.attack`, with `wapiti` or `sqlmap` for one of them.

Red where a tool finds what allowed.toml does not explain, where a stored payload is alive, and where a tool crawled
nothing, lost its sign-in, or did not find the holes that holes.py has for it. SCAN_ROLES=editor,visitor for some roles.
"""

import os
import sys
from urllib.parse import urlsplit

from tests.scan import sqlmap, stored, wapiti
from tests.scan.allowed import unexplained
from tests.scan.place import Place, site
from tests.scan.roles import ROLES, Visit
from tests.scan.wapiti import Scan

# What Wapiti has to find on the page of holes.
PLANTED = {
    ("Reflected Cross Site Scripting", "/holes/xss/"),
    ("Stored Cross Site Scripting", "/holes/said/"),
    ("SQL Injection", "/holes/sql/"),
    ("Open Redirect", "/holes/next/"),
    ("Path Traversal", "/holes/file/"),
    ("Cross Site Request Forgery", "/holes/said/"),
    ("HttpOnly Flag cookie", "/holes/"),
}
HOLES = Visit("holes", "", ("/holes/xss/?name=you",), "/holes/")


def main(tools: list[str]) -> int:
    """Attack, print what was done, and give 1 where something is to mend."""
    chosen = [role for role in ROLES if role in os.environ.get("SCAN_ROLES", ",".join(ROLES)).split(",")]
    faults = [] if chosen else ["no role was chosen"]
    with site() as place:
        if "wapiti" in (tools or ["wapiti"]):
            faults += planted(wapiti.scan(place, HOLES, seconds=40), place)
            faults += [fault for role in chosen for fault in crawled(place, ROLES[role](place))]
        if "sqlmap" in (tools or ["sqlmap"]):
            asked = [role for role in chosen if role in sqlmap.ADDRESSES]
            faults += [fault for role in asked for fault in injected(place, ROLES[role](place))]
    say(*(f"To mend: {fault}" for fault in faults))
    return 1 if faults else 0


def planted(scan: Scan, place: Place) -> list[str]:
    """Holes that Wapiti did not find, and whether stored payloads are seen."""
    found = {(finding.kind, finding.path) for finding in scan.findings}
    missed = [f"Wapiti did not find {kind} at {path}" for kind, path in sorted(PLANTED - found)]
    if not stored.left(HOLES, [f"{place.url}/holes/said/"]).alive:
        missed.append("a stored payload was not seen at /holes/said/")
    say(f"Planted holes: Wapiti found {len(PLANTED & found)} of {len(PLANTED)}.", *missed)
    return missed


def crawled(place: Place, visit: Visit) -> list[str]:
    """What is wrong with a role's crawl, after saying what was done."""
    scan = wapiti.scan(place, visit)
    hole = urlsplit(visit.hole).path
    own = [finding for finding in scan.findings if finding.path == hole and finding.kind.startswith("Reflected")]
    others = [finding for finding in scan.findings if finding.path != hole]
    left = stored.left(visit, (page for page in scan.pages if "/0/for/" not in page))
    to_mend = unexplained(others)
    say(
        f"Wapiti as {visit.role}: {len(scan.pages)} pages, {len(others)} findings, {len(to_mend)} unexplained, "
        f"own hole {'found' if own else 'MISSED'}, payloads alive {len(left.alive)}, as text on {left.as_text} pages; "
        f"out of time: {', '.join(scan.unfinished) or 'nothing'}"
    )
    return [
        *map(str, to_mend),
        *(f"{visit.role}: a payload is alive on {url}" for url in left.alive),
        *([] if own else [f"{visit.role}: the hole at {hole} was not found"]),
        *([] if len(scan.pages) > 5 else [f"{visit.role}: {len(scan.pages)} pages were crawled"]),
        *lost(place, visit),
    ]


def lost(place: Place, visit: Visit) -> list[str]:
    """Whether the scanner was still who it should be when it had ended."""
    text = stored.read(place.url + visit.hole, visit.cookies)
    return [] if "Hello you" in text else [f"{visit.role}: the sign-in was lost on the way"]


def injected(place: Place, visit: Visit) -> list[str]:
    """What sqlmap could inject, after saying what was done."""
    done = sqlmap.injectable(place, visit)
    planted_one = {"/holes/sql/ id"}
    others = sorted(done.found - planted_one)
    say(
        f"sqlmap as {visit.role}: {done.tried} parameters of {len(sqlmap.ADDRESSES[visit.role])} addresses, "
        f"{len(others)} could be injected, planted hole {'found' if planted_one & done.found else 'MISSED'}"
    )
    return [
        *(f"{visit.role}: SQL can be injected at {found}" for found in others),
        *(f"{visit.role}: {address} did not answer" for address in done.refused),
        *([] if planted_one <= done.found else [f"{visit.role}: sqlmap did not find the planted hole"]),
    ]


def say(*lines: str) -> None:
    """Print at once, for it takes long."""
    for line in lines:
        print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
