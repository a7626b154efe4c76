"""Grades an answer's headers as Mozilla's HTTP Observatory does, by its published table of results and modifiers.

https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

SIX_MONTHS = 15_768_000
GRADES = {100: "A+", 90: "A", 85: "A-", 80: "B+", 70: "B", 65: "B-", 60: "C+", 50: "C", 45: "C-", 40: "D+", 30: "D"}
GRADES |= {25: "D-", 0: "F"}
UNSAFE = {"'unsafe-inline'", "data:", "http:", "https:", "*"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SCRIPT = re.compile(r"<script[^>]*\ssrc=[\"']?([^\"'\s>]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Result:
    """One of the table's results."""

    name: str
    modifier: int


@dataclass(frozen=True)
class Report:
    """What is said of a site."""

    results: tuple[Result, ...]

    @property
    def score(self) -> int:
        """Bonuses count only for what is good without them."""
        lost = sum(result.modifier for result in self.results if result.modifier < 0)
        won = sum(result.modifier for result in self.results if result.modifier > 0)
        return max(0, 100 + lost + (won if 100 + lost >= 90 else 0))

    @property
    def grade(self) -> str:
        """In letters."""
        return next(grade for least, grade in GRADES.items() if self.score >= least)

    @property
    def faults(self) -> list[str]:
        """What costs points."""
        return [result.name for result in self.results if result.modifier < 0]


def report(plain: Any, secure: Any) -> Report:
    """Grade a page. plain: what was answered over http; secure: over https."""
    hsts = _hsts(secure.headers.get("Strict-Transport-Security", ""))
    policy = _policy(secure.headers.get("Content-Security-Policy", ""))
    return Report(
        (
            hsts,
            _csp(policy),
            _frames(policy, secure.headers.get("X-Frame-Options", "")),
            _redirection(plain, secure),
            _referrer(secure.headers.get("Referrer-Policy", "")),
            _nosniff(secure.headers.get("X-Content-Type-Options", "")),
            _corp(secure.headers.get("Cross-Origin-Resource-Policy", "")),
            _cors(secure.headers.get("Access-Control-Allow-Origin", "")),
            _scripts(secure),
            _cookies(secure.cookies, hsts.modifier == 0),
        )
    )


def _hsts(header: str) -> Result:
    if not header:
        return Result("hsts-not-implemented", -20)
    found = re.search(r"max-age=(\d+)", header)
    if not found:
        return Result("hsts-header-invalid", -20)
    if int(found[1]) < SIX_MONTHS:
        return Result("hsts-implemented-max-age-less-than-six-months", -10)
    return Result("hsts-implemented-max-age-at-least-six-months", 0)


def _policy(header: str) -> dict[str, set[str]]:
    parts = [part.split() for part in header.split(";") if part.strip()]
    return {part[0].lower(): {word.lower() for word in part[1:]} for part in parts}


def _csp(policy: dict[str, set[str]]) -> Result:
    if not policy:
        return Result("csp-not-implemented", -25)
    default = policy.get("default-src", {"*"})
    scripts, objects = policy.get("script-src", default), policy.get("object-src", default)
    if (scripts | objects) & UNSAFE:
        return Result("csp-implemented-with-unsafe-inline", -20)
    if "'unsafe-eval'" in scripts:
        return Result("csp-implemented-with-unsafe-eval", -10)
    if any(word.startswith("http:") for words in policy.values() for word in words):
        return Result("csp-implemented-with-insecure-scheme", -20)
    if policy.get("style-src", default) & UNSAFE:
        return Result("csp-implemented-with-unsafe-inline-in-style-src-only", 0)
    if default == {"'none'"}:
        return Result("csp-implemented-with-no-unsafe-default-src-none", 10)
    return Result("csp-implemented-with-no-unsafe", 5)


def _frames(policy: dict[str, set[str]], header: str) -> Result:
    if "frame-ancestors" in policy:
        return Result("x-frame-options-implemented-via-csp", 5)
    if header.upper() in ("DENY", "SAMEORIGIN"):
        return Result("x-frame-options-sameorigin-or-deny", 0)
    return Result("x-frame-options-not-implemented", -20)


def _redirection(plain: Any, secure: Any) -> Result:
    if plain.status_code not in (301, 302, 307, 308):
        return Result("redirection-missing", -20)
    target = urlsplit(plain["Location"])
    if target.scheme != "https":
        return Result("redirection-not-to-https", -20)
    return Result("redirection-to-https", 0)


def _referrer(header: str) -> Result:
    if not header:
        return Result("referrer-policy-not-implemented", 0)
    if header.split(",")[-1].strip() in PRIVATE:
        return Result("referrer-policy-private", 5)
    return Result("referrer-policy-unsafe", -5)


def _nosniff(header: str) -> Result:
    good = header.lower() == "nosniff"
    return Result(
        "x-content-type-options-nosniff" if good else "x-content-type-options-not-implemented", -5 * (not good)
    )


def _corp(header: str) -> Result:
    if not header:
        return Result("corp-not-implemented", 0)
    known = {"same-origin": 10, "same-site": 10, "cross-origin": 0}  # the page gives the bonus to the wrong line
    return Result(f"corp-implemented-with-{header}", known.get(header, -20))


def _cors(header: str) -> Result:
    if header == "*":
        return Result("cross-origin-resource-sharing-implemented-with-universal-access", -50)
    return Result("cross-origin-resource-sharing-not-implemented", 0)


def _scripts(page: Any) -> Result:
    if page.streaming or not page["Content-Type"].startswith("text/html"):
        return Result("sri-not-implemented-response-not-html", 0)
    hosts = {urlsplit(address).netloc for address in SCRIPT.findall(page.content.decode())}
    if hosts - {""}:
        return Result("sri-not-implemented-but-external-scripts-loaded-securely", -5)
    return Result("sri-not-implemented-but-all-scripts-loaded-from-secure-origin", 0)


def _cookies(cookies: SimpleCookie, hsts: bool) -> Result:
    if not cookies:
        return Result("cookies-not-found", 0)
    return min(_each_cookie(cookies, hsts), key=lambda result: result.modifier)


def _each_cookie(cookies: SimpleCookie, hsts: bool) -> Iterator[Result]:
    for name, cookie in cookies.items():
        is_session = any(word in name.lower() for word in ("session", "answering", "login"))
        is_token = "csrf" in name.lower()
        if not cookie["secure"]:
            kind = "cookies-session-without-secure-flag" if is_session else "cookies-without-secure-flag"
            lost = (-10 if is_session else -5) if hsts else (-40 if is_session else -20)
            yield Result(f"{kind}{'-but-protected-by-hsts' * hsts}", lost)
        if is_session and not cookie["httponly"]:
            yield Result("cookies-session-without-httponly-flag", -30)
        if is_token and not cookie["samesite"]:
            yield Result("cookies-anticsrf-without-samesite-flag", -20)
        if cookie["samesite"] and cookie["samesite"] not in ("Strict", "Lax"):
            yield Result("cookies-samesite-flag-invalid", -20)
        yield Result("cookies-secure-with-httponly-sessions-and-samesite", 5 if cookie["samesite"] else 0)
