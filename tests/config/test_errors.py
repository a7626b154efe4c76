"""The pages that say sorry need nothing that may be what failed. Without its mark no test here reaches a database."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

TYPED = {"sent": True, "fields": [("token", "t"), ("4-text", "\n<b>1</b>")], "written": ["<b>1</b>"]}


@pytest.mark.parametrize("context", [{}, TYPED, {"request_id": "0123456789abcdef"}], ids=["bare", "typed", "numbered"])
@pytest.mark.parametrize("name", ["400.html", "500.html", "files_away.html", "consultation/answering/unavailable.html"])
def test_they_stand_alone_in_the_visitors_language(name, context):
    with translation.override("ga"):
        page = render_to_string(name, context)

    assert '<html lang="ga">' in page and page.count("<h1>") == 1 and "/static/css/site.css" in page
    assert "our fault" not in page and "What was sent" not in page
    assert page.count("&lt;b&gt;1") == (2 if context is TYPED and "unavailable" in name else 0)
