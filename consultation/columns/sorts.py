"""The sorts of column. Each says how its cell is found: `cell` in Python; where words are shown, `sql` in PostgreSQL.

Both give a finished cell: what is not one of our codes is guarded. A test holds both to the same bytes. `answer` and
`words` are what an expression can use, and NULL is an empty cell.
"""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any

from psycopg2.sql import SQL, Composable, Identifier, Literal

from consultation.columns.cells import NOT_ASKED, SKIPPED, guard, guard_sql
from consultation.kinds import Value

CODES = -1  # stands in the place of an option for the codes of what was written

Words = Mapping[tuple[int, int], str]  # by question and option number
Cell = Callable[[Mapping[str, Value], Words], str]


def answer(question: int) -> Composable:
    """A question's value as text: NULL where it was not asked, 'null' skipped, 'true' answered in words."""
    return Identifier(f"a{question}")


def words(question: int, option: int) -> Composable:
    """The guarded words of an answer, NULL where there are none; option 0 is the question's own text."""
    return Identifier(f"w{question}_{option}")


@dataclass(frozen=True)
class Column:
    """One column of answers: its stable key, its header in words, and the number of its question.

    identifying: it says who answered, or may, so only a file with personal data has it.
    """

    key: str
    label: str
    question: int
    _: KW_ONLY
    identifying: bool = False

    @property
    def option_in_words(self) -> int | None:
        """The option whose words the column shows; 0 is the question's own text, None where it shows none."""
        return None

    @property
    def is_number(self) -> bool:
        """Whether what looks like a number in it is one."""
        return False

    def cell(self) -> Cell:
        """How the cell is found in Python."""
        raise NotImplementedError

    def sql(self) -> Composable:
        """The same as an expression of PostgreSQL, of a column that shows words."""
        raise NotImplementedError


@dataclass(frozen=True)
class Choice(Column):
    """The option that was chosen, by its key or its label."""

    values: Mapping[int, str]

    def cell(self) -> Cell:
        """One look into a table."""
        name = str(self.question)
        table: dict[Any, str] = {None: SKIPPED} | {number: guard(text) for number, text in self.values.items()}
        return lambda answers, words: table.get(answers[name], NOT_ASKED) if name in answers else NOT_ASKED


@dataclass(frozen=True)
class Tick(Column):
    """Whether an option was ticked, in one of two words."""

    option: int
    yes: str
    no: str

    @property
    def is_number(self) -> bool:
        """One or zero, under keys."""
        return self.yes.isdigit()

    def cell(self) -> Cell:
        """Look for the number in the list."""
        name, option, yes, no = str(self.question), self.option, guard(self.yes), guard(self.no)

        def cell(answers: Mapping[str, Any], words: Words) -> str:
            if name not in answers:
                return NOT_ASKED
            ticked = answers[name]
            return SKIPPED if ticked is None else yes if option in ticked else no

        return cell


@dataclass(frozen=True)
class Place(Column):
    """The place that an option was given in a ranking, counted from 1; in a word of ours where it was given none."""

    option: int
    none: str

    @property
    def is_number(self) -> bool:
        """A place is."""
        return True

    def cell(self) -> Cell:
        """Look for the number in the list."""
        name, option, none = str(self.question), self.option, guard(self.none)

        def cell(answers: Mapping[str, Any], words: Words) -> str:
            if name not in answers:
                return NOT_ASKED
            ranked = answers[name]
            if ranked is None:
                return SKIPPED
            return str(ranked.index(option) + 1) if option in ranked else none

        return cell


@dataclass(frozen=True)
class Beside(Column):
    """The words beside an option."""

    option: int

    @property
    def option_in_words(self) -> int:
        """The option itself."""
        return self.option

    def cell(self) -> Cell:
        """The words, where there are some."""
        place = self.question, self.option
        return lambda answers, words: guard(words.get(place, ""))

    def sql(self) -> Composable:
        """The words, where there are some."""
        return words(self.question, self.option)


@dataclass(frozen=True)
class Signed(Beside):
    """How many signed a petition, which stands among the words of its letter."""

    @property
    def is_number(self) -> bool:
        """It is."""
        return True


@dataclass(frozen=True)
class Written(Column):
    """A text, or a number: a value that is true was answered in words."""

    is_number: bool = False

    @property
    def option_in_words(self) -> int:
        """The question's own text."""
        return 0

    def cell(self) -> Cell:
        """The words, or the value itself."""
        name, place = str(self.question), (self.question, 0)

        def cell(answers: Mapping[str, Value], words: Words) -> str:
            if name not in answers:
                return NOT_ASKED
            value = answers[name]
            return SKIPPED if value is None else guard(words.get(place, "") if value is True else str(value))

        return cell

    def sql(self) -> Composable:
        """The words, or the value itself."""
        return SQL("CASE {a} WHEN 'null' THEN {skipped} WHEN 'true' THEN {words} ELSE {value} END").format(
            a=answer(self.question),
            skipped=Literal(SKIPPED),
            words=words(self.question, 0),
            value=guard_sql(answer(self.question)),
        )


@dataclass(frozen=True)
class Codes(Column):
    """The codes that count of what was written, one after the other. names: of all codes, by primary key."""

    names: Mapping[int, str]

    @property
    def option_in_words(self) -> int:
        """They are found where words are."""
        return CODES

    def cell(self) -> Cell:
        """What stands for them among the words."""
        place = self.question, CODES
        return lambda answers, words: guard(words.get(place, ""))

    def sql(self) -> Composable:
        """What stands for them among the words."""
        return words(self.question, CODES)
