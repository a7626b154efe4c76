"""The codes of a frame: made, merged, retired, and deleted where nothing hangs on them."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from consultation import coding
from consultation.coding import Place
from consultation.models import Application, Code, CodedAs, CodeFrame, Coding

SHORTCUTS = "123456789abcdefghijklmopqrstuvwxyz0"  # n begins a new code
LONGEST_KEY = 30


class InUse(Exception):
    """A code that was applied, or that others are part of, can't be deleted."""


def new_code(frame: CodeFrame, name: str) -> Code:
    """Add a code under a key of its own and the next free key of the keyboard; the same name again is the same code.

    One that was retired is offered again.
    """
    with transaction.atomic():
        CodeFrame.objects.select_for_update().get(pk=frame.pk)
        codes = list(frame.codes.all())
        found = next((code for code in codes if code.name.casefold() == name.casefold()), None)
        if found is None:
            found = Code(frame=frame, name=name, key=_key(name, {code.key for code in codes}))
            found.shortcut = next_shortcut(codes)
        found.retired_at = None
        found.save()
        return found


def next_shortcut(codes: list[Code]) -> str:
    """The next free key of the keyboard; empty where all are taken."""
    taken = {code.shortcut for code in codes}
    return next((key for key in SHORTCUTS if key not in taken), "")


def _key(name: str, taken: set[str]) -> str:
    """Made of the first name, and never changed: only its letters and digits, for files."""
    stem = slugify(name)[:LONGEST_KEY].strip("-_") or "code"
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (stem, *numbered) if key not in taken)


def merge(code: Code, into: Code) -> None:
    """Let whatever had one code have another of the same frame, in every coder's finding; the first one is deleted."""
    if code.frame_id != into.frame_id or code.pk == into.pk:
        raise ValueError("two codes of one frame are merged")
    with transaction.atomic():
        CodeFrame.objects.select_for_update().get(pk=code.frame_id)
        touched = Coding.objects.filter(applications__code=code)
        places = [Place(*row) for row in touched.values_list("response_id", "question", "option").distinct()]
        has_both = Application.objects.filter(code=into).values("coding")
        Application.objects.filter(code=code, coding__in=has_both).delete()
        Application.objects.filter(code=code).update(code=into)
        # What counts is worked out again below, but for texts whose coders are no longer known.
        CodedAs.objects.filter(code=code, text__in=CodedAs.objects.filter(code=into).values("text")).delete()
        CodedAs.objects.filter(code=code).update(code=into)
        coding.record(places)
        # What was part of it is part of the other, but for the other itself. There is one level alone.
        into.refresh_from_db()
        if into.parent_id == code.pk:
            into.parent = None
            into.save(update_fields=["parent"])
        code.children.update(parent=into.parent_id or into.pk)
        code.delete()


def retire(code: Code) -> None:
    """Offer a code no longer; what has it keeps it. Its key of the keyboard is free for another."""
    code.retired_at, code.shortcut = timezone.now(), ""
    code.save(update_fields=["retired_at", "shortcut"])


def restore(code: Code) -> None:
    """Offer a code again."""
    code.retired_at, code.shortcut = None, next_shortcut(list(code.frame.codes.all()))
    code.save(update_fields=["retired_at", "shortcut"])


def delete(code: Code) -> None:
    """Delete a code that nothing hangs on. Raises InUse."""
    with transaction.atomic():
        CodeFrame.objects.select_for_update().get(pk=code.frame_id)
        if is_used(code):
            raise InUse(str(code))
        code.delete()


def is_used(code: Code) -> bool:
    """Whether anybody applied it, or others are part of it."""
    applied = Application.objects.filter(code=code).exists() or CodedAs.objects.filter(code=code).exists()
    return applied or Code.objects.filter(parent=code).exists()
