"""What nobody types by accident: bytes for every part of a request, and forms made of them.

Hypothesis gives the dice (a Random); throwing them by hand makes a hundred thousand requests affordable.
"""

from functools import lru_cache
from random import Random
from urllib.parse import quote_from_bytes

from tests.hostile.asking import Asked

Fields = list[tuple[str, str]]

# Whole texts are rare, since a megabyte takes its time; fragments are put together.
FRAGMENTS = [
    *("\x00", "\x1b[31m", "\x7f", "\x85", "\x9f", "\ud800", "\udfff\ud800", "\ufffe", "\uffff", "\ufffd", "\ufeff"),
    *("\u202e", "\u2066\u2069\u200f", "\u200b", "\u00ad", "e" + "\u0301" * 60, "\u1160\u3164", "\u2028", "\x0b\x0c"),
    *("🌳", "👩\u200d👩\u200d👧", "🇮🇪", "ﷺ", "ß", "İı", "\u01c5", "\U0010ffff", "\U000e0041"),
    *("\r\n", "\r", "\n", "\t", " ", "\u00a0", "\u3000", "'", '"', "<", "&", "%", "%00", "%s", "{{", "{%", "\\", "\\0"),
    *("=1+1", "+1", "-1", "@x", "＝1", "|", "`id`", "$(id)", "<script>alert(1)</script>", "</textarea>", "<!--", "]]>"),
    *("../../etc", "'; DROP TABLE x; --", "1,5", "None", "null", "NaN", "true", "q1", "0", "-0", "1e999", "٣", "²"),
]
LONG = ["a" * 501, "🌳" * 500, "🌳" * 20_000, "🌳" * 20_001, "\x00" * 30_000, "\u0301" * 20_000]
HUGE = ["🌳" * 262_144]  # a megabyte
NUMBERS = [
    *("0", "1", "-1", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "9" * 30),
    *("9" * 4_300, "9" * 4_301, "1" + "0" * 500, "00001", "+1", "1_000", " 1", "1.0", "١", "①", "0x10", "1e9"),
]
FORM = b"application/x-www-form-urlencoded"
TYPES = [
    *(FORM, FORM + b"; charset=utf-8", FORM + b"; charset=utf-16", FORM + b"; charset=idna", FORM + b"; charset=zip"),
    *(FORM + b'; charset="\xff"', FORM + b";charset", b"multipart/form-data", b"multipart/form-data; boundary="),
    *(b"multipart/form-data; boundary=" + b"x" * 300, b"multipart/form-data; boundary=\xe9", b"multipart/mixed"),
    *(
        b"",
        b"application/json",
        b"text/plain; charset=utf-7",
        b"\x00",
        b"a" * 5_000,
        b"/",
        b";;;=",
        b"text/html;q=\xff",
    ),
]
PARAMETERS = ["page", "return", "next", "q", "removed", "moved", "id", ""]
METHODS = [
    "GET",
    "GET",
    "GET",
    "POST",
    "POST",
    "POST",
    "POST",
    "HEAD",
    "OPTIONS",
    "PUT",
    "DELETE",
    "TRACE",
    "PROPFIND",
    "get",
]
HEADERS = {
    "HTTP_ACCEPT_LANGUAGE": [b"ga", b"x" * 600, b"en;q=9" * 99, b"\xff\xfe", b"*", b",,;q=", b"sco-Ulster", b"../../x"],
    "HTTP_HOST": [b"127.0.0.1:99999", b"evil.example.org", b"\xff", b"a b", b"[::1", b"", b"localhost:x"],
    "HTTP_ORIGIN": [
        b"null",
        b"http://127.0.0.1",
        b"http://\xff",
        b"http://[",
        b"x" * 3_000,
        b"http://evil.example.org",
    ],
    "HTTP_SEC_FETCH_SITE": [b"same-origin", b"cross-site", b"\xff"],
    "HTTP_X_FORWARDED_PROTO": [b"https", b"\xff", b"https,http"],
    "HTTP_X_FORWARDED_HOST": [b"evil.example.org", b"\x00"],
    "HTTP_REFERER": [b"http://[", b"\xff", b"x" * 9_000],
    "HTTP_IF_MODIFIED_SINCE": [b"0", b"Mon, 99 Foo 99999 99:99:99 GMT", b"\xff", b"Thu, 01 Jan 0001 00:00:00 GMT"],
    "HTTP_IF_NONE_MATCH": [b"*", b'W/"', b'"\xff"', b","],
    "HTTP_RANGE": [b"bytes=0-", b"bytes=9-1", b"bytes=-99999999999999999999", b"\xff"],
    "HTTP_ACCEPT": [b"application/json", b"*/*;q=x", b"\xff", b"," * 2_000],
    "HTTP_ACCEPT_ENCODING": [b"gzip, br;q=\xff", b"identity;q=0"],
    "HTTP_X_REQUESTED_WITH": [b"XMLHttpRequest"],
    "CONTENT_LENGTH": [b"", b"0", b"5", b"9" * 15, b"15000001"],  # gunicorn lets only numbers through
}
COOKIES = [
    *(b"sessionid=\\000", b"sessionid=%00", b"sessionid=\x00", b"sessionid=abcdefgh", b"sessionid=" + b"a" * 40),
    *(b"sessionid=" + b"a" * 9_000, b"sessionid=\xff", b'sessionid="\\060\\000"', b"sessionid=.e30:x:y", b"sessionid="),
    *(b"csrftoken=\x00", b"csrftoken=" + b"x" * 64, b'messages="\\000"', b"messages=a$[[1]]", b"django_language=\xff"),
    *(b"django_language=../../x", b"=", b";;;", b"=\x00; =", b"a" * 9_000, b"\xff\xfe", b"$Version=1; $Path=/", b'"\\'),
]
LINE = 4_000  # gunicorn refuses longer addresses by itself
PLANTS = [
    b"%00",
    b"%ff",
    b"//",
    b"/..",
    b"%2e%2e/",
    b"%0d%0a",
    b"%F0%9F%8C%B3",
    b"%ED%A0%80",
    b"?",
    b"%",
    b"\x00",
    b" ",
]
GAPS = ["1", "2", "en", "ga", "pl", "sco-Ulster", "EN", "xx", "check", "a" * 400]


def chance(dice: Random, one_in: int) -> bool:
    """Now and then."""
    return dice.randrange(one_in) == 0


def texts(dice: Random) -> str:
    """A few fragments, and characters from anywhere."""
    if chance(dice, 8):
        return dice.choice(NUMBERS)
    return "".join(
        chr(dice.randrange(0x110000)) if chance(dice, 3) else dice.choice(FRAGMENTS) for _ in range(dice.randrange(6))
    )


def words(dice: Random) -> str:
    """A text of any length; the large are rare, since a megabyte takes its time."""
    if chance(dice, 2_000):
        return dice.choice(HUGE)
    return dice.choice(LONG) if chance(dice, 60) else texts(dice)


def raw(text: str) -> bytes:
    """As UTF-8 would be, lone surrogates included, which no browser sends."""
    return text.encode("utf-8", "surrogatepass")


def arrives(text: str) -> str:
    """What a server reads of it."""
    return raw(text).decode("utf-8", "replace")


@lru_cache(maxsize=4_096)
def quoted(text: str) -> str:
    """Percent-encoded."""
    return quote_from_bytes(raw(text))


def form(fields: Fields) -> bytes:
    """Percent-encoded, as a browser sends it."""
    return "&".join(f"{quoted(name)}={quoted(text)}" for name, text in fields).encode()


BOUNDARY = b"0d7ae3"


def parts(fields: Fields, file: bool = False) -> bytes:
    """The same in parts."""
    found = b""
    for number, (name, text) in enumerate(fields):
        named = quoted(name).encode()
        as_file = b'; filename="a\x00.txt"' if file and number == 0 else b""
        found += b'--%s\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n' % (BOUNDARY, named, as_file)
        found += raw(text) + b"\r\n"
    return found + b"--" + BOUNDARY + b"--\r\n"


def headers(dice: Random) -> dict[str, bytes]:
    """Mostly none."""
    names = dice.sample([*HEADERS], dice.choice([0, 0, 0, 1, 2]))
    return {name: dice.choice(HEADERS[name]) for name in names}


def cookies(dice: Random) -> bytes:
    """Nothing of ours; also under the name that finds a draft."""
    if chance(dice, 2):
        return b""
    junk = raw(texts(dice))
    return dice.choice(
        [
            dice.choice(COOKIES),
            b"answering=" + junk,
            b'answering="' + junk.replace(b'"', b"\\042") + b'"',
            junk,
            dice.randbytes(20),
        ]
    )


def paths(dice: Random, known: list[str], routes: list[str]) -> bytes:
    """An address that is there, one made of a route, or either with something put into it."""
    path = raw(dice.choice(known) if dice.randrange(4) else filled(dice, dice.choice(routes)))
    if chance(dice, 8):
        at = dice.randrange(len(path) + 1)
        path = path[:at] + dice.choice(PLANTS) + path[at:]
    return path


def filled(dice: Random, route: str) -> str:
    """A route's gaps, which stand in <>, filled with what fits, and with what does not."""
    first, *gaps = route.split("<>")
    return first + "".join(
        (quoted(texts(dice)) if chance(dice, 3) else dice.choice([*GAPS, *NUMBERS])) + gap for gap in gaps
    )


def bodies(dice: Random, hidden: Fields, names: list[str]) -> tuple[bytes, bytes]:
    """(content type, body): the form of a page, spoilt; or no form at all."""
    fields = [(name, spoilt(dice) if chance(dice, 8) else text) for name, text in hidden]
    for _ in range(dice.randrange(8)):
        name = dice.choice(names) if dice.randrange(8) else dice.choice([texts(dice), f"q{dice.choice(NUMBERS)}"])
        fields.append((name, words(dice) if chance(dice, 2) else dice.choice([*"1234567", "", "2026", "1.5", "check"])))
    if chance(dice, 500):
        fields += [(f"q{number}", "x") for number in range(dice.choice([999, 9_980, 10_001]))]
    kind = dice.randrange(20)
    if kind < 13:
        return FORM, form(fields)
    if kind < 16:
        return b"multipart/form-data; boundary=" + BOUNDARY, parts(fields, file=kind == 13)
    if kind < 18:
        return dice.choice(TYPES), dice.choice([form, parts])(fields)
    return dice.choice(TYPES), dice.randbytes(dice.randrange(60))


def spoilt(dice: Random) -> str:
    """What takes the place of something that the page had hidden in its form."""
    return dice.choice([words(dice), "", "1 2 3", "1 " * 3_000, "later", "check"])


def requests(dice: Random, known: list[str], routes: list[str], hidden: Fields, names: list[str]) -> Asked:
    """One request to any public address."""
    method = dice.choice(METHODS)
    content_type, body = bodies(dice, hidden, names) if method not in ("GET", "HEAD") else (b"", b"")
    pairs = [(dice.choice(PARAMETERS), texts(dice)) for _ in range(dice.choice([0, 0, 1, 2]))]
    query = form(pairs) + dice.choice([b"", b"", b"", b"&%00", b"\xff", b"&&=;"])
    path = paths(dice, known, routes)[:LINE]
    return Asked(method, path, query[: LINE - len(path)], body, content_type, headers(dice))
