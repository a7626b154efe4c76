"""Who reaches what: every address of the site, as everybody, by reading and by sending.

OURS names each address that this project makes, and those that Wagtail makes for our records; an address that is not
there fails the test: add a line. For the others, which come with Wagtail, there are rules. The letters are those who
are let in:

    V visitor   N somebody with an account and no role   E editor   M moderator
    A officer (analysis)   O officer (personal data)   D administrator   S superuser

`all` is everybody, `users` who has an account, `staff` who has a role. In the place of letters, `-` is nobody, `x` a
method that is not there (405), `0` a page that is not there (404), behind letters for them alone, `!` refuses everybody
who sends nothing of use (403), `>` leads everybody to signing in, and `~` is not tried.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser, Group
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from wagtail.models import Locale, Site
from wagtail_localize.models import Translation, TranslationSource

from consultation import attachments, batches, correspondence, ledger, results
from consultation.answers import Answers
from consultation.correspondence import Received
from consultation.models import Area, Batch, Channel, Consultation, Quote, Theme
from home import stylesheet
from home.models import EventsPage
from tests.coding import make_frame
from tests.factories import make_consultation_page, translate
from tests.home.test_events import make_event
from tests.home.test_pages import add
from tests.ideas import make_idea, make_ideas_page
from tests.plan import make_action, make_indicator, make_partner, make_theme

pytestmark = [pytest.mark.once, pytest.mark.django_db]

ROLES: dict[str, tuple[str, ...] | None] = {
    "V": None,
    "N": (),
    "E": ("Editors",),
    "M": ("Moderators",),
    "A": ("Officers (analysis)",),
    "O": ("Officers (personal data)",),
    "D": ("Administrators",),
    "S": (),
}
LOGIN, ADMIN = "/account/login/", "/admin/"
WORDS = {"all": "VNEMAODS", "staff": "EMAODS", "users": "NEMAODS"}

# Address, who reads it, who sends something there. What is sent is empty, so being let in can mean being corrected.
OURS = """
localize_file                                      x        EMDS
publishing:confirm                                 DS       DS
keeping:reviews                                    EMDS     x
keeping:reviews_results                            EMDS     x
keeping:translations                               EMDS     x
keeping:translations_results                       EMDS     x
keeping:overdue                                    EMDS     x
keeping:overdue_results                            EMDS     x
state_of_the_site                                  DS       x
healthz                                            all      x
readyz                                             all      x
metrics                                            0        0
indicators:csv                                     all      x
stylesheet                                         all      x
site_map                                           all      x
robots                                             all      x
events_calendar                                    all      x
event_calendar                                     all      x
news_feed                                          all      all
search                                             all      x
localize_update                                    EMDS     EMDS
localize_convert                                   DS       DS
trial:start                                        staff    x
trial:section                                      staff    staff
trial:check                                        staff    staff
trial:equality                                     staff    staff
trial:done                                         staff    x
submitting:submit                                  EMDS     EMDS
consultations:index                                AOS      x
consultations:index_results                        AOS      x
consultations:consultation                         AOS      x
consultations:segments                             AOS      AOS
consultations:crosstab                             AOS      x
consultations:crosstab_csv                         AOS0     x
consultations:crosstab_xlsx                        AOS0     x
consultations:tabulate                             x        AOS
consultations:held                                 OS       OS
consultations:responses                            OS       x
consultations:add_letter                           OS       OS
consultations:attachment                           OS       x
consultations:qr                                   AOS0     x
consultations:find                                 OS       x
consultations:response                             OS       OS
consultations:own_copy                             OS       x
consultations:redact                               OS       OS
consultations:propose                              OS       OS
consultations:quotes                               OS       x
consultations:quotes_results                       OS       x
consultations:quote                                OS       OS
consultations:erase                                OS       OS
consultations:batches                              OS       x
consultations:open_batch                           OS       OS
consultations:batch                                OS       x
consultations:undo_batch                           OS       OS
consultations:key_in                               OS       OS
consultations:check_next                           OS       x
consultations:correct_sheet                        OS       OS
consultations:check_sheet                          OS       OS
consultations:settle_sheet                         OS       OS
consultations:kept                                 AODS     x
consultations:coding                               OS       x
consultations:new_frame                            OS       OS
consultations:frame                                OS       OS
consultations:edit_frame                           OS       OS
consultations:code                                 OS       OS
consultations:code_text                            OS       OS
consultations:code_texts                           OS       OS
consultations:agreement                            OS       x
consultations:decide                               OS       OS
consultations:results                              AOS      x
consultations:publish_results                      AOS      AOS
consultations:take_back_results                    AOS      AOS
consultations:trail                                DS       x
consultations:trail_results                        DS       x
consultations:offers                               AOS      x
consultations:download                             AOS      x
consultations:download_xlsx                        AOS      x
consultations:download_ods                         AOS      x
consultations:prepare                              AOS      AOS
consultations:export                               AOS0     x
consultations:export_file                          AOS0     x
consultations:figures                              AOS      x
consultations:figures_xlsx                         AOS      x
consultations:figures_ods                          AOS      x
consultations:package                              OS       x
consultations:import                               OS       OS
consultations:import_table                         OS0      OS0
consultations:import_columns                       OS0      OS0
consultations:import_values                        OS0      OS0
consultations:import_check                         OS0      OS0
consultations:import_errors                        OS0      x
consultations:import_discard                       x        OS0
consultations:ideas                                AOS      x
consultations:downloads                            DS       x
consultations:downloads_results                    DS       x
consultations:themes                               AOS      x
consultations:theme                                AOS      x
ideas:index                                        MS       x
ideas:index_results                                MS       x
ideas:idea                                         MS       MS
ideas:erase                                        S        S
wagtailsnippets_consultation_area:list             EMDS     x
wagtailsnippets_consultation_area:list_results     EMDS     x
wagtailsnippets_consultation_area:add              EMDS     EMDS
wagtailsnippets_consultation_area:edit             EMDS     EMDS
wagtailsnippets_consultation_area:delete           EMDS     EMDS
wagtailsnippets_consultation_area:usage            EMDS     x
wagtailsnippets_consultation_area:history          EMDS     x
wagtailsnippets_consultation_area:history_results  EMDS     x
wagtailsnippets_consultation_area:copy             EMDS     EMDS
account_login                                      all      all
account_logout                                     users    >
account_inactive                                   all      x
account_reauthenticate                             users    users
account_change_password                            users    users
mfa_index                                          users    x
mfa_authenticate                                   -        -
mfa_reauthenticate                                 users    users
mfa_activate_totp                                  users    users
mfa_deactivate_totp                                0        0
mfa_view_recovery_codes                            0        x
mfa_generate_recovery_codes                        users    users
mfa_download_recovery_codes                        0        0
mfa_list_webauthn                                  users    x
mfa_add_webauthn                                   users    users
mfa_reauthenticate_webauthn                        users    users
mfa_remove_webauthn                                users    users
mfa_edit_webauthn                                  users    users
mfa_login_webauthn                                 >        >
socialaccount_login_cancelled                      all      x
socialaccount_login_error                          all      x
openid_connect_login                               0        0
openid_connect_callback                            0        0
account_reset_password                             all      all
account_reset_password_done                        all      x
account_reset_password_from_key                    all      all
account_reset_password_from_key_done               all      x
answering:start                                    all      x
answering:section                                  all      !
answering:later                                    all      all
answering:return                                   all      0
answering:check                                    all      all
answering:equality                                 all      all
answering:done                                     all      all
answering:receipt                                  0        0
answering:correct                                  x        0
answering:keep                                     x        0
answering:withdraw                                 0        0
answering:again                                    x        all
paper:form                                         all      x
results:newest                                     all      x
results:version                                    all      x
results:file                                       all      x
telling:ask                                        all      all
telling:confirm                                    0        0
telling:stop                                       all      all
sharing:idea                                       all      all
sharing:sent                                       all      x
"""

# Of each record of the plan: partners, indicators and actions.
RECORDS = """
list                                               EMDS     x
list_results                                       EMDS     x
add                                                EMDS     EMDS
edit                                               EMDS     EMDS
delete                                             DS       DS
usage                                              EMDS     x
history                                            EMDS     x
history_results                                    EMDS     x
copy                                               EMDS     EMDS
preview_on_add                                     EMDS     EMDS
preview_on_edit                                    EMDS     EMDS
revisions_view                                     EMDS     ~
revisions_revert                                   EMDS     ~
revisions_compare                                  EMDS     x
revisions_unschedule                               DS       DS
unpublish                                          DS       DS
lock                                               x        EMDS
unlock                                             x        S
workflow_action                                    ~        EMDS
collect_workflow_action_data                       EMDS     EMDS
confirm_workflow_cancellation                      staff    ~
workflow_history                                   EMDS     x
workflow_history_detail                            EMDS     x
workflow_preview                                   EMDS     x
"""

# Choosing one to name it: every member of staff may see what they are called.
CHOOSING = """
choose                                             staff    x
choose_results                                     staff    x
"""

# Of Wagtail's own, some that matter most.
WAGTAILS = """
wagtailadmin_home                                  staff    x
wagtailadmin_pages:edit                            EMDS     ~
wagtailadmin_pages:delete                          DS       DS
wagtailadmin_pages:unpublish                       DS       DS
wagtailadmin_pages:set_privacy                     DS       DS
wagtailadmin_pages:history                         EMDS     x
wagtailsettings:edit                               DS       DS
wagtailusers_users:index                           DS       x
wagtailusers_users:add                             DS       DS
wagtailusers_groups:index                          DS       x
wagtailadmin_reports:locked_pages                  MDS      x
"""

# Wagtail's, outside the admin or without anything that a visitor could not see.
OPEN = {
    "wagtailadmin_sprite": "in",  # icons
    "wagtailadmin_javascript_catalog": "in",  # words of buttons
    "wagtailadmin_password_reset": "404",
    "wagtailadmin_password_reset_done": "404",
    "wagtailadmin_password_reset_confirm": "404",
    "wagtailadmin_password_reset_complete": "404",
    "wagtaildocs_serve": "404",
    "wagtaildocs_authenticate_with_password": "404",
    "wagtailcore_authenticate_with_password": "404",
    "wagtail_serve": "404",
}

# Wagtail's, where only those have something to do who give out roles and settings.
RUNNING = (
    "wagtailusers_",
    "wagtailsites:",
    "wagtaillocales:",
    "wagtailredirects:",
    "wagtailadmin_collections:",
    "wagtailadmin_workflows:",
)
# Every member of staff may see what tasks are called, to make a workflow; making one is not for them.
CHOOSERS = ("wagtailadmin_workflows:task_ch",)


@dataclass(frozen=True)
class Address:
    """An address that the site knows, filled in with what was made for the test."""

    name: str
    path: str
    ours: bool


@pytest.fixture
def made(django_user_model):
    """One of each thing that an address can name, by what addresses call it, or by the address."""
    page = make_consultation_page()
    irish = translate(page, "ga", {"The town’s plan": "Plean an bhaile"}, publish=False)
    make_ideas_page()
    area = Area.objects.create(name="Demo North", locale=Locale.get_default())
    published(page.consultation)
    idea = make_idea()
    event = make_event(add(page.get_parent().get_parent().specific, EventsPage(title="Events")), "Event")
    return records(django_user_model) | {
        "page_id": page.pk,
        "publishing.revision_id": page.save_revision().pk,
        "event_calendar": event.translation_key,
        "asked": stylesheet.version(stylesheet.plain()),
        "localize_convert": irish.pk,
        "consultation_id": page.consultation.pk,
        "translation_id": Translation.objects.get().pk,
        "translation_source_id": TranslationSource.objects.get(object_id=page.translation_key).pk,
        "language": "en",
        "reference": idea.reference,
        "secret": "abc",
        "provider_id": "council",
        "key": "abc",
        "consultations": page.consultation.pk,
        "consultations.number": answered(page.consultation),
        "consultations.batch": keyed_in(page.consultation),
        "consultations.sheet": 1,
        "consultations.response": page.consultation.responses.earliest("pk").pk,
        "consultations.frame": (frame := make_frame(page.consultation, 4)).pk,
        "consultations.code": frame.codes.first().pk,
        "consultations.question": 4,
        "consultations.option": 0,
        "consultations.format": "xlsx",
        **attached(page.consultation),
        "consultations:take_back_results.number": 1,
        "results.number": 1,
        "results.name": "figures.csv",
        "consultations:quote": make_quote(page.consultation).pk,
        "consultations:theme": Theme.objects.first().pk,
        "ideas": idea.pk,
        "wagtailsnippets_consultation_area": area.pk,
        "app_name": "home",
        "model_name": "sitelook",
        "wagtailsettings": Site.objects.get().pk,
    }


def answered(consultation: Any) -> int:
    """A response with a text."""
    version, answers = consultation.published, Answers({1: 2, 4: True}, {(4, 0): "More trees"})
    return ledger.submit(consultation, uuid.uuid4(), version, "en", Channel.WEB, answers).pk


def keyed_in(consultation: Any) -> int:
    """A batch with a sheet."""
    known = {"source": Batch.Source.KEYED, "channel": Channel.PAPER, "language": "en", "name": "Library"}
    batch = Batch.objects.create(consultation=consultation, version=consultation.published, **known)
    batches.add(batch, uuid.uuid4(), Answers({1: 2}), AnonymousUser())
    return batch.pk


def attached(consultation: Any) -> dict[str, Any]:
    """A letter with a file."""
    files = (attachments.accept("letter.txt", b"More trees"),)
    received = Received(Channel.LETTER, timezone.localdate(), "en", "More trees", files=files)
    return {"consultations.file": correspondence.record(consultation, received, None).letter.files.get().pk}


def published(consultation: Any) -> None:
    """Results of one response, as if it had closed."""
    answered(consultation)
    closes = consultation.closes_at
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=timezone.now())
    consultation.refresh_from_db()
    results.publish(consultation, None, {"en": "Demo"}, {})
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=closes)
    consultation.refresh_from_db()


def make_quote(consultation: Any) -> Quote:
    """A quote that waits for a second person."""
    return Quote.objects.create(consultation=consultation, question=4, text="More trees", language="en", year=2026)


def records(users: Any) -> dict[str, Any]:
    """One of each record of the plan, changed since it was published and waiting for approval."""
    theme, sender = make_theme(), users.objects.create_user("sender")
    made = {
        "partner": make_partner(),
        "indicator": make_indicator(theme, (2024, 3)),
        "action": make_action(theme),
    }
    found: dict[str, Any] = {"indicators.key": made["indicator"].translation_key}
    for name, record in made.items():
        space = f"wagtailsnippets_home_{name}"
        revision = record.save_revision(user=sender)
        state = record.get_workflow().start(record, sender)
        found |= {
            space: record.pk,
            f"{space}.revision_id": revision.pk,
            f"{space}.revision_id_a": revision.pk,
            f"{space}.revision_id_b": revision.pk,
            f"{space}.action_name": "approve",
            f"{space}.task_state_id": state.current_task_state.pk,
            f"{space}.workflow_state_id": state.pk,
            f"{space}.task_id": state.current_task_state.task.pk,
        }
    return found


def walk(patterns: Any, spaces: tuple[str, ...] = (), route: str = "") -> Iterator[tuple[str, str, Any]]:
    """Name, route and view of every address, with the names of what it is in before its own."""
    for pattern in patterns:
        where = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, (*spaces, pattern.namespace) if pattern.namespace else spaces, where)
        else:
            view = getattr(pattern.callback, "view_class", pattern.callback)
            yield ":".join((*spaces, pattern.name or where)), where, view


def addresses(made: dict[str, Any], rows: dict[str, Any]) -> list[Address]:
    """Every address of the site, each once: of two with the same path, the first is the one that is reached."""
    found: dict[str, Address] = {}
    for name, route, view in walk(get_resolver().url_patterns):
        is_ours = re.match(r"(wagtail|wagtail_localize|django)\b", view.__module__) is None
        is_for_ours = name.startswith(("wagtailsnippets_consultation", "wagtailsnippets_home"))
        path = filled(name, route, made)
        found.setdefault(path, Address(name, path, is_ours or is_for_ours or name in rows))
    return list(found.values())


def filled(name: str, route: str, made: dict[str, Any]) -> str:
    """The path, with what was made in the place of what it leaves open."""
    space = name.rpartition(":")[0]

    def value(match: re.Match[str]) -> str:
        kind, variable = match["kind"], match["variable"]
        if variable == "pk":
            variable = name if name in made else space
        own = made.get(f"{name}.{variable}", made.get(f"{space}.{variable}", made.get(variable)))
        known = made.get(name, own)
        return str({"uuid": uuid.UUID(int=1)}.get(kind, "1") if known is None else known)

    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^)]*\))*\)", r"<\1>", route)
    path = re.sub(r"<(?:(?P<kind>\w+):)?(?P<variable>\w+)>", value, plain)
    return "/" + path.translate({ord(mark): None for mark in "^$\\"})


@pytest.fixture
def clients(django_user_model):
    """A browser of each role."""
    found = {}
    for letter, groups in ROLES.items():
        found[letter] = Client(raise_request_exception=False)
        if groups is not None:
            user = django_user_model.objects.create_user(f"role-{letter}", "", "pass", is_superuser=letter == "S")
            user.groups.set(Group.objects.filter(name__in=groups))
            found[letter].force_login(user)
    return found


def outcome(client: Client, method: str, path: str) -> str:
    """What came of it, as if it had never been: in, sign in, refused, 404, 405 or broken."""
    kept = client.cookies.copy()
    cache.clear()
    with transaction.atomic():
        page = getattr(client, method)(path)
        list(getattr(page, "streaming_content", ()))
        transaction.set_rollback(True)
    client.cookies = kept
    if page.status_code in (301, 302):
        return {LOGIN: "sign in", ADMIN: "refused"}.get(page["Location"].split("?")[0], "in")
    return {403: "refused", 404: "404", 405: "405"}.get(page.status_code, "in" if page.status_code < 500 else "broken")


def table(text: str) -> dict[str, tuple[str, str]]:
    """The lines by name."""
    return {
        name: (WORDS.get(read, read), WORDS.get(sent, sent))
        for name, read, sent in map(str.split, text.strip().splitlines())
    }


def expected(letter: str, said: str, read: str) -> set[str]:
    """What may come of it. Whether the method or the person is refused first is a view's own affair."""
    out = {"sign in"} if letter == "V" else {"sign in", "refused"} if letter == "N" else {"refused"}
    if said == "x":
        return {"405"} if letter in read else {"405"} | out
    if said == "0":
        return {"404"} | ({"sign in"} if letter == "V" else set())
    if said.endswith("0"):
        return {"404"} if letter in said else out
    if said in ("!", ">"):
        return {"refused" if said == "!" else "sign in"}
    return {"in"} if letter in said else out


def faults(found: list[Address], clients: dict[str, Client], rows: dict[str, tuple[str, str]]) -> list[str]:
    """Where the site does not keep what the table says, and addresses that it does not name."""
    wrong = [f"{address.name} is not in the table" for address in found if address.name not in rows]
    for address in found:
        read, sent = rows.get(address.name, ("", ""))
        for method, said in (("get", read), ("post", sent)) if address.name in rows else ():
            for letter, client in clients.items() if said != "~" else ():
                came = outcome(client, method, address.path)
                if came not in expected(letter, said, read):
                    wrong.append(f"{method} {address.name} as {letter}: {came}")
    return wrong


def of_records() -> dict[str, tuple[str, str]]:
    """The lines of the plan's records."""
    names = ("partner", "indicator", "action")
    lines = {f"wagtailsnippets_home_{name}:{view}": row for name in names for view, row in table(RECORDS).items()}
    choosing = {
        f"wagtailsnippetchoosers_home_{name}:{view}": row for name in names for view, row in table(CHOOSING).items()
    }
    return lines | choosing


ROWS = table(OURS) | table(WAGTAILS) | of_records()


def test_every_address_of_ours_lets_in_whom_the_table_says_and_nobody_else(made, clients):
    ours = [address for address in addresses(made, ROWS) if address.ours]

    assert faults(ours, clients, ROWS) == []
    assert set(ROWS) == {address.name for address in ours}


def test_an_address_that_is_not_in_the_table_is_found(made):
    rows = {name: row for name, row in ROWS.items() if name != "consultations:download"}
    ours = [address for address in addresses(made, rows) if address.ours]

    assert faults(ours, {}, rows) == ["consultations:download is not in the table"]


@pytest.mark.parametrize(
    ("hole", "found"),
    [
        ("consultation.views.downloading.require", "get consultations:download as E: in"),
        ("consultation.views.moderating.require", "post ideas:erase as A: in"),
        ("home.submitting.may_submit", "post submitting:submit as O: in"),
    ],
)
def test_a_check_that_is_taken_away_is_found(made, clients, monkeypatch, hole, found):
    monkeypatch.setattr(hole, lambda *given: True)
    name = found.split()[1]
    ours = [address for address in addresses(made, ROWS) if address.name == name]

    assert found in faults(ours, clients, ROWS)


def test_whatever_else_there_is_below_the_admin_sends_those_without_a_role_to_sign_in(made, clients):
    wrong = []
    for address in addresses(made, ROWS):
        if not address.ours and address.name not in OPEN and not address.name.startswith("admin/^"):
            for letter in "VN":
                came = {outcome(clients[letter], method, address.path) for method in ("get", "post")}
                wrong += [f"{address.name} as {letter}: {came}"] if came != {"sign in"} else []

    assert wrong == []


def test_what_is_open_of_wagtails_own_is_as_it_is_said_here(made, clients):
    found = {address.name: address.path for address in addresses(made, ROWS) if address.name in OPEN}

    assert {name: outcome(clients["V"], "get", path) for name, path in found.items()} == OPEN


def test_roles_and_settings_are_given_out_by_administrators_alone(made, clients):
    wrong = []
    for address in addresses(made, ROWS):
        if address.name.startswith(RUNNING) and not address.name.startswith(CHOOSERS):
            for letter in "EMAO":
                for method in ("get", "post"):
                    came = outcome(clients[letter], method, address.path)
                    wrong += [f"{method} {address.name} as {letter}"] if came not in ("refused", "404", "405") else []

    assert wrong == []


# What belongs to somebody


def test_a_draft_and_a_receipt_are_seen_by_the_browser_that_has_them_and_by_no_other(made, clients):
    start = f"/answer/{made['consultation_id']}/en"
    owner = Client()
    owner.post(f"{start}/1/", {"token": re.search(r'name="token" value="([^"]+)"', text(owner, f"{start}/1/"))[1]})
    assert "answering" in owner.cookies

    assert owner.get(f"{start}/later/").status_code == 200
    for letter, client in clients.items():
        shown = client.get(f"{start}/later/")
        assert shown.status_code != 200 or "/return/" not in shown.content.decode(), letter


def text(client, path):
    return client.get(path).content.decode()


def test_a_passkey_is_renamed_and_taken_away_by_its_owner_alone(clients, django_user_model):
    key = Authenticator.objects.create(user=django_user_model.objects.get(username="role-O"), type="webauthn", data={})
    for action in ("edit", "remove"):
        path = f"/account/2fa/webauthn/keys/{key.pk}/{action}/"
        for letter in "EMADS":
            clients[letter].post("/account/reauthenticate/", {"password": "pass"})
            assert clients[letter].post(path, {"name": "Mine"}).status_code == 404, letter

    assert Authenticator.objects.filter(pk=key.pk).exists()
