"""The site with holes that the scanners must find: one per kind, and one behind each role's sign-in.

They are addresses of the scan's settings alone. A scan that does not find them was not looking, and is red.
"""

from pathlib import Path

from django.contrib.auth.decorators import user_passes_test
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config.urls import *  # noqa: F403
from config.urls import urlpatterns as of_the_site

SAID: list[str] = []
LINKS = """<!doctype html><html lang="en"><title>Holes</title>
<a href="/holes/xss/?name=you">a</a> <a href="/holes/sql/?id=1">b</a> <a href="/holes/next/?to=/en/">c</a>
<a href="/holes/file/?name=README.md">d</a> <a href="/holes/said/">e</a>
<a href="/holes/header/">f</a>"""


def page(body: str) -> HttpResponse:
    """A page without the policy that would make a script harmless."""
    answer = HttpResponse(f'<!doctype html><html lang="en"><title>Hole</title><body>{body}</body></html>')
    answer._csp_exempt = True
    return answer


def links(request: HttpRequest) -> HttpResponse:
    """Where the holes are."""
    return HttpResponse(LINKS)


def xss(request: HttpRequest) -> HttpResponse:
    """Says back what it is told."""
    return page(f"Hello {request.GET.get('name', '')}")


def sql(request: HttpRequest) -> HttpResponse:
    """Asks the database what it is told to."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"SELECT title FROM wagtailcore_page WHERE id = {request.GET.get('id', '1')}")
            rows = cursor.fetchall()
        except Exception as reason:
            return HttpResponse(f"{type(reason).__module__}.{type(reason).__name__}: {reason}", status=500)
    return page("".join(f"<p>Title: {len(title)}</p>" for (title,) in rows) or "<p>None</p>")


def leads_on(request: HttpRequest) -> HttpResponse:
    """Sends people wherever the address says."""
    return HttpResponseRedirect(request.GET.get("to", "/"))


def file(request: HttpRequest) -> HttpResponse:
    """Reads any file."""
    try:
        return page(f"<pre>{(Path.cwd() / request.GET.get('name', 'README.md')).read_text()}</pre>")
    except (OSError, ValueError):
        return page("None")


@csrf_exempt
def said(request: HttpRequest) -> HttpResponse:
    """Keeps what it is told and says it to everybody; its form has no token."""
    if request.method == "POST":
        SAID.append(request.POST.get("words", ""))
        return page("Thank you.")
    words = "".join(f"<p>{each}</p>" for each in SAID)
    form = '<form method="post" action="/holes/said/"><input name="words" value="me"><button>Say</button></form>'
    return page(form + words)


def header(request: HttpRequest) -> HttpResponse:
    """A cookie that any script may read."""
    answer = page("None")
    answer.set_cookie("plain", "1")
    return answer


def behind(username: str) -> object:
    """A hole that only one person can reach: a scan that lost its sign-in does not find it."""
    return user_passes_test(lambda user: user.get_username() == username, login_url="/account/login/")(xss)


def in_an_answering(request: HttpRequest) -> HttpResponse:
    """A hole for whoever is answering."""
    return xss(request) if "answering" in request.COOKIES else page("None")


PEOPLE = ("editor", "moderator", "analyst", "officer", "manager")

urlpatterns = [
    path("holes/", links),
    path("holes/xss/", xss),
    path("holes/sql/", sql),
    path("holes/next/", leads_on),
    path("holes/file/", file),
    path("holes/said/", said),
    path("holes/header/", header),
    # Wapiti goes by the alphabet, so these come first whatever time there is.
    path("0/for/visitor/", xss),
    path("0/for/citizen/", in_an_answering),
    *(path(f"admin/0/for/{name}/", behind(name)) for name in PEOPLE),
    *of_the_site,
]
