"""What a migration may do while the release before it still serves people: add, and nothing else.

Taking away is for a later release, when nothing that runs needs it any more. Such a migration says so in a constant of
its module: CONTRACTS = "Since release 1.4 nothing reads it."
"""

import re
from collections.abc import Iterator
from typing import Any

from django.db.migrations import operations as ops
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED, Field

# The release before this one in each app: tests/upgrade.py runs it. What made it is history.
RELEASED = {"consultation": "0020_downloads", "home": "0014_officers_rights"}
TAKES_AWAY = (ops.RemoveField, ops.RenameField, ops.RenameModel, ops.DeleteModel, ops.AlterModelTable)
TAKES_AWAY_IN_SQL = re.compile(
    r"\b(DROP|RENAME|SET\s+NOT\s+NULL|ALTER\s+(COLUMN\s+)?\S+\s+(SET\s+DATA\s+)?TYPE)\b", re.I
)


def breaks(migration: Migration, before: ProjectState) -> list[str]:
    """What in a migration the release before it could not live with."""
    state, made, found = before.clone(), set(), []
    for operation in migration.operations:
        if isinstance(operation, ops.CreateModel):
            made.add(operation.name.lower())
        elif getattr(operation, "model_name", "").lower() not in made:
            found += [f"{migration}: {fault}" for fault in _faults(operation, state, migration.app_label)]
        operation.state_forwards(migration.app_label, state)
    return found


def _faults(operation: Any, state: ProjectState, app: str) -> Iterator[str]:
    if isinstance(operation, TAKES_AWAY):
        yield operation.describe()
    elif isinstance(operation, ops.AddField):
        if not _can_be_left_out(operation.field):
            yield f"{operation.describe()}: a row of the release before has no value for it; give it a db_default"
    elif isinstance(operation, ops.AlterField):
        old = state.models[app, operation.model_name_lower].fields[operation.name]
        yield from (f"{operation.describe()}: {why}" for why in _narrower(old, operation.field))
    elif isinstance(operation, ops.RunSQL):
        yield from (f"SQL that says {match[0]}" for match in TAKES_AWAY_IN_SQL.finditer(str(operation.sql)))
    elif isinstance(operation, ops.SeparateDatabaseAndState):
        for inner in operation.database_operations:
            yield from _faults(inner, state, app)


def _can_be_left_out(field: Field) -> bool:
    return bool(field.null or field.many_to_many or field.db_default is not NOT_PROVIDED)


def _narrower(old: Field, new: Field) -> Iterator[str]:
    if old.null and not _can_be_left_out(new):
        yield "it was nullable"
    if old.get_internal_type() != new.get_internal_type():
        yield f"{old.get_internal_type()} becomes {new.get_internal_type()}"
    if new.max_length and (old.max_length or 0) > new.max_length:
        yield "it gets shorter"
    if new.unique and not old.unique:
        yield "it becomes unique"
