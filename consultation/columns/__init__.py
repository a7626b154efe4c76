"""The columns of a file of responses: one plan, made from every question ever asked, that only grows.

Two kinds of header and of cell: `labels` (number and wording, values in words) and `keys` (column and option keys).
Missing is threefold: an empty cell was not asked, "(skipped)" was asked and left blank, and "prefer not to say" is an
option like others.

Adding a sort of column: a dataclass in sorts.py that finds its cell in Python and in PostgreSQL, and a method of
plan.py named under the shape of its value. Nothing else: every file is written by this plan.
"""

from consultation.columns.cells import NOT_ASKED, SKIPPED, guard, guard_sql, unguard
from consultation.columns.plan import FIXED, Form, header, plan
from consultation.columns.sorts import Cell, Column, Words, answer, unticked, words

__all__ = [
    "FIXED",
    "NOT_ASKED",
    "SKIPPED",
    "Cell",
    "Column",
    "Form",
    "Words",
    "answer",
    "guard",
    "guard_sql",
    "header",
    "plan",
    "unguard",
    "unticked",
    "words",
]
