"""Officers decide about what is held: apart from every figure until then, and each decision recorded."""

import io
import re
import uuid
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultation import changes, csv_copy, csv_files, csv_long, decisions, instrument, ledger, overview, pin, summary
from consultation.answers import Answers
from consultation.columns import Form
from consultation.models import Channel, Decision, PinnedResult, Reason, Response
from consultation.package.archive import zipped
from consultation.package.exporting import files
from consultation.recount import recount
from consultation.views import held as view

pytestmark = pytest.mark.django_db

WORDS = "<script>alert(1)</script> שלום"
GIVEN = Answers({1: 3, 2: [1, 2], 3: 41, 5: True}, {(1, 3): "by boat", (5, 0): WORDS})


def submit(consultation, *reasons, given=GIVEN, language="en"):
    asked = given.asked_by(instrument.current(consultation, language))
    return ledger.submit(
        consultation, uuid.uuid4(), consultation.published, language, Channel.WEB, asked, reasons=reasons
    )


@pytest.fixture
def held(consultation):
    return [submit(consultation, Reason.TRAP), submit(consultation, Reason.TRAP, Reason.PACE)]


@pytest.fixture
def address(consultation):
    return f"/admin/consultations/{consultation.pk}/held/"


def states(responses):
    return [Response.objects.get(pk=response.pk).state for response in responses]


def said(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_an_officer_reads_what_is_held_and_why(held, officer_client, address):
    page = officer_client.get(address)

    text = said(page)
    assert all(response.reference in text for response in held)
    assert "Something was written into a field that people do not see." in text
    assert "so were others from the same network on that day." in text
    assert "English · Online form" in text
    assert "How do you mostly travel?" in text
    assert "by boat" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; שלום</bdi>" in page.content.decode()


def test_several_are_decided_at_once_and_the_others_wait(consultation, held, officer_client, address):
    third = submit(consultation, Reason.TRAP)

    done = officer_client.post(address, {"response": [held[0].pk, third.pk], "verdict": "released"}, follow=True)

    assert states([*held, third]) == ["counted", "held", "counted"]
    assert "2 responses were released and are counted now." in said(done)
    assert summary.of_consultation(consultation).received == 2


def test_what_is_rejected_is_listed_apart_and_can_still_be_released(held, officer_client, address):
    officer_client.post(address, {"response": held[0].pk, "verdict": "rejected"})
    assert states(held) == ["rejected", "held"]

    rejected = officer_client.get(f"{address}?state=rejected")
    assert held[0].reference in said(rejected)
    assert held[1].reference not in said(rejected)
    assert "Rejected: officer" in said(rejected)

    officer_client.post(f"{address}?state=rejected", {"response": held[0].pk, "verdict": "released"})
    assert states(held) == ["counted", "held"]


def test_everything_on_the_page_is_decided_with_one_tick_and_nothing_that_came_since(
    consultation, held, officer_client, address
):
    shown = re.findall(r'name="shown" value="(\d+)"', officer_client.get(address).content.decode())
    later = submit(consultation, Reason.TRAP)

    officer_client.post(address, {"shown": shown, "all": "1", "verdict": "rejected"})

    assert states([*held, later]) == ["rejected", "rejected", "held"]


def test_the_page_names_its_consultation_and_can_be_decided_about_at_either_end(
    consultation, held, officer_client, address
):
    shown = officer_client.get(address).text

    assert f"Held responses: {consultation.title}" in shown.partition("</title>")[0]
    assert f">{consultation.title}</p>" in shown
    first, last = shown.partition('class="held"')[::2]
    assert all('value="released"' in part and 'value="rejected"' in part for part in (first, last))


@pytest.mark.parametrize("number", ["9" * 25, "9" * 5_000, "²", "-1", ""])
@pytest.mark.parametrize("field", ["response", "shown"])
def test_a_number_that_no_response_can_have_decides_nothing(held, officer_client, address, field, number):
    form = {field: [number], "all": "1" if field == "shown" else "", "verdict": "released"}

    assert officer_client.post(address, form).status_code == 302
    assert states(held) == ["held", "held"]


def test_each_decision_is_recorded_with_who_and_when_and_outlives_the_user(held, officer, officer_client, address):
    officer_client.post(address, {"response": held[0].pk, "verdict": "rejected"})
    officer_client.post(address, {"response": held[0].pk, "verdict": "released"})

    recorded = [(row.response_id, row.verdict, row.by, row.name) for row in Decision.objects.all()]
    assert recorded == [(held[0].pk, verdict, officer, "officer") for verdict in ("rejected", "released")]
    assert all(row.at for row in Decision.objects.all())
    officer.delete()
    assert [(row.by, row.name) for row in Decision.objects.all()] == [(None, "officer")] * 2


def test_a_decision_that_can_not_be_recorded_is_not_taken(held, officer, monkeypatch):
    def fail(**fields):
        raise RuntimeError

    monkeypatch.setattr(Decision.objects, "create", fail)
    with pytest.raises(RuntimeError):
        decisions.decide(held[0], decisions.Verdict.RELEASED, officer)

    assert states(held) == ["held", "held"]


def test_what_was_decided_or_taken_back_meanwhile_is_said_and_not_recorded(held, officer_client, address):
    changes.withdraw(held[0])

    done = officer_client.post(address, {"response": [held[0].pk, held[1].pk], "verdict": "released"}, follow=True)

    assert states(held) == ["withdrawn", "counted"]
    assert "1 response was released" in said(done)
    assert "1 response had been decided about, or taken back, meanwhile." in said(done)
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [{}, {"verdict": "released"}, {"response": "1"}, {"verdict": "erased", "response": "1"}, {"response": "x\x00²"}],
)
def test_nothing_that_is_not_chosen_is_changed(held, officer_client, address, fields):
    done = officer_client.post(address, fields, follow=True)

    assert "nothing was changed" in said(done)
    assert states(held) == ["held", "held"]


def test_a_response_of_another_consultation_or_one_that_counts_is_not_decided_here(
    consultation, make_consultation, officer_client, address
):
    elsewhere, counted = submit(make_consultation(), Reason.TRAP), submit(consultation)

    officer_client.post(address, {"response": [elsewhere.pk, counted.pk], "verdict": "rejected"})

    assert states([elsewhere, counted]) == ["held", "counted"]


def test_reading_decides_nothing(held, officer_client, address):
    officer_client.get(address, {"response": held[0].pk, "verdict": "released"})

    assert states(held) == ["held", "held"]


def test_a_decision_from_another_site_is_refused(held, officer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)

    refused = client.post(
        f"/admin/consultations/{held[0].consultation_id}/held/", {"response": held[0].pk, "verdict": "released"}
    )

    assert refused.status_code == 403
    assert states(held) == ["held", "held"]


def test_officers_see_how_many_are_held_and_only_those_who_may_decide_get_there(
    consultation, held, officer, officer_client, address
):
    changes.reject(held[0])
    page = officer_client.get(f"/admin/consultations/{consultation.pk}/")
    assert "Held: 1 · Rejected: 1" in said(page)
    assert address in page.content.decode()
    assert "+ 1 held" in said(officer_client.get("/admin/consultations/"))

    officer.groups.clear()
    codenames = ["access_admin", "view_summary"]
    officer.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    page = officer_client.get(f"/admin/consultations/{consultation.pk}/")
    assert "Apart from these" in said(page)
    assert address not in page.content.decode()


def test_a_page_asks_the_same_however_many_are_held(consultation, make_consultation, officer_client, address):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            page = officer_client.get(address)
        assert page.status_code == 200
        return len(asked)

    submit(consultation, Reason.TRAP)
    queries()
    before = queries()
    make_consultation(key=consultation.key, sections=())
    make_consultation(key=consultation.key)
    consultation.refresh_from_db()
    for _ in range(view.PAGE + 3):
        row = submit(consultation, Reason.TRAP, Reason.PACE)
    assert queries() == before <= 24

    page = officer_client.get(f"{address}?p=2")
    assert row.reference in said(page)
    assert len(page.context["rows"]) == 4
    assert "Page 2 of 2" in said(page)


@pytest.mark.parametrize("state", ["held", "rejected"])
def test_what_is_held_or_rejected_is_in_no_figure_file_or_tally(consultation, state):
    def everything():
        consultation.refresh_from_db()
        pin.pin(consultation)
        packed = zipfile.ZipFile(io.BytesIO(b"".join(zipped(files(consultation)))))
        return {
            "recount": recount(consultation),
            "live": summary.live_counts(consultation),
            "list": [row.received for row in overview.consultations()],
            "pinned": list(PinnedResult.objects.values_list("received", "figures")),
            "csv": list(csv_files.lines(consultation, "en", Form.LABELS)),
            "copy": b"".join(csv_copy.responses(consultation, "en", Form.LABELS, bom=False)),
            "long": b"".join(csv_long.responses(consultation, "en", Form.LABELS, bom=False)),
            **{name: re.sub(rb'"(exported|made|created)[^,]*', b"", packed.read(name)) for name in packed.namelist()},
        }

    for _ in range(10):
        submit(consultation, given=Answers({1: 1}))
    before = everything()

    for _ in range(10):
        suspect = submit(consultation, Reason.TRAP)
        if state == "rejected":
            changes.reject(suspect)

    after = everything()
    assert [name for name in before if before[name] != after[name]] == []
