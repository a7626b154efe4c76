"""A package: a questionnaire and the responses to it, made elsewhere. Checked as a whole, then stored as a whole.

Both go through the file of responses once, row by row, so that its size does not matter. docs/packages.md describes
the format.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import batched_or_none
