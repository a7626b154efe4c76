"""What officers see and do while they code, without JavaScript."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultation import changes, coding, frames
from consultation.models import AnswerWords, Code, CodedQuestion, CodedText, CodeFrame, Coding, Handling
from tests.coding import codes_of, make_frame, place, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def frame(consultation):
    return make_frame(consultation)


@pytest.fixture
def second(django_user_model, officer):
    """Another officer, and their browser."""
    user = django_user_model.objects.create_user("second")
    user.groups.set(officer.groups.all())
    client = Client()
    client.force_login(user)
    return user, client


def at(frame, step="", query=""):
    return f"/admin/consultations/{frame.consultation_id}/coding/{frame.pk}/{step}{query}"


def said(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def here(page):
    return re.search(r'name="at"\s+value="([^"]+)"', page.content.decode())[1]


def found(response):
    text = CodedText.objects.filter(response=response).first()
    return text and sorted(row.code.name for row in text.codes.all())


def test_texts_come_one_after_the_other_until_nothing_is_left(consultation, frame, officer_client):
    responses = [write(consultation, text) for text in ("More <b>trees</b>", "Crann", "")]
    trees = codes_of(frame)[1]

    page = officer_client.get(at(frame, "text/"))
    assert "More &lt;b&gt;trees" in page.content.decode()
    assert "0 of 2 texts read" in said(page)
    assert "5. What should change there?" in said(page)
    page = officer_client.post(at(frame, "text/"), {"at": here(page), "code": trees.pk, "do": "save"}, follow=True)
    assert here(page) == str(place(responses[1]))
    assert "1 of 2 texts read" in said(page)
    page = officer_client.post(at(frame, "text/"), {"at": here(page), "do": "save"}, follow=True)

    assert "Nothing is left to read here." in said(page)
    assert [found(one) for one in responses] == [["Trees"], [], None]
    assert Handling.objects.filter(act="viewed").count() == 2


def test_a_text_stands_in_its_language(consultation, frame, officer_client):
    write(consultation, "Níos mó crann", language="ga")

    page = officer_client.get(at(frame, "text/"))

    assert re.search(r'<p class="coding-words" lang="ga">\s*<bdi>Níos mó crann</bdi>', page.content.decode())
    assert "Irish ·" in said(page)


def test_a_text_that_was_passed_over_comes_again_at_the_end(consultation, frame, officer_client):
    first, last = write(consultation), write(consultation)

    page = officer_client.get(at(frame, "text/", f"?after={place(first)}"))
    assert here(page) == str(place(last))
    page = officer_client.post(at(frame, "text/"), {"at": here(page)}, follow=True)

    assert here(page) == str(place(first))


def test_a_new_code_is_made_while_reading_and_applied_at_once(consultation, frame, officer_client):
    response = write(consultation)

    officer_client.post(at(frame, "text/"), {"at": str(place(response)), "new": " (Benches; seats "})

    assert found(response) == ["Benches, seats"]


def test_what_was_ticked_is_there_again_and_can_be_taken_back(consultation, frame, officer, officer_client):
    response = write(consultation)
    coding.read(frame, place(response), [codes_of(frame)[1].pk], officer)

    page = officer_client.get(at(frame, "text/", f"?at={place(response)}"))
    ticked = re.findall(r'value="(\d+)"\s+checked', page.content.decode())
    officer_client.post(at(frame, "text/"), {"at": str(place(response)), "do": "unread"})

    assert ticked == [str(codes_of(frame)[1].pk)]
    assert found(response) is None


def test_a_text_that_was_taken_back_meanwhile_is_not_coded(consultation, frame, officer_client):
    response = write(consultation)
    changes.withdraw(response)

    page = officer_client.post(at(frame, "text/"), {"at": str(place(response))}, follow=True)

    assert "taken back meanwhile" in said(page)
    assert officer_client.get(at(frame, "text/", f"?at={place(response)}")).status_code == 404
    assert not Coding.objects.exists()


def test_the_filter_and_the_words_choose_texts(consultation, frame, officer_client):
    for text, language in (("100 % trees", "en"), ("100 trees", "en"), ("a_b", "ga"), ("axb", "ga")):
        write(consultation, text, language)

    def listed(query):
        page = officer_client.get(at(frame, "texts/", query)).content.decode()
        return re.findall(r"<bdi>(.*?)</bdi></span>", page)

    assert listed("?words=100+%25") == ["100 % trees"]
    assert listed("?words=a_b") == ["a_b"]
    assert listed("?words=TREES&written_in=en") == ["100 % trees", "100 trees"]
    assert listed("?since=soon") == []
    assert "Filtered: “a_b” in what was written" in said(officer_client.get(at(frame, "text/", "?words=a_b")))


def test_a_code_is_applied_to_what_is_ticked_in_the_list(consultation, frame, officer_client):
    responses = [write(consultation) for _ in range(3)]
    ticked = {"text": [str(place(one)) for one in responses[:2]], "code": codes_of(frame)[0].pk}

    page = officer_client.post(at(frame, "texts/"), ticked | {"do": "apply"}, follow=True)

    assert "“Buses” was applied to 2 texts." in said(page)
    assert [found(one) for one in responses] == [["Buses"], ["Buses"], None]
    officer_client.post(at(frame, "texts/"), {"text": ticked["text"], "new": "Trams", "do": "apply"})
    officer_client.post(at(frame, "texts/"), ticked | {"do": "away"})
    assert [found(one) for one in responses] == [["Trams"], ["Trams"], None]
    page = officer_client.post(at(frame, "texts/"), {"text": "1.5.0", "do": "apply"}, follow=True)
    assert "Nothing was changed." in said(page)


def test_whoever_reads_a_second_time_does_not_see_what_the_first_one_found(consultation, officer, second):
    frame = make_frame(consultation, second_share=100)
    response = write(consultation, "More buses")
    buses = codes_of(frame)[0]
    coding.read(frame, place(response), [buses.pk], officer)
    user, client = second

    pages = [client.get(at(frame, step, "?queue=second")) for step in ("text/", "texts/")]
    decide = client.get(at(frame, f"decide/{response.pk}/5/0/"))

    assert "checked" not in pages[0].content.decode().split("coding-boxes")[1].split("</fieldset>")[0]
    assert "Somebody else has read it" in said(pages[0])
    assert "officer" not in said(pages[0]).split("What it says")[0].split("Somebody else")[1]
    assert 'class="coding-code"' not in pages[1].content.decode()
    assert decide.status_code == 302
    client.post(at(frame, "text/", "?queue=second"), {"at": str(place(response))})
    assert "officer, second" in said(client.get(at(frame, f"decide/{response.pk}/5/0/")))
    assert found(response) == []


def test_the_first_reader_has_nothing_to_read_a_second_time(consultation, officer, officer_client, second):
    frame = make_frame(consultation, second_share=100)
    coding.read(frame, place(write(consultation)), [], officer)

    assert "Nothing is left" in said(officer_client.get(at(frame, "text/", "?queue=second")))
    assert 'name="at"' in second[1].get(at(frame, "text/", "?queue=second")).content.decode()


def test_a_quarrel_is_shown_decided_and_taken_back(consultation, frame, officer, officer_client, second):
    responses = [write(consultation), write(consultation)]
    buses, trees, _litter = codes_of(frame)
    for response in responses:
        coding.read(frame, place(response), [buses.pk, trees.pk], officer)
        coding.read(frame, place(response), [buses.pk], second[0])

    page = said(officer_client.get(at(frame, "agreement/")))
    assert "Coders differ on 2 texts." in page
    assert "Kappa of all codes together: 0.00 ." in page
    assert "not defined" in page
    step = f"decide/{responses[0].pk}/5/0/"
    goes_to = officer_client.post(at(frame, step), {"code": trees.pk, "do": "decide"})
    assert goes_to["Location"] == at(frame, f"decide/{responses[1].pk}/5/0/")
    assert found(responses[0]) == ["Trees"]
    assert "What counts was decided." in said(officer_client.get(at(frame, "text/", f"?at={place(responses[0])}")))
    officer_client.post(at(frame, step), {"do": "undecide"})
    assert found(responses[0]) == ["Buses"]


def test_a_frame_is_made_of_questions_in_words_and_each_has_one(consultation, officer_client):
    root = f"/admin/consultations/{consultation.pk}/coding/"
    offered = said(officer_client.get(f"{root}new/"))
    assert "Which park is nearest to you?" in offered
    assert "1. How do you mostly travel?" in offered  # it has “Another way”, in words
    assert "How old are you?" not in offered
    assert "Letters, e-mails and petitions" in offered

    given = {"name": "Change", "questions": ["5", "0"], "second_share": "20", "description": "Codes"}
    officer_client.post(f"{root}new/", given)
    again = officer_client.post(f"{root}new/", given)
    too_much = officer_client.post(f"{root}new/", {"name": "Two", "questions": ["4"], "second_share": "101"})

    frame = CodeFrame.objects.get()
    assert (frame.name, frame.second_share) == ("Change", 20)
    assert [row.question for row in frame.questions.all()] == [0, 5]
    assert "Another frame has this name." in said(again)
    assert "Write a number from 0 to 100." in said(too_much)


def test_a_question_of_which_something_was_read_stays_with_its_frame(consultation, frame, officer, officer_client):
    CodedQuestion.objects.create(consultation=consultation, frame=frame, question=4)
    coding.read(frame, place(write(consultation)), [], officer)

    officer_client.post(at(frame, "edit/"), {"name": "Change", "questions": ["0"], "second_share": "0"})

    assert [row.question for row in frame.questions.all()] == [0, 5]


def test_a_code_is_changed_retired_offered_again_merged_and_deleted(consultation, frame, officer, officer_client):
    buses, trees, litter = codes_of(frame)
    response = write(consultation)
    coding.read(frame, place(response), [buses.pk], officer)

    def send(code, **given):
        return officer_client.post(at(frame, f"codes/{code.pk}/"), given, follow=True)

    send(buses, name="Trams; buses", shortcut="1")
    assert Code.objects.get(pk=buses.pk).name == "Buses"
    assert "Another code has this key." in said(send(buses, name="Buses and trams", shortcut="2"))
    assert "Another code has this name." in said(send(buses, name="TREES", shortcut="1"))
    send(buses, name="Buses and trams", shortcut="b", parent=trees.pk, description="Any")
    assert found(response) == ["Buses and trams"]
    assert Code.objects.get(pk=buses.pk).parent == trees
    assert "no longer offered" in said(send(litter, do="retire"))
    shown = officer_client.get(at(frame, "text/", f"?at={place(response)}")).content.decode()
    assert f'name="code" value="{litter.pk}"' not in " ".join(shown.split())
    assert f'name="code" value="{buses.pk}"' in " ".join(shown.split())
    send(litter, do="restore")
    assert "was deleted" in said(send(litter, do="delete"))
    assert "is in use" in said(send(buses, do="delete"))
    assert "Nothing was changed" in said(send(buses, do="merge"))
    send(buses, do="merge", into=trees.pk)
    assert found(response) == ["Trees"]


def test_figures_of_codes_stand_under_their_question_and_theme(consultation, frame, officer, officer_client):
    responses = [write(consultation) for _ in range(2)]
    coding.read(frame, place(responses[0]), [codes_of(frame)[1].pk], officer)
    root = f"/admin/consultations/{consultation.pk}/"
    theme = consultation.questions.get(number=5).theme

    for page in (officer_client.get(root), officer_client.get(f"/admin/consultations/themes/{theme.pk}/")):
        assert "Coded: 1 of 2 people who wrote something." in said(page)
        assert f'href="{root}responses/?code=5.{codes_of(frame)[1].pk}"' in page.content.decode()
    listed = said(officer_client.get(f"{root}responses/?code=5.{codes_of(frame)[1].pk}"))
    assert "Filtered: Code “Trees” on question 5" in listed
    assert "1 response, of 2 that are counted." in listed


def test_codes_of_a_theme_that_no_question_belongs_to_are_on_its_page(consultation, officer, officer_client):
    other = make_frame(consultation)
    theme = type(consultation.questions.get(number=5).theme).objects.create(
        key="33333333-3333-4333-8333-333333333333", number=3, name="Arts"
    )
    Code.objects.filter(name="Litter").update(theme=theme)
    coding.read(other, place(write(consultation)), [codes_of(other)[2].pk], officer)

    page = said(officer_client.get(f"/admin/consultations/themes/{theme.pk}/"))

    assert "5. What should change there?" in page
    assert "Litter" in page
    assert "Trees" not in page


def test_who_may_not_read_does_not_code(consultation, frame, officer, officer_client):
    officer.groups.clear()
    for rights in (["access_admin", "view_summary", "code_responses"], ["access_admin", "read_responses"]):
        officer.user_permissions.set(Permission.objects.filter(codename__in=rights))
        assert officer_client.get(at(frame, "text/")).status_code == 302, rights
    assert "Code what people wrote" not in said(
        officer_client.get(f"/admin/consultations/{consultation.pk}/responses/")
    )


def test_pages_ask_as_much_whatever_they_show(consultation, frame, officer, officer_client):
    def queries(step):
        with CaptureQueriesContext(connection) as asked:
            assert officer_client.get(step).status_code == 200
        return len(asked)

    def fill(n):
        for _ in range(n):
            code = frames.new_code(frame, f"Code {Code.objects.count()}")
            coding.read(frame, place(write(consultation)), [code.pk], officer)
            write(consultation)

    steps = [at(frame, step) for step in ("text/", "texts/", "agreement/", "")]
    steps.append(f"/admin/consultations/{consultation.pk}/coding/")
    fill(1)
    [queries(step) for step in steps]
    before = [queries(step) for step in steps]
    fill(6)

    assert [queries(step) for step in steps] == before


def test_letters_can_be_coded(consultation, officer, officer_client):
    frame = make_frame(consultation, 0)
    response = write(consultation, "")
    AnswerWords.objects.create(response=response, question=0, option=0, text="Dear council")

    page = officer_client.get(at(frame, "text/"))
    officer_client.post(at(frame, "text/"), {"at": here(page), "code": codes_of(frame)[0].pk})

    assert "Letters, e-mails and petitions" in said(page)
    assert found(response) == ["Buses"]
    assert "Letters, e-mails and petitions" in said(officer_client.get(f"/admin/consultations/{consultation.pk}/"))


def test_the_copy_for_the_person_has_what_counts_and_no_coder(consultation, frame, officer, officer_client):
    response = write(consultation)
    coding.read(frame, place(response), [codes_of(frame)[1].pk], officer)

    copy = officer_client.get(f"/admin/consultations/{consultation.pk}/responses/{response.pk}/copy.json")

    assert copy.json()["codes"] == [{"question": 5, "option": 0, "codes": ["Trees"]}]
    assert "officer" not in copy.content.decode()
