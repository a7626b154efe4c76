"""Whatever editors, citizens and officers do, in whatever order: every figure, file and answer stays right.

A machine of rules publishes, rewords, removes, restores, reorders, translates, beside what tests/identity.py has
citizens and officers do. Here the questionnaire is plain values; tests/home/test_identity_of_pages.py has real pages.
"""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from consultation import changes, compile
from consultation.compile import compile_leading, compile_wordings
from consultation.source import SourceItem, SourceOption, SourceSection
from tests.factories import make_source
from tests.identity import LANGUAGES, QUESTIONNAIRES, Account, Answering

pytestmark = pytest.mark.django_db

STEPS = 15


def section(parts, words):
    items = tuple(
        SourceItem(
            id=block,
            kind=kind,
            label=f"{words} {block}",
            options=tuple(SourceOption(name, f"{words} {block}{name}") for name in order),
        )
        for block, kind, order in parts
    )
    return (SourceSection("s", "Section", "", items),)


class Identity(Answering):
    """See the module."""

    def __init__(self):
        super().__init__()
        self.source = make_source(sections=())
        self.accounts = [Account(self.source.key)]
        self.publish([("a", "single", ["x", "y"])], "Question")

    @rule(parts=QUESTIONNAIRES, words=st.sampled_from(["Question", "Reworded"]))
    def publish(self, parts, words):
        """What an editor can do to the leading page: remove, restore, reorder, reword, change kinds and options."""
        self.source = replace(self.source, sections=section(parts, words))
        compile_leading(self.source)
        self.accounts[0].asked = parts

    @rule(parts=QUESTIONNAIRES, language=st.sampled_from(LANGUAGES[1:]))
    def translate(self, parts, language):
        """Another language's page, with fewer blocks or more than the leading one, published at any time."""
        compile_wordings(replace(self.source, language=language, sections=section(parts, language)), {"en": []})


def run(examples=8, phases=tuple(Phase)):
    chosen = hypothesis_settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        phases=phases,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(Identity, settings=chosen)


def run_until_found():
    """Enough runs to find a planted fault; which is the smallest does not matter."""
    run(60, [Phase.generate])


def test_nothing_that_anybody_does_harms_a_figure_or_an_answer():
    run()


@pytest.mark.battery
@pytest.mark.parametrize("part", range(8))
def test_nothing_harms_a_figure_or_an_answer_in_two_thousand_runs(part):
    run(250)


def naive_compile(source, originals):
    """The planted fault: structure from whichever page was published last."""
    return compile_leading(replace(source, language="en"))


def test_a_compile_from_every_language_is_found(monkeypatch):
    monkeypatch.setitem(globals(), "compile_wordings", naive_compile)

    with pytest.raises(Exception):  # noqa: B017, PT011  # whichever check sees it first
        run_until_found()


def test_a_missing_decrement_is_found(monkeypatch):
    monkeypatch.setattr(changes, "_take_out", lambda row, folded: None)

    with pytest.raises(AssertionError):
        run_until_found()


def test_a_cascade_is_found(monkeypatch):
    """The planted fault: what is no longer asked is deleted."""
    monkeypatch.setattr(compile, "_retire", lambda rows: [row.delete() for row in list(rows)])

    with pytest.raises(Exception):  # noqa: B017, PT011  # the account knows a block that has no row
        run_until_found()
