"""What could tell who wrote a text is found, however it is written, and long texts are read quickly."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.personal import Sort, Span, find

FOUND = {
    Sort.EMAIL: [
        "demo@example.org",
        "first.last+tag@mail.example.co.uk",
        "o'neill@example.ie",
        "sé@exämple.org",
        "demo＠example.org",
        "demo @ example.org",
        "demo [at] example.org",
        "demo(at)example(dot)org",
        "demo at example dot org",
        "jo at gmail.com",
    ],
    Sort.TELEPHONE: [
        "028 9018 0000",
        "(028) 9018 0000",
        "02890180000",
        "07700 900123",
        "07700-900-123",
        "+44 28 9018 0000",
        "+44 (0)28 9018 0000",
        "0044 7700 900123",
        "+353 1 234 5678",
        "01 234 5678",
        "087 123 4567",
        "00353871234567",
        "+48 22 123 45 67",
        "028\u00a09018\u00a00000",
        "028–9018–0000",
        "028_9018_0000",
        "0 2 8 9 0 1 8 0 0 0 0",
        "(07700) 900123",
        "+447700900123",
        "44 7700 900123",
        "7700 900 123",
        "O7700 900123",
        "Tel: 9018 0000",
        "ring me on 9018 0000",
    ],
    Sort.POSTCODE: [
        "BT1 5GS",
        "bt15gs",
        "BT71 6AB",
        "SW1A 1AA",
        "M1 1AE",
        "GIR 0AA",
        "BT1\u00a05GS",
        "BT 71 6AB",
        "BT71-6AB",
        "BT71 - 6AB",
        "EC1A 1BB",
        "D02 X285",
        "A65F4E2",
    ],
    Sort.INSURANCE: [
        "QQ123456C".replace("QQ", "AB"),
        "ab 12 34 56 c",
        "JG-10-37-59-A",
        "JG/10/37/59/A",
    ],
    Sort.HEALTH: ["943 476 5919", "9434765919", "943-476-5919"],
    Sort.BIRTH: ["born 12/03/1956", "DOB: 12.3.56", "date of birth 12 March 1956", "born on 1st May 1970"],
}
EXAMPLES = [(sort, text) for sort, texts in FOUND.items() for text in texts]
HARMLESS = [
    "",
    "in 2026 we spent 1,250,000 pounds",
    "on 01/02/2026 or 2026-02-01",
    "bus 212 at 08:15, then 09:45",
    "100 to 200 metres",
    "5 of 10",
    "@council",
    "a@b",
    "the A26 and B52",
    "GB123456A",  # no such prefix
    "0.5 per cent; 000",
    "room 12A at 3pm",
    "on 01/02/2026 10:30 to 12:00",
    "01.02.2026 10 people came, 05/06/2027 12 more",
    "from 2026-02-01 2026-03-01 on",
    "planning application LA01/2026/0123/F and LA05/2026/0123/O",
    "the A6 2nd exit, then the M1 1st junction",
    "leave the M2 4th exit",
    "A26 near Ballee, A26 road works",
    "within 5am and 7pm on the B90 2mm of rain",
    "943 476 5918",  # its last digit does not check
    "111 111 1111",
    "in 2026/27 and 2027/28 we spent 120 000 000",
    "call 101 or 999",
    "look at example.org",
    "I was born here in 1956 and like it",
    "The phone box at 10.30-12.45",
    "text 2 or 3 people",
    "1,234,567,890",
    "54.5973, -5.9301",
]


@pytest.mark.parametrize(("sort", "written"), EXAMPLES)
@pytest.mark.parametrize("frame", ["{}", "Ring me: {}.", "({})", "x, {}\ny", "„{}“ ok?"])
def test_it_is_found_wherever_it_stands(sort, written, frame):
    text = frame.format(written)
    start = text.index(written)

    assert any(span.sort is sort and span.start <= start and span.end >= start + len(written) for span in find(text)), (
        find(text)
    )


@pytest.mark.parametrize("text", HARMLESS)
def test_dates_sums_and_roads_are_left_alone(text):
    assert find(text) == []


@given(
    st.text() | st.lists(st.sampled_from([text for _, text in EXAMPLES] + list("+0 5(@.aA")), max_size=30).map("".join)
)
def test_what_is_found_lies_in_the_text_in_order_and_apart(text):
    spans = find(text)

    assert spans == sorted(spans)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end <= after.start for before, after in zip(spans, spans[1:], strict=False))


DIGITS = st.text("0123456789", min_size=9, max_size=9)
GAPS = st.lists(st.sampled_from(["", " ", "-", ".", ") ", " ("]), min_size=10, max_size=10)


@given(DIGITS, GAPS)
def test_a_number_of_ten_digits_is_found_however_it_is_spaced(digits, gaps):
    number = "0" + "".join(gap + digit for gap, digit in zip(gaps, digits, strict=False))

    assert any((span.start, span.end) == (0, len(number)) for span in find(number))


PARTS = ["a", "0 ", "+", "a@", "a.", "1", "A1 1", "AB 12 ", "(0", "-", "\u00a0", "a@b.c ", "a@b.c0 ", "BT1 5GS"]


@pytest.mark.parametrize("part", PARTS)
def test_the_longest_answer_is_read_in_a_blink(part):
    began = time.monotonic()

    find((part * 20_000)[:20_000])

    assert time.monotonic() - began < 2


def test_what_overlaps_is_one():
    assert find("02890180000@example.org") == [Span(0, 23, Sort.EMAIL)]


@pytest.mark.parametrize("sort", Sort)
def test_every_sort_has_a_name(sort):
    assert sort.label
