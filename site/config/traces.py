"""An exception without what people sent: its type, where it was raised, and what it says where that names no value.

A database quotes the row that it refused, a mail server the address, Python the text that is no number. So what an
exception says is left out, but for those that speak of the machinery, and of these only the first line is taken.
"""

import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, InterfaceError, InternalError, OperationalError, ProgrammingError
from django.template import TemplateDoesNotExist, TemplateSyntaxError

from config.masking import clean

ROOT = str(Path(__file__).resolve().parents[2]) + "/"
MOST = 40  # places of one exception

# PostgreSQL says values below the first line, after "DETAIL"; SQLite says none.
SAFE = (OperationalError, InterfaceError, InternalError, ProgrammingError, IntegrityError)
SAFE += (ImproperlyConfigured, TemplateDoesNotExist, TemplateSyntaxError)  # type: ignore[assignment]
SAFE += (ImportError, NameError, AttributeError, MemoryError, ConnectionError, TimeoutError)  # type: ignore[assignment]


def said(fault: BaseException) -> str:
    """What it says, where that can name nobody."""
    lines = str(fault).splitlines() if isinstance(fault, SAFE) else []
    return clean(lines[0])[:300] if lines else ""


def chain(fault: BaseException | None) -> Iterator[BaseException]:
    """The exception, what it came from, what that came from."""
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        yield fault
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)


def described(fault: BaseException | None) -> list[dict[str, Any]]:
    """Each exception of the chain, the last one first."""
    return [{"type": name(each), "said": said(each), "at": list(_places(each.__traceback__))} for each in chain(fault)]


def name(fault: BaseException) -> str:
    """The type, with its module where that is not Python itself."""
    kind = type(fault)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _places(trace: TracebackType | None) -> Iterator[str]:
    """Where it passed, the innermost last. Lines of code stand in the repository, values in none of this."""
    for frame, line in list(traceback.walk_tb(trace))[-MOST:]:
        code = frame.f_code
        yield f"{code.co_filename.removeprefix(ROOT)}:{line} {code.co_name}"
