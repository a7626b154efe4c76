"""A package's questionnaire as plain values. docs/packages.md describes the file; everything wrong in it is found."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from consultation import questionnaire
from consultation.kinds import KINDS

FORMAT = "connected-package/1"
KEY = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")
# Columns that every file of responses can have, so no question is called so.
LETTER_COLUMNS = ("letter", "letter.subject", "letter.from", "signatures")
RESERVED = ("id", "reference", "received_at", "language", "channel", "version", *LETTER_COLUMNS)

Texts = Mapping[str, str]  # a text by language code


@dataclass(frozen=True)
class PackageOption:
    """An option with the key that stands in the file of responses."""

    key: str
    label: Texts
    role: str = ""


@dataclass(frozen=True)
class PackageRow:
    """A row of a matrix, which is a question with a key of its own."""

    key: str
    label: Texts
    theme: str = ""


@dataclass(frozen=True)
class PackageCondition:
    """Show only if one of these options of that question was chosen, by their keys."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class PackageItem:
    """A question, or what stands between questions.

    Of "information" label is the body, plain text unless it says otherwise; of an "image" it is what the image shows.
    """

    kind: str
    label: Texts
    key: str = ""
    hint: Texts = field(default_factory=dict)
    theme: str = ""  # the theme's name or key
    required: bool = False
    personal: bool = False
    limit: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    decimals: bool = False
    options: tuple[PackageOption, ...] = ()
    rows: tuple[PackageRow, ...] = ()
    matrix: str = ""  # of a row by itself: the key of its matrix
    show_if: PackageCondition | None = None
    is_html: bool = False
    image: str = ""  # its name in the package
    id: str = ""  # in the editor, of what has no key; empty: one is made

    @property
    def questions(self) -> tuple["PackageItem", ...]:
        """The questions that it asks: of a matrix one a row."""
        if not self.rows:
            return (self,) if self.key else ()
        return tuple(
            replace(self, key=row.key, label=row.label, theme=row.theme or self.theme, rows=(), matrix=self.key)
            for row in self.rows
        )


@dataclass(frozen=True)
class PackageSection:
    """A page of the form."""

    title: Texts
    introduction: Texts
    items: tuple[PackageItem, ...]
    show_if: PackageCondition | None = None
    id: str = ""  # in the editor; empty: one is made


@dataclass(frozen=True)
class Period:
    """When it opens and closes, where the package says it."""

    opens_at: dt.datetime
    closes_at: dt.datetime | None


@dataclass(frozen=True)
class Blueprint:
    """The whole questionnaire; name tells surveys apart whose responses are numbered alike."""

    name: str
    language: str
    title: Texts
    sections: tuple[PackageSection, ...]
    languages: tuple[str, ...]  # all in which something is worded, the leading one first
    period: Period | None = None
    results: str = "never"  # when the public sees figures
    own_themes: Mapping[str, str] = field(default_factory=dict)  # names by the keys that themes had elsewhere

    @property
    def questions(self) -> Iterator[PackageItem]:
        """The questions, in order."""
        return (question for section in self.sections for item in section.items for question in item.questions)

    @property
    def themes(self) -> list[str]:
        """The names or keys of the themes, each once."""
        return list(dict.fromkeys(item.theme for item in self.questions if item.theme))

    @property
    def images(self) -> Iterator[str]:
        """The names of the images, in order."""
        return (item.image for section in self.sections for item in section.items if item.image)

    def text(self, texts: Texts, language: str = "") -> str:
        """A text in a language, or in the leading one where it is not worded in that language."""
        return texts.get(language) or texts.get(self.language, "")

    def numbered(self) -> dict[str, questionnaire.Question]:
        """The questions by key, as they will be once compiled: questions and options are numbered from 1."""
        return {
            item.key: questionnaire.Question(
                number=number,
                kind=item.kind,
                personal=item.personal,
                options=tuple(
                    questionnaire.Option(position, option.role, self._words(option.label))
                    for position, option in enumerate(item.options, 1)
                ),
                limit=item.limit,
                minimum=item.minimum,
                maximum=item.maximum,
                decimals=item.decimals,
                bins=tuple(KINDS[item.kind].bins(item.minimum, item.maximum)),
                condition=self._condition(item.show_if),
                label=self._words(item.label),
            )
            for number, item in enumerate(self.questions, 1)
        }

    def numbered_sections(self) -> questionnaire.Questionnaire:
        """The same questions section by section, with every condition: what routing goes by."""
        numbered = self.numbered()
        sections = tuple(
            questionnaire.Section(
                title=self._words(section.title),
                items=tuple(numbered[question.key] for item in section.items for question in item.questions),
                number=number,
                condition=self._condition(section.show_if),
            )
            for number, section in enumerate(self.sections, 1)
        )
        return questionnaire.Questionnaire(1, self.language, sections)

    def _condition(self, condition: PackageCondition | None) -> questionnaire.Condition | None:
        for number, item in enumerate(self.questions, 1):
            if condition is not None and item.key == condition.question:
                chosen = (p for p, option in enumerate(item.options, 1) if option.key in condition.options)
                return questionnaire.Condition(number, tuple(chosen))
        return None

    def _words(self, texts: Texts) -> questionnaire.Text:
        return questionnaire.Text(self.text(texts), self.language)
