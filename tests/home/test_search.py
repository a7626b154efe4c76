"""Search: what everybody may read in the reader's language, and nothing that anybody types is a fault."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from home.models import EventsPage, HomePage, NewsIndexPage, NewsPage, StandardPage
from home.search import LONGEST, MOST_WORDS, words
from tests.factories import make_consultation_page, raw_block, translate
from tests.home.test_events import make_event
from tests.home.test_pages import add

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return HomePage.objects.get(locale__language_code="en")


@pytest.fixture
def index(home):
    return add(home, NewsIndexPage(title="News", slug="news"))


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def find(client, query, language="en", **more):
    shown = client.get(f"/{language}/search/", {"q": query, **more})
    assert shown.status_code == 200, query
    return shown


def titles(client, query, language="en", **more):
    return [item.page.title for item in find(client, query, language, **more).context["found"]]


def document_titles(client, query, language="en"):
    return [document.title for document in find(client, query, language).context["documents"]]


def make_document(title="The harbour report", collection=None):
    more = {"collection": collection} if collection else {}
    return Document.objects.create(title=title, file=ContentFile(b"%PDF" + b"x" * 2_000, "report.pdf"), **more)


def with_document(document):
    item = raw_block("item", {"document": document.pk, "title": ""}, "item")
    return [raw_block("documents", [item], "documents")]


def test_pages_are_found_by_title_summary_and_body_and_shown_with_where_they_are(index, visitor):
    body = [{"type": "paragraph", "value": "<p>All about <b>harbours</b>.</p>"}]
    add(index, NewsPage(title="Harbours", summary="By the sea"))
    add(index, NewsPage(title="Second", summary="Two harbours"))
    add(index, NewsPage(title="Third", body=body))
    add(index, NewsPage(title="Other"))

    shown = find(visitor, "HARBOURS")

    assert {item.page.title for item in shown.context["found"]} == {"Harbours", "Second", "Third"}
    text = " ".join(shown.content.decode().split())
    assert "3 pages have “HARBOURS”" in text
    assert "By the sea" in text and '<span>Home</span><span aria-hidden="true">·</span><span>News</span>' in text
    assert 'value="HARBOURS"' in text


def test_consultations_events_and_pages_of_text_are_found(index, home, visitor):
    make_consultation_page(introduction="<p>About lighthouses.</p>")
    make_event(add(home, EventsPage(title="Events")), "Walk", place="Lighthouse yard", access="lighthouses")
    add(home, StandardPage(title="About lighthouses"))

    assert set(titles(visitor, "lighthouses")) == {"The town’s plan", "Walk", "About lighthouses"}


def test_all_words_go_before_some_words_and_some_before_the_beginning_of_one(index, visitor):
    add(index, NewsPage(title="Red boats"))
    add(index, NewsPage(title="Blue boats"))

    assert titles(visitor, "red boats") == ["Red boats"]
    assert set(titles(visitor, "green boats")) == {"Red boats", "Blue boats"}
    assert "No page has all of “green boats”, but 2 come close" in find(visitor, "green boats").content.decode()
    assert titles(visitor, "blu") == ["Blue boats"]


def test_drafts_aliases_and_what_is_not_for_everybody_are_not_found(index, home, visitor, editor_client):
    draft = add(index, NewsPage(title="Canary draft"))
    draft.unpublish()
    add(index, NewsPage(title="Canary shown")).create_alias(update_slug="alias")
    hidden = add(home, StandardPage(title="Canary hidden"))
    below = add(hidden, StandardPage(title="Canary below"))
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)

    assert titles(visitor, "canary") == ["Canary shown"]
    assert titles(editor_client, "canary") == ["Canary shown"]
    assert below.live


def test_only_the_readers_language_is_searched(index, home, at_once, visitor):
    page = add(index, NewsPage(title="Harbour"))
    for original in (home, index, page):
        translate(original, "ga", {"Harbour": "Cuan Harbour"})

    assert titles(visitor, "harbour") == ["Harbour"]
    assert titles(visitor, "harbour", "ga") == ["Cuan Harbour"]
    assert 'href="/ga/search/?q=harbour"' in find(visitor, "harbour").content.decode()


def test_results_are_on_several_pages_that_keep_the_question(index, visitor):
    for number in range(12):
        add(index, NewsPage(title=f"Harbour {number}"))

    first, second = find(visitor, "harbour & more"), find(visitor, "harbour & more", page=2)

    assert (len(first.context["found"]), len(second.context["found"])) == (10, 2)
    assert 'href="?q=harbour+%26+more&amp;page=2"' in first.content.decode()
    assert titles(visitor, "harbour", page="99") == [item.page.title for item in second.context["found"]]


def test_without_a_question_nothing_is_searched_and_without_a_result_there_is_advice(index, visitor):
    for empty in ("", "   ", "!?", "\0"):
        assert find(visitor, empty).context["found"] == []
    assert "Type one or more words." in find(visitor, " ").content.decode()
    shown = find(visitor, "zzz").content.decode()
    assert "Nothing found" in shown and "use fewer or more general ones" in shown


def test_search_engines_leave_the_results_alone_and_readers_get_no_cookie(index, visitor):
    shown = find(visitor, "news")

    assert '<meta name="robots" content="noindex">' in shown.content.decode()
    assert not shown.cookies


def test_every_page_leads_to_the_search_of_its_language(index, home, at_once, visitor):
    for page in (home, index):
        translate(page, "ga", {})

    assert 'href="/en/search/"' in visitor.get(index.url).content.decode()
    assert 'href="/ga/search/"' in visitor.get("/ga/news/").content.decode()


# Documents


def test_a_document_is_found_by_its_title_where_a_page_leads_to_it(index, visitor):
    document = make_document()
    assert document_titles(visitor, "harbour") == []

    page = add(index, NewsPage(title="Item", body=with_document(document)))

    shown = " ".join(find(visitor, "harbour").content.decode().split())
    assert f'href="{document.url}">The harbour report</a> <span class="caption">(PDF, 2.0' in shown
    page.unpublish()
    assert document_titles(visitor, "harbour") == []


def test_a_document_that_text_links_to_is_found(index, visitor):
    document = make_document()
    link = f'<p><a linktype="document" id="{document.pk}">report</a></p>'
    add(index, NewsPage(title="Item", body=[{"type": "paragraph", "value": link}]))

    assert document_titles(visitor, "harbour") == ["The harbour report"]


def test_a_document_that_only_a_page_that_is_not_for_everybody_leads_to_is_not_found(index, visitor):
    page = add(index, NewsPage(title="Item", body=with_document(make_document())))
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    assert document_titles(visitor, "harbour") == []


def test_a_document_of_a_private_collection_or_of_one_below_it_is_not_found(index, visitor):
    private = Collection.get_first_root_node().add_child(name="Private")
    below = private.add_child(name="Below")
    for collection in (private, below):
        document = make_document("The harbour report", collection)
        add(index, NewsPage(title="Item", body=with_document(document)))
    assert len(document_titles(visitor, "harbour")) == 2

    CollectionViewRestriction.objects.create(collection=private, restriction_type=CollectionViewRestriction.LOGIN)

    assert document_titles(visitor, "harbour") == []


def test_a_document_is_found_in_the_language_of_the_page_that_leads_to_it(index, home, at_once, visitor):
    translate(home, "ga", {})
    add(index, NewsPage(title="Item", body=with_document(make_document())))

    assert document_titles(visitor, "harbour", "ga") == []


# Whatever is typed

HOSTILE = [
    '"',
    "'",
    '"harbour',
    'harbour" OR title:"',
    "harbour AND",
    "NOT",
    "NEAR(a b)",
    "harbour*",
    "^harbour",
    "{title} : harbour",
    "harbour:* & !x | (",
    "-- ; DROP TABLE",
    "\\",
    "%_%",
    "_",
    "ª",
    "🎶",
    "a\u0301",
    "\u202e\u200b",
    "<script>alert(1)</script>",
    "x" * 5_000,
    "word " * 2_000,
    "'" * 300,
]


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_questions_are_harmless(index, visitor, query):
    add(index, NewsPage(title="Harbour"))

    shown = find(visitor, query)

    assert "<script>alert" not in shown.content.decode()
    assert len(shown.context["asked"]) <= LONGEST


@given(query=st.text(max_size=60))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_nothing_that_is_typed_is_a_fault(index, visitor, query):
    find(visitor, query)


@pytest.mark.parametrize("page", ["0", "-1", "x", "\0", "9" * 400])
def test_a_page_number_that_is_none_gives_one_that_is(index, visitor, page):
    assert find(visitor, "news", page=page).status_code == 200


def test_a_question_is_cut_to_a_bounded_number_of_words():
    assert len(words(" ".join(f"w{number}" for number in range(500))).split()) <= MOST_WORDS
    assert len(words("x" * 5_000)) == LONGEST
    assert words("The  the, “town’s” plan-to-be!") == "The the town s plan to be"


def test_nothing_can_be_sent_to_the_search(visitor):
    assert visitor.post("/en/search/", {"q": "x"}).status_code == 405


def test_it_asks_the_same_with_one_and_with_fifty_results(index, visitor):
    def queries():
        find(visitor, "harbour")
        with CaptureQueriesContext(connection) as asked:
            find(visitor, "harbour")
        return len(asked)

    document = make_document()
    add(index, NewsPage(title="Harbour", body=with_document(document)))
    before = queries()

    for number in range(50):
        more = with_document(make_document(f"Harbour report {number}"))
        add(index, NewsPage(title=f"Harbour {number}", body=more))

    assert queries() <= before
