"""The columns of a file of responses: one plan, made from every question ever asked, that only grows.

Two kinds of header and of cell: `labels` (number and wording, values in words) and `keys` (column and option keys).
Missing is threefold: an empty cell was not asked, "(skipped)" was asked and left blank, and "prefer not to say" is an
option like others. Where what was written was coded, the codes of each question have a column at the end, which says
"(none)" where nothing fits and is empty where nothing was coded.

Adding a sort of column: a dataclass in sorts.py that finds its cell in Python (and in PostgreSQL, if it shows words),
and a method of plan.py named under the shape of its value. Nothing else: every file is written by this plan.
"""

from consultation.columns.cells import NO_CODE, NOT_ASKED, SKIPPED, guard, guard_sql, unguard
from consultation.columns.plan import CODES_COLUMN, CODES_KEY, FIXED, LETTERS_KEY, Form, code_key, header, plan
from consultation.columns.sorts import CODES, Cell, Codes, Column, Words, answer, words

__all__ = [
    "CODES",
    "CODES_COLUMN",
    "CODES_KEY",
    "FIXED",
    "LETTERS_KEY",
    "NOT_ASKED",
    "NO_CODE",
    "SKIPPED",
    "Cell",
    "Codes",
    "Column",
    "Form",
    "Words",
    "answer",
    "code_key",
    "guard",
    "guard_sql",
    "header",
    "plan",
    "unguard",
    "words",
]
