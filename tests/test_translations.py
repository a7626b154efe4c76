"""What citizens read is translated, and what is compiled is what was translated. None of this needs gettext."""

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.template import Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation
from wagtail.models import Locale, Page

from consultation.models import Idea, State
from home.models import PlanPage
from tests.conftest import ROOT

LOCALES = ROOT / "site" / "locale"
TEMPLATES = ["*.html", "home/**/*.html", "consultation/answering/**/*.html"]
KINDS = sorted((ROOT / "consultation" / "kinds").glob("*.py"))
MODULES = [
    "consultation/answers.py",
    "consultation/audience.py",
    "consultation/equality.py",
    "consultation/forms.py",
    "consultation/letters.py",
    "consultation/records.py",
    "consultation/views/answering/mailing.py",
    "consultation/views/answering/refusals.py",
    "home/sharing.py",
    *(str(path.relative_to(ROOT)) for path in KINDS),
]
LABELS = [State, Idea.Status, PlanPage.Stage]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
AGAIN = "run manage.py makemessages (see compile_translations), translate, then manage.py compile_translations"


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(LOCALES / language / "LC_MESSAGES" / "django.po"))


def templates() -> list[Path]:
    return [path for pattern in TEMPLATES for path in sorted((ROOT / "templates").glob(pattern))]


def in_template(text: str) -> Iterator[str]:
    nodes = Template(text).nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        yield node.filter_expression.var.literal.replace("%", "%%")
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        yield node.render_token_list(node.singular)[0]


def in_module(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "gettext", "ngettext"):
            yield ast.literal_eval(node.args[0])


def for_citizens() -> set[str]:
    """Every text of ours that a citizen can meet, in English."""
    found = {text for path in templates() for text in in_template(path.read_text())}
    found |= {text for name in MODULES for text in in_module((ROOT / name).read_text())}
    with translation.override("en"):
        return found | {str(label) for choices in LABELS for label in choices.labels}


def collected_for_citizens(known: polib.POFile) -> set[str]:
    """The same as gettext collected it, by the files that each text was found in."""
    sources = {str(path.relative_to(ROOT)) for path in templates()} | set(MODULES)
    return {entry.msgid for entry in known if sources & {name for name, _line in entry.occurrences}}


def forms(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def faults(known: polib.POFile, texts: set[str]) -> list[str]:
    """What of these texts is not translated, or lost a placeholder."""
    entries = {entry.msgid: entry for entry in known if not entry.obsolete}
    found = [f"not collected: {text}" for text in sorted(texts - entries.keys())]
    for text in sorted(texts & entries.keys()):
        entry = entries[text]
        if entry.fuzzy:
            found.append(f"fuzzy: {text}")
        if not all(forms(entry)):
            found.append(f"empty: {text}")
        elif any(placeholders(form) not in map(placeholders, (text, entry.msgid_plural)) for form in forms(entry)):
            found.append(f"placeholders: {text}")
    return found


def messages(known: "polib.POFile | polib.MOFile") -> dict[str, list[str]]:
    """What a program gets to read."""
    return {entry.msgid: forms(entry) for entry in known.translated_entries()}


@pytest.mark.parametrize("language", ["ga", "pl"])
def test_everything_that_citizens_read_is_translated(language):
    known = catalogue(language)
    texts = for_citizens() | collected_for_citizens(known)

    assert len(texts) > 100
    assert faults(known, texts) == [], AGAIN


def for_staff() -> set[str]:
    """Every text of ours in a template or a module, as far as it is written out."""
    modules = [path for name in ("consultation", "home", "site/config") for path in (ROOT / name).rglob("*.py")]
    written = [path for path in modules if not {"migrations", "management", "demo"} & set(path.parts)]
    found = {text for path in (ROOT / "templates").rglob("*.html") for text in in_template(path.read_text())}
    return found | {text for path in written for text in in_module(path.read_text())}


@pytest.mark.parametrize("language", ["ga", "pl"])
def test_everything_that_staff_read_is_translated(language):
    texts = for_staff()

    assert len(texts) > 1000
    assert faults(catalogue(language), texts) == [], AGAIN
    assert catalogue(language).untranslated_entries() == []


def test_texts_are_found_in_templates_and_modules():
    block = "{% blocktranslate %}Two {{ b }}{% endblocktranslate %}"
    template = "{% load i18n %}{% if a %}{% translate 'One' %}{% else %}" + block + "{% endif %}"
    module = "def f(n): raise Refused(_('Three')) if n else ngettext('%(n)d four', '%(n)d fours', n)"

    assert list(in_template(template)) == ["One", "Two %(b)s"]
    assert set(in_module(module)) == {"Three", "%(n)d four"}


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("empty", {"msgstr": ""}),
        ("fuzzy", {"flags": ["fuzzy"]}),
        ("placeholders", {"msgstr": "Cuid as %(total)s"}),
        ("not collected", {"obsolete": True}),
    ],
)
def test_a_planted_fault_is_found(fault, change):
    known = catalogue("ga")
    text = "Section %(number)s of %(total)s"
    for name, value in change.items():
        setattr(known.find(text), name, value)

    assert faults(known, for_citizens()) == [f"{fault}: {text}"]


def test_an_empty_plural_form_is_found():
    known = catalogue("pl")
    known.find("%(questions)s question").msgstr_plural[2] = ""

    assert faults(known, for_citizens()) == ["empty: %(questions)s question"]


@pytest.mark.parametrize("language", ["ga", "pl", "sco_Ulster", "tet"])
def test_the_compiled_file_is_that_of_the_translations(language):
    compiled = polib.mofile(str(LOCALES / language / "LC_MESSAGES" / "django.mo"))

    assert messages(compiled) == messages(catalogue(language)), "run manage.py compile_translations"
    assert compiled.metadata["Plural-Forms"] == catalogue(language).metadata["Plural-Forms"]


def test_the_command_compiles_what_was_translated(settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path]
    folder = tmp_path / "pl" / "LC_MESSAGES"
    shutil.copytree(LOCALES / "pl" / "LC_MESSAGES", folder)
    changed = catalogue("pl")
    changed.find("Home").msgstr = "Dom"
    changed.save(str(folder / "django.po"))
    assert messages(polib.mofile(str(folder / "django.mo")))["Home"] != ["Dom"]

    call_command("compile_translations", verbosity=0)

    assert messages(polib.mofile(str(folder / "django.mo"))) == messages(changed)


@pytest.mark.parametrize("language", ["ga", "pl", "sco_Ulster", "tet"])
def test_each_file_says_that_no_native_reader_has_checked_it(language):
    assert "Not checked by a native reader" in catalogue(language).header


@pytest.mark.parametrize(
    ("language", "numbers", "said"),
    [
        ("pl", (1, 3, 5, 12, 22), ["pytanie", "pytania", "pytań", "pytań", "pytania"]),
        ("ga", (1, 2, 6, 7, 11), ["cheist", "cheist", "cheist", "gceist", "ceist"]),
        ("sco-ulster", (1, 2), ["question", "questions"]),
    ],
)
def test_plurals_follow_the_language(language, numbers, said):
    texts = ("%(questions)s question", "%(questions)s questions")
    with translation.override(language):
        given = [translation.ngettext(*texts, number) % {"questions": number} for number in numbers]

    assert given == [f"{number} {word}" for number, word in zip(numbers, said, strict=True)]


def test_ulster_scots_has_its_own_words_and_english_for_the_rest():
    with translation.override("sco-ulster"):
        assert translation.gettext("Home") == "Hame"
        assert translation.gettext("Continue") == "Continue"


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_site_answers_in_each_language(language, visitor):
    locale, _made = Locale.objects.get_or_create(language_code=language)
    home = Page.objects.get(depth=2, locale__language_code="en").specific
    page = home if language == "en" else home.copy_for_translation(locale)
    page.save_revision().publish()

    shown = visitor.get(f"/{language}/")
    lost = visitor.get(f"/{language}/nowhere/")

    with translation.override(language):
        latest, not_found = translation.gettext("Latest news"), translation.gettext("Page not found")
    assert (shown.status_code, lost.status_code) == (200, 404)
    assert f'<html lang="{language}">' in shown.content.decode()
    assert latest in shown.content.decode()
    assert not_found in lost.content.decode()
