"""What every page keeps to, in each language and both schemes: valid, accessible, light, still, printable, alone.

Each check is shown to find a fault that was planted for it.
"""

import gzip
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from wagtail.models import Page

from consultation import results
from consultation.models import Consultation
from tests import nu
from tests.visits import LANGUAGES, visit_everything

browser = pytest.mark.browser
pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("page-quality")]

HEAVIEST = 60_000  # bytes of a page with everything but its images
MOST_SCRIPT = 5_000
MOST_STYLE = 15_000

# Counted from the first paint on, before which nothing can be seen to move.
WATCH_SHIFTS = """
window.shifts = [];
const unasked = (list) => list.getEntries().filter((e) => !e.hadRecentInput);
new PerformanceObserver((list) => shifts.push(...unasked(list).map((e) => e.value)))
    .observe({ type: "layout-shift", buffered: true });
"""
BLOCKING = """
performance.getEntriesByType("resource").filter((e) => e.renderBlockingStatus === "blocking").map((e) => e.name)
"""
READ = """
[...document.querySelectorAll("main h1, main h2, main h3, main p, main li, main dd, main th, main td")]
    .filter((e) => e.checkVisibility() && !e.closest("nav, .button, .no-print, .pagination, .breadcrumbs"))
    .map((e) => e.textContent.replace(/\\s+/g, " ").trim()).filter(Boolean)
"""


TEXTS = "all => all.map((e) => e.textContent.replace(/\\s+/g, ' ').trim())"


class Weight:
    """What a page loads, as a server sends it: pages as they are, text files compressed."""

    def __init__(self, page: Any) -> None:
        self.answers: list[Any] = []
        page.on("response", lambda answer: self.answers.append(answer))

    def of(self, *kinds: str) -> int:
        """Bytes of the bodies of these kinds of request."""
        return sum(self._size(one) for one in self.answers if one.request.resource_type in kinds)

    @property
    def everything(self) -> int:
        """Bytes of all but images, with what is said around them."""
        heads = sum(len(f"{h['name']}{h['value']}") + 4 for one in self.answers for h in one.headers_array())
        return heads + sum(self._size(one) for one in self.answers if one.request.resource_type != "image")

    @staticmethod
    def _size(answer: Any) -> int:
        if 300 <= answer.status < 400:
            return 0
        body: bytes = answer.body()
        is_compressed = answer.request.resource_type in ("stylesheet", "script") or "svg" in answer.url
        return len(gzip.compress(body)) if is_compressed else len(body)


def faults(page: Any, address: str) -> Iterator[str]:
    """What is wrong with how a page comes, stands and is printed."""
    weight = Weight(page)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(50)
    if weight.everything > HEAVIEST:
        yield f"{weight.everything} bytes are sent"
    if weight.of("script") > MOST_SCRIPT:
        yield f"{weight.of('script')} bytes of script are sent"
    if weight.of("stylesheet") > MOST_STYLE:
        yield f"{weight.of('stylesheet')} bytes of style are sent"
    if moved := sum(page.evaluate("shifts")):
        yield f"the layout shifts by {moved}"
    blocking = page.evaluate(BLOCKING)
    if len(blocking) != 1 or not re.search(r"\.css$", blocking[0]):
        yield f"it can't be shown before these are there: {blocking}"
    if cookies := page.context.cookies():
        yield f"cookies are set: {[cookie['name'] for cookie in cookies]}"
    yield from _unprinted(page)


def _unprinted(page: Any) -> Iterator[str]:
    """What stands on the screen and not in print. Chromium lists the headings of a file that it prints."""
    on_screen = page.evaluate(READ)
    page.emulate_media(media="print")
    on_paper = set(page.evaluate(READ))
    page.emulate_media(media="null")  # as the reader’s device has it
    if missing := [text for text in on_screen if text not in on_paper]:
        yield f"print leaves out: {missing}"
    printed = page.pdf(outline=True, tagged=True)
    titles = {_title(found) for found in re.findall(rb"/Title (\((?:\\.|[^\\)])*\)|<[0-9A-F]*>)", printed, re.DOTALL)}
    headings = page.locator("main :is(h1, h2):not(.visually-hidden, nav *)").evaluate_all(TEXTS)
    if lost := [heading for heading in headings if _letters(heading) not in {_letters(title) for title in titles}]:
        yield f"not in the printed file: {lost}"


def _title(found: bytes) -> str:
    """A text of a PDF file, in brackets or in hexadecimal digits."""
    if found.startswith(b"<"):
        return bytes.fromhex(found[1:-1].decode()).decode("utf-16")
    return re.sub(rb"\\(.)", rb"\1", found[1:-1]).decode("latin-1")


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def addresses(demo: Consultation) -> list[str]:
    """A page of each kind and, of consultations, of each state; answering, sharing, results, one that is not there."""
    found: dict[tuple[Any, ...], str] = {}
    for page in Page.objects.live().filter(depth__gt=1).select_related("locale").order_by("path").specific():
        state = page.state if hasattr(page, "state") else None
        found.setdefault((type(page), state, page.locale.language_code), page.get_url())
    forms = f"/answer/{demo.pk}/{{}}/1/", "/ideas/{}/", f"/paper/{demo.pk}/{{}}/"
    beside = [form.format(language) for language in LANGUAGES for form in forms]
    published = [f"/results/{own.result.consultation_id}/{own.language}/1/" for own in results.editions()]
    return [*found.values(), *beside, *published, *(f"/{language}/nothing-here/" for language in LANGUAGES)]


@browser
def test_every_kind_of_page_is_accessible_light_still_and_printable_in_each_language_and_both_schemes(
    demo, new_page, axe
):
    page = new_page(bypass_csp=True)
    page.add_init_script(WATCH_SHIFTS)
    found = {}
    for address in addresses(demo):
        if wrong := list(faults(page, address)):
            found[address] = wrong
        axe(page)
        page.emulate_media(color_scheme="dark")
        axe(page)
        page.emulate_media(color_scheme="light")

    assert not found


def test_every_page_every_step_of_answering_and_every_refusal_is_valid_html(demo, tmp_path):
    pages = visit_everything(tmp_path / "pages")

    shown = " ".join(path.name for path in pages.folder.iterdir())
    for step in (
        "check",
        "equality",
        "done",
        "receipt",
        "withdraw",
        "later",
        "ideas-ga",
        "500-pl",
        "POST-answer",
        "results",
    ):
        assert step in shown
    assert len(list(pages.folder.iterdir())) > 120
    assert nu.faults(pages.folder) == []


def test_the_checker_finds_an_element_that_is_not_closed_and_an_id_that_comes_twice(tmp_path):
    start = '<!DOCTYPE html><html lang="en"><head><title>Planted</title></head><body>'
    (tmp_path / "one.html").write_text(f"{start}<p>One<div id='a'>two</p></div></body></html>", encoding="utf-8")
    (tmp_path / "two.html").write_text(f"{start}<p id='a'>One</p><p id='a'>two</p></body></html>", encoding="utf-8")
    (tmp_path / "good.html").write_text(f"{start}<p id='a'>One</p></body></html>", encoding="utf-8")

    found = nu.faults(tmp_path)

    assert {fault.partition(":")[0] for fault in found} == {"one.html", "two.html"}
    assert any("Duplicate ID" in fault for fault in found)


GOOD = '<link rel="stylesheet" href="/static/css/site.css">'
PLANTED = [
    (f"{GOOD}<main><h1>Good</h1><p>Text</p></main>", ""),
    (f"{GOOD}<main><h1>Heavy</h1><!--{'x' * HEAVIEST}--></main>", "bytes are sent"),
    (f"{GOOD}<script src='large.js' defer></script><main><h1>Script</h1></main>", "bytes of script"),
    (f"{GOOD}<link rel=stylesheet href='large.css'><main><h1>Style</h1></main>", "before these are there"),
    (f"{GOOD}<script src='small.js'></script><main><h1>Script</h1></main>", "before these are there"),
    (f"{GOOD}<main id=m><h1>Moves</h1></main><script src='moves.js' defer></script>", "the layout shifts"),
    (f"{GOOD}<main><h1>Hidden</h1><p class=menu>A text</p></main>", "print leaves out: ['A text']"),
    (f"{GOOD}<main><h1 class=skip style='position:static'>Hidden</h1></main>", "not in the printed file: ['Hidden']"),
    (f"{GOOD}<main><h1>Cookie</h1></main><script src='cookie.js' defer></script>", "cookies are set: ['planted']"),
]
FILES = {
    "large.js": "".join(f"const a{n} = {n * 7919 % 10007};" for n in range(2_000)),
    "large.css": "p { color: black }",
    "small.js": "1",
    "moves.js": "requestAnimationFrame(() => setTimeout(() => m.insertAdjacentHTML('beforebegin', "
    "'<div style=\"height:300px\">Late</div>')))",
    "cookie.js": "document.cookie = 'planted=1'",
}
TYPES = {"js": "text/javascript", "css": "text/css"}


def serve(route, text, kind):
    """Answer a request in place of the site."""
    route.fulfill(body=text, content_type=kind)


@browser
@pytest.mark.parametrize(("body", "fault"), PLANTED, ids=[fault or "good" for _body, fault in PLANTED])
def test_a_fault_of_a_page_is_found(new_page, body, fault):
    page = new_page(bypass_csp=True)
    page.add_init_script(WATCH_SHIFTS)
    html = f"<!DOCTYPE html><html lang=en><title>Planted</title>{body}"
    for name, text in {"": html, **FILES}.items():
        answer = partial(serve, text=text, kind=TYPES.get(name.rpartition(".")[2], "text/html"))
        page.route(f"**/planted/{name}", answer)

    found = list(faults(page, "/planted/"))

    assert [one for one in found if fault in one] if fault else not found


@browser
def test_a_fault_of_accessibility_is_found_in_the_dark_alone(new_page, axe):
    page = new_page(bypass_csp=True)
    style = "<style>@media (prefers-color-scheme: dark) { p { color: #333; background: #222 } }</style>"
    page.set_content(f"<!DOCTYPE html><html lang=en><title>Planted</title>{style}<main><h1>One</h1><p>Text</p></main>")

    axe(page)
    page.emulate_media(color_scheme="dark")

    with pytest.raises(AssertionError, match="color-contrast"):
        axe(page)
