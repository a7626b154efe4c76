"""Examples for python.yaml: `ruleid` stands above what a rule must find, `ok` above what it must not."""

# ruleid: chance-that-can-be-guessed
import random

# ruleid: data-run-as-code
import pickle

# ruleid: another-host-called
import requests

# ok: another-host-called
from urllib.parse import urlencode

# ruleid: another-host-called
from urllib.request import urlopen

# ruleid: xml-read
from xml.etree import ElementTree

# ok: xml-read
from xml.sax.saxutils import escape

# ok: chance-that-can-be-guessed
import secrets

# ruleid: pages-cached-by-django
@cache_page(60)
def cached(request):
    pass


# ruleid: form-without-a-token
@csrf_exempt
def unprotected(request):
    pass


# ok: form-without-a-token
@require_POST
def protected(request):
    pass


def safe(answer):
    # ruleid: text-declared-safe
    mark_safe(answer.text)
    # ruleid: text-declared-safe
    SafeString(f"<b>{answer.text}</b>")
    # ok: text-declared-safe
    SafeString("")
    # ok: text-declared-safe
    format_html("<b>{}</b>", answer.text)


def database(cursor, request, name):
    # ruleid: sql-from-pieces
    cursor.execute(f"SELECT 1 FROM {name}")
    # ruleid: sql-from-pieces
    cursor.execute("SELECT 1 WHERE name = '%s'" % name)
    # ruleid: sql-from-pieces
    Page.objects.extra(where=[name])
    # ruleid: sql-from-pieces
    Page.objects.raw("SELECT {}".format(name))
    # ok: sql-from-pieces
    cursor.execute("SELECT 1 WHERE name = %s", [name])
    asked = request.GET["order"]
    # ruleid: sql-from-a-request, sql-from-pieces
    cursor.execute("SELECT 1 ORDER BY " + asked)
    # ok: sql-from-a-request
    cursor.execute("SELECT 1 WHERE name = %s", [asked])


def ledger(consultation, key):
    # ruleid: ledger-changed-elsewhere
    Response.objects.filter(key=key).delete()
    # ruleid: ledger-changed-elsewhere
    consultation.responses.update(state="held")
    # ruleid: ledger-changed-elsewhere
    Response.objects.create(key=key)
    # ok: ledger-changed-elsewhere
    Response.objects.filter(key=key).first()
    # ruleid: everything-deleted
    Theme.objects.all().delete()
    # ok: everything-deleted
    Draft.objects.filter(key=key).delete()


def logs(request, consultation, form):
    # ruleid: request-logged
    log.warning("sent: %s", request.POST)
    # ruleid: request-logged
    logger.info(f"sent {request.body}")
    # ruleid: request-logged
    log.error("wrong: %s", form.cleaned_data["email"])
    # ok: request-logged
    log.exception("a quick sending was not counted in %s", consultation.pk)


def runs(text, command):
    # ruleid: data-run-as-code
    eval(text)
    # ruleid: data-run-as-code
    yaml.load(text)
    # ruleid: data-run-as-code
    subprocess.run(command, shell=True)
    # ok: data-run-as-code
    subprocess.run([command])
    # ok: data-run-as-code
    json.loads(text)


def leads(request, pk):
    # ruleid: led-wherever-a-request-says
    redirect(request.GET["next"])
    back = request.POST.get("next", "/")
    # ruleid: led-wherever-a-request-says
    HttpResponseRedirect(back)
    # ok: led-wherever-a-request-says
    redirect(get_valid_next_url_from_request(request))
    # ok: led-wherever-a-request-says
    redirect("consultations:results", pk)


def files(request, archive, folder):
    # ruleid: file-that-a-request-names
    open(request.GET["name"])
    # ruleid: file-that-a-request-names
    folder / request.POST["name"]
    # ok: file-that-a-request-names
    open(folder)
    # ruleid: archive-unpacked
    archive.extractall(folder)
    # ok: archive-unpacked
    archive.open("metadata.json")


def digests(text):
    # ruleid: broken-digest
    hashlib.md5(text)
    # ok: broken-digest
    hashlib.sha256(text)


class Form(ModelForm):
    class Meta:
        # ruleid: whatever-was-sent-is-stored
        fields = "__all__"


class Named(ModelForm):
    class Meta:
        # ok: whatever-was-sent-is-stored
        fields = ["name"]


def stores(request, row):
    # ruleid: whatever-was-sent-is-stored
    Theme(**request.POST.dict())
    # ok: whatever-was-sent-is-stored
    Theme(name=request.POST["name"])


def cookies(page):
    # ruleid: cookie-that-scripts-read
    page.set_cookie("answering", "1")
    # ok: cookie-that-scripts-read
    page.set_cookie("answering", "1", httponly=True, samesite="Lax")


# ok: pages-cached-by-django
@never_cache
def fresh(request):
    pass


# ruleid: any-host
ALLOWED_HOSTS = ["*"]
# ok: any-host
ALLOWED_HOSTS = ["plan.example.org"]
