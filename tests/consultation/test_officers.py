"""The officers' area: exact figures and downloads, for those who have the right and nobody else."""

import csv
import io
import re
import uuid
from itertools import product

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.db import transaction
from django.urls import reverse
from wagtail.models import Page

from consultation import attachments, batches, exports, instrument, ledger, officers_urls, open_data
from consultation.answers import Answers
from consultation.columns import unguard
from consultation.models import AnswerWords, Batch, Channel, Export, Letter, LetterFile, Quote, Theme
from consultation.views import paper
from tests.coding import make_frame

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(consultation):
    asked = instrument.current(consultation, "en")
    given = [
        Answers({1: 3, 2: [1, 2], 3: 41, 5: True}, {(1, 3): "=HYPERLINK(1)", (5, 0): "(skipped)"}),
        Answers({1: 1, 2: None, 3: None, 5: None}),
    ]
    for answers in given:
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, answers.asked_by(asked))
    return consultation


def addresses(consultation):
    theme = Theme.objects.get(name="Getting about")
    root = "/admin/consultations/"
    return [root, f"{root}{consultation.pk}/", f"{root}{consultation.pk}/responses.csv", f"{root}themes/{theme.pk}/"]


def address(pattern, consultation):
    theme, officer = Theme.objects.get(name="Getting about"), get_user_model().objects.get(username="officer")
    made = {"by": officer, "consultation": consultation, "state": Export.State.DONE, "total": 0}
    asked = {"holds": "responses", "level": "analysis", "format": "xlsx", "form": "keys", "language": "en"}
    Export.objects.get_or_create(pk=consultation.pk, defaults=made | asked)
    words = AnswerWords.objects.filter(response__consultation=consultation).first()
    letter, _created = Letter.objects.get_or_create(response=words.response)
    file, _created = LetterFile.objects.get_or_create(letter=letter, file="kept", name="a.txt", size=1)
    given = {
        "pk": theme.pk if "themes" in str(pattern.pattern) else consultation.pk,
        "format": "svg" if pattern.name == "qr" else "xlsx",
        "language": "en",
        "file": file.pk,
        "number": words.response_id,
        "question": words.question,
        "option": words.option,
        "batch": keyed_in(consultation, officer).pk,
        "sheet": 1,
        "response": words.response_id,
    }
    if "quotes" in str(pattern.pattern):
        given["pk"] = quote(consultation).pk
    if "coding" in str(pattern.pattern):
        coded = AnswerWords.objects.filter(response__consultation=consultation, question=5).get()
        frame = consultation.frames.first() or make_frame(consultation)
        given |= {"frame": frame.pk, "code": frame.codes.first().pk}
        given |= {"response": coded.response_id, "question": 5, "option": 0}
    place = reverse(f"consultations:{pattern.name}", kwargs={k: given[k] for k in pattern.pattern.converters})
    return f"{place}?question=2&across=1" if "crosstab" in pattern.name else place


def quote(consultation):
    """A quote that waits for a second person."""
    known = {"question": 5, "text": "More trees", "language": "en", "year": 2026}
    return Quote.objects.get_or_create(consultation=consultation, **known)[0]


def keyed_in(consultation, officer):
    """A batch with a sheet of the officer's own."""
    known = {"source": Batch.Source.KEYED, "channel": Channel.PAPER, "language": "en", "name": "Library"}
    batch, is_new = Batch.objects.get_or_create(consultation=consultation, version=consultation.published, **known)
    if is_new:
        batches.add(batch, uuid.uuid4(), Answers({1: 1}), officer)
    return batch


# Who may open what, and what can be done there beside reading. An address that is not named here is a fault.
SUMMARIES, DECISIONS, REPORT = "view_summary", "decide_on_held", "view_downloads"
OPEN, DOWNLOADS, FULL = "download_open", "download_responses", "download_full"
READING, REDACTING, ERASING, TRAIL = "read_responses", "redact_responses", "erase_responses", "view_audit"
BRINGING, CODING, QUOTING, PUBLISHING = "bring_in_responses", "code_responses", "publish_quotes", "publish_results"
CODED = ("coding", "new_frame", "frame", "edit_frame", "code", "code_text", "code_texts", "agreement", "decide")
QUOTED = ("quotes", "quotes_results", "quote", "propose")
UPLOADED = ("import_table", "import_columns", "import_values", "import_check", "import_errors", "import_discard")
LEVELS = {OPEN, DOWNLOADS, FULL}
OPEN_TO = {
    "index": {SUMMARIES, READING, BRINGING, *LEVELS},
    "index_results": {SUMMARIES, READING, BRINGING, *LEVELS},
    "offers": LEVELS,
    "consultation": {SUMMARIES},
    "segments": {SUMMARIES},
    "crosstab": {SUMMARIES},
    "crosstab_csv": {DOWNLOADS, FULL},
    "crosstab_xlsx": {DOWNLOADS, FULL},
    "tabulate": {SUMMARIES},
    "held": {DECISIONS},
    "download": {DOWNLOADS},
    "download_xlsx": {DOWNLOADS},
    "download_ods": {DOWNLOADS},
    "prepare": {DOWNLOADS},
    "export": {DOWNLOADS},
    "export_file": {DOWNLOADS},
    "figures": {OPEN},
    "figures_xlsx": {OPEN},
    "figures_ods": {OPEN},
    "package": {FULL},
    "ideas": {DOWNLOADS, FULL},
    "downloads": {REPORT},
    "downloads_results": {REPORT},
    "themes": {SUMMARIES},
    "theme": {SUMMARIES},
    "responses": {READING},
    "find": {READING},
    "response": {READING},
    "own_copy": {READING},
    "redact": {REDACTING},
    "erase": {ERASING},
    "add_letter": {BRINGING},
    "attachment": {READING},
    "qr": {SUMMARIES},
    "trail": {TRAIL},
    "trail_results": {TRAIL},
    "batches": {BRINGING},
    "open_batch": {BRINGING},
    "batch": {BRINGING},
    "undo_batch": {BRINGING},
    "key_in": {BRINGING},
    "check_next": {BRINGING},
    "correct_sheet": {BRINGING},
    "check_sheet": {BRINGING},
    "settle_sheet": {BRINGING},
    "import": {BRINGING},
    **dict.fromkeys(UPLOADED, set()),  # here is no upload, and each is its officer's alone
    **dict.fromkeys(CODED, {CODING}),
    **dict.fromkeys(QUOTED, {QUOTING}),
    "results": {PUBLISHING},
    "publish_results": {PUBLISHING},
    "take_back_results": set(),  # here is none
    "kept": {SUMMARIES, TRAIL},
}
ALSO = {  # needed beside
    "redact": {READING},
    "erase": {READING},
    "crosstab_csv": {SUMMARIES},
    "crosstab_xlsx": {SUMMARIES},
    **dict.fromkeys((*CODED, *QUOTED), {READING}),
    **dict.fromkeys(("results", "publish_results"), {SUMMARIES}),
}
KEYING = {"open_batch", "undo_batch", "key_in", "correct_sheet", "check_sheet", "settle_sheet"}
CHANGING = {"add_letter", "segments", "held", "response", "redact", "erase", "prepare", "import", "publish_results"}
CHANGING |= {*KEYING, *CODED, "quote", "propose"} - {"coding", "agreement"}
SENT_TO = {"tabulate"}  # nothing is there to be read
METHODS = ["get", "head", "post", "put", "patch", "delete"]


def rows(download):
    return list(csv.reader(io.StringIO(b"".join(download.streaming_content).decode())))


def test_an_officer_sees_exact_figures_and_downloads(answered, officer_client):
    index, summary, download, theme = [officer_client.get(address) for address in addresses(answered)]

    assert "The town’s plan" in index.content.decode()
    assert "2 answered of 2 asked; 0 skipped" in " ".join(summary.content.decode().split())
    assert "How do you mostly travel?" in theme.content.decode()
    assert len(rows(download)) == 3


def groups(page):
    """What there is to do on a consultation's page: the names of the links by their heading."""
    found = re.findall(r'<section class="officers-panel" aria-labelledby="[\w-]+">(.*?)</section>', page, re.DOTALL)
    ways = {re.search(r"<h2[^>]*>(.*?)</h2>", part)[1]: re.findall(r"<a [^>]*>([^<]*)", part) for part in found}
    return {name: [" ".join(way.split()) for way in names] for name, names in ways.items()}


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        (set(), {}),
        ({OPEN}, {"Download": ["Responses and figures as files"]}),
        ({READING}, {"Read and code": ["Read the responses"]}),
        ({READING, CODING}, {"Read and code": ["Read the responses", "Code what people wrote"]}),
        ({CODING, QUOTING}, {}),
        ({READING, QUOTING}, {"Read and code": ["Read the responses"], "Publish": ["Quotes"]}),
        (
            {BRINGING, PUBLISHING},
            {
                "Bring in": [
                    *("Key in paper, telephone and events", "Import a spreadsheet", "Add a letter, e-mail or petition"),
                ],
                "Publish": ["Published results"],
            },
        ),
    ],
)
def test_a_consultations_page_leads_on_to_what_ones_rights_open(answered, officer, officer_client, rights, expected):
    officer.groups.clear()
    rights = {"access_admin", SUMMARIES, *rights}
    officer.user_permissions.set(Permission.objects.filter(codename__in=rights))

    page = officer_client.get(f"/admin/consultations/{answered.pk}/").content.decode()

    assert groups(page) == expected


def test_from_filtered_figures_the_files_of_the_same_responses_are_at_hand(answered, officer_client):
    root, query = f"/admin/consultations/{answered.pk}/", "channel=web&amp;answer=1.3"

    page = officer_client.get(f"{root}?channel=web&answer=1.3").content.decode()
    assert f'href="{root}downloads/?{query}"' in page
    files = officer_client.get(f"{root}downloads/?channel=web&answer=1.3").content.decode()

    assert '<input type="hidden" name="answer" value="1.3">' in files
    assert "Filtered: <strong>Online; answered “Another way” to question 1</strong>" in " ".join(files.split())


def opened(page):
    """Whether a page was given; who lacks a right is sent to the admin's home or to signing in, or refused."""
    elsewhere = page.status_code == 302 and page["Location"].split("?")[0] in ("/admin/", "/account/login/")
    return not elsewhere and page.status_code in (200, 302)


RIGHTS = [
    set(),
    {SUMMARIES},
    {OPEN},
    {DOWNLOADS},
    {FULL},
    {DECISIONS},
    {REPORT},
    {SUMMARIES, DECISIONS, *LEVELS},
    {READING},
    {REDACTING},
    {ERASING},
    {TRAIL},
    {BRINGING},
    {CODING},
    {QUOTING},
    {PUBLISHING},
    {READING, REDACTING},
    {READING, CODING, QUOTING},
    {SUMMARIES, PUBLISHING},
    {SUMMARIES, DECISIONS, READING, REDACTING, ERASING, TRAIL, BRINGING, CODING, QUOTING, PUBLISHING, *LEVELS},
]


@pytest.mark.parametrize("rights", RIGHTS)
def test_every_address_is_open_to_its_own_right_and_method_alone(
    answered, officer, officer_client, rights, monkeypatch
):
    monkeypatch.setattr(open_data, "published", lambda consultation, language: None)  # shown to the public
    monkeypatch.setattr(paper, "live_page", lambda consultation, language: Page.objects.filter(depth=2).first())
    kept = InMemoryStorage()
    kept.save("kept", ContentFile(b"x"))
    monkeypatch.setattr(attachments, "storage", lambda: kept)
    monkeypatch.setattr(exports, "storage", lambda: InMemoryStorage())
    monkeypatch.setattr(InMemoryStorage, "exists", lambda storage, name: True)
    officer.groups.clear()
    officer.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *rights]))

    places = {pattern: address(pattern, answered) for pattern in officers_urls.urlpatterns}
    for pattern, method in product(places, METHODS):
        allowed = bool(rights & OPEN_TO[pattern.name]) and ALSO.get(pattern.name, set()) <= rights
        reads = method in ("get", "head") and pattern.name not in SENT_TO
        fits = reads or (method == "post" and pattern.name in CHANGING | SENT_TO)
        with transaction.atomic():
            page = getattr(officer_client, method)(places[pattern])
            transaction.set_rollback(True)  # what was erased is there for the next
        assert opened(page) == (allowed and fits), (pattern.name, method, page.status_code)


def test_editors_and_visitors_get_in_nowhere(answered, officer, editor_client, visitor):
    places = {pattern: address(pattern, answered) for pattern in officers_urls.urlpatterns}
    for pattern, method, client in product(places, METHODS, [editor_client, visitor]):
        assert not opened(getattr(client, method)(places[pattern])), (pattern.name, method)


def test_editors_do_not_see_the_way_in(answered, editor_client):
    assert "/admin/consultations/" not in editor_client.get("/admin/").content.decode()


def test_who_may_not_download_sees_no_download(answered, officer, officer_client):
    officer.groups.clear()
    officer.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", SUMMARIES]))

    shown = [officer_client.get(place).content.decode() for place in addresses(answered)[:2]]

    assert not any("responses.csv" in page or "/downloads/" in page for page in shown)


def test_the_file_has_words_keys_and_the_three_kinds_of_missing(answered, officer_client):
    address = f"/admin/consultations/{answered.pk}/responses.csv"
    header, first, second = rows(officer_client.get(address))
    keys, _first, second_by_key = rows(officer_client.get(f"{address}?form=keys"))

    cells = dict(zip(header, first, strict=True))
    assert cells["1. How do you mostly travel?"] == "Another way"
    assert cells["2. What would help? – Wider paths"] == "Yes"
    assert cells["2. What would help? – More buses"] == "Yes"
    assert cells["2. What would help? – Nothing"] == "No"
    assert cells["1. How do you mostly travel? – Another way (in words)"] == "'=HYPERLINK(1)"
    assert cells["5. What should change there?"] == "'(skipped)"
    assert unguard(cells["5. What should change there?"]) == "(skipped)"
    assert dict(zip(header, second, strict=True))["3. How old are you?"] == "(skipped)"
    assert keys[5:9] == ["q1", "q1.3.text", "q2.1", "q2.2"]
    assert second_by_key[5] == "1"


def test_a_question_that_was_never_shown_is_an_empty_cell(answered, make_consultation, officer_client):
    from dataclasses import replace

    from tests.factories import make_source

    source = make_source(key=answered.key)
    first = source.sections[0]
    added = replace(first.items[2], id="height", label="How tall are you?")
    make_consultation(key=answered.key, sections=(replace(first, items=(*first.items, added)), source.sections[1]))

    header, first_row, _second = rows(officer_client.get(f"/admin/consultations/{answered.pk}/responses.csv"))

    assert dict(zip(header, first_row, strict=True))["6. How tall are you?"] == ""


def test_a_dropped_question_keeps_its_answers_in_the_download(answered, make_consultation, officer_client):
    from tests.factories import make_source

    source = make_source(key=answered.key)
    make_consultation(key=answered.key, sections=source.sections[:1])

    header, first, _second = rows(officer_client.get(f"/admin/consultations/{answered.pk}/responses.csv"))

    assert dict(zip(header, first, strict=True))["5. What should change there?"] == "'(skipped)"


def test_the_byte_order_mark_is_a_choice(answered, officer_client):
    address = f"/admin/consultations/{answered.pk}/responses.csv"

    assert b"".join(officer_client.get(f"{address}?bom").streaming_content).startswith(b"\xef\xbb\xbf")
    assert not b"".join(officer_client.get(address).streaming_content).startswith(b"\xef\xbb\xbf")


def test_the_empty_state_says_what_to_expect(officer_client):
    assert "No consultation has been published yet" in officer_client.get("/admin/consultations/").content.decode()
