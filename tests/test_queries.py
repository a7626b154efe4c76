"""How much each public page of the demonstration asks the database, Wagtail's own routing included: see decision 27."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("demo")]

MOST = {
    "/en/contact/": 12,
    "/en/consultations/": 14,
    "/en/news/": 16,
    "/en/news/draft/": 16,
    "/en/events/": 17,
    "/en/plan/partners/": 17,
    "/en/plan/place/group/": 17,
    "/en/plan/": 19,
    "/en/ideas/": 19,
    "/en/events/open-evening/": 20,
    "/en/": 21,
    "/en/consultations/draft-plan/": 21,
    "/en/consultations/town-centres/": 25,
    "/en/plan/place/": 46,
    "/ga/plan/place/": 54,
}


def test_no_page_asks_more_than_was_decided(demo, visitor):
    found = {}
    for address in MOST:
        visitor.get(address)  # what is kept in memory is there
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(address).status_code == 200
        found[address] = len(queries)

    assert {address: number for address, number in found.items() if number > MOST[address]} == {}
