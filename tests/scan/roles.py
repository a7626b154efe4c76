"""Who scans: each role of the site, signed in by its form as a person would be, with the addresses it starts from."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.scan.place import Place


@dataclass(frozen=True)
class Visit:
    """One role's way in. Cookies stand as a browser sends them."""

    role: str
    cookies: str
    starts: tuple[str, ...]
    below: str  # what is crawled

    @property
    def hole(self) -> str:
        """The hole that this role alone can reach."""
        return self.starts[-1]


class Browser:
    """A browser without JavaScript that keeps its cookies."""

    def __init__(self, place: Place) -> None:
        self.place, self.jar = place, CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        """A page's text; raises HTTPError where it is refused."""
        return self.opener.open(self.place.url + path).read().decode()

    def send(self, path: str, only: tuple[str, ...] = (), **fields: str) -> str:
        """Open a form, fill it in and send it; give the page that comes. only: of its hidden fields, these."""
        found = re.findall(r'type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', self.get(path))
        given = {name: unescape(value) for name, value in found if not only or name in only} | fields
        return self.opener.open(self.place.url + path, urlencode(given).encode()).read().decode()

    @property
    def cookies(self) -> str:
        """As a browser sends them."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)


def visitor(place: Place) -> Visit:
    """Anybody."""
    return Visit("visitor", "", ("/en/", hole("visitor")), "/")


def citizen(place: Place) -> Visit:
    """Somebody in the middle of an answering: a draft is begun."""
    browser = Browser(place)
    path = the_open_consultation(place)
    browser.send(f"{path}1/", only=("token",))
    if "answering=" not in browser.cookies:
        raise RuntimeError("no draft was begun")
    steps = tuple(f"{path}{step}/" for step in ("1", "2", "check", "later"))
    return Visit("citizen", browser.cookies, (*steps, hole("citizen")), "/")


def staff(role: str, username: str, *starts: str) -> Callable[[Place], Visit]:
    """Somebody with an account."""

    def sign_in(place: Place) -> Visit:
        browser = Browser(place)
        browser.send("/account/login/", login=username, password=place.passwords[username])
        if "/account/login/" in browser.opener.open(f"{place.url}/admin/").url:
            raise RuntimeError(f"{role} could not sign in")
        found = tuple(start.format(consultation=consultation_number(place)) for start in starts)
        return Visit(role, browser.cookies, (*found, hole(username, "/admin")), "/admin/")

    return sign_in


def hole(name: str, below: str = "") -> str:
    """Where such a hole is."""
    return f"{below}/0/for/{name}/?name=you"


def the_open_consultation(place: Place) -> str:
    """Where the first of the consultations that are open is answered."""
    return f"/answer/{consultation_number(place)}/en/"


def consultation_number(place: Place) -> str:
    """Its number."""
    asked = (
        "from django.utils import timezone; from consultation.models import Consultation as C; "
        "print(C.objects.filter(version__isnull=False, halt='', opens_at__lte=timezone.now(), "
        "closes_at__gt=timezone.now()).earliest('pk').pk)"
    )
    return place.manage("shell", "--no-imports", "--command", asked).strip()


PAGES = ("/admin/pages/", "/admin/images/", "/admin/documents/", "/admin/reports/", "/admin/pages/search/?q=plan")
OFFICE = (
    "/admin/consultations/",
    "/admin/consultations/{consultation}/",
    "/admin/consultations/{consultation}/responses/",
    "/admin/consultations/{consultation}/crosstab/",
    "/admin/consultations/{consultation}/segments/",
    "/admin/consultations/{consultation}/import/",
)
ROLES: dict[str, Callable[[Place], Visit]] = {
    "visitor": visitor,
    "citizen": citizen,
    "editor": staff("editor", "editor", *PAGES),
    "moderator": staff("moderator", "moderator", "/admin/ideas/", *PAGES),
    "officer (analysis)": staff("officer (analysis)", "analyst", *OFFICE),
    "officer (personal data)": staff("officer (personal data)", "officer", *OFFICE),
    "administrator": staff("administrator", "manager", "/admin/users/", "/admin/reports/site-history/", *PAGES),
}
