"""A citizen with a browser: answers, presses again where a page says so, and keeps account of what was promised."""

import http.client
import re
import time
import uuid
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from django.core.signing import JSONSerializer, TimestampSigner, b62_encode

from consultation.tokens import SALT
from tests.rig.place import SECRET

Fields = list[tuple[str, str]]
PAUSE = 0.3  # seconds before trying again; the page asks people for more
SILENCE = 60  # seconds after which a browser gives a connection up
TYPED = "citizen {}: more trees,\r\n  <b>and</b> “quiet” =1+1 'places' 🌳"


@dataclass
class Account:
    """What one citizen typed, and what the site said."""

    number: int
    acknowledged: bool = False  # the site has said: received
    reference: str = ""
    unavailable: int = 0  # pages 503
    broken: int = 0  # any other 5xx
    away: int = 0  # pages 503 of the proxy, which can't keep what was sent; the browser does
    cut: int = 0  # replies that never came
    vanished: int = 0  # times that something typed was gone
    mailed: bool = False  # a copy was promised
    notes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What was typed."""
        return TYPED.format(self.number)

    @property
    def answers(self) -> Fields:
        """The whole form."""
        return [("q1", "2"), ("q2", "1"), ("q2", "2"), ("q3", str(self.number % 100)), ("q4", self.text)]


@dataclass(frozen=True)
class Reply:
    """A page."""

    status: int
    location: str
    text: str

    @property
    def is_the_proxys(self) -> bool:
        """Whether no web host has answered: deploy/nginx."""
        return self.status == 503 and "<title>The site is not available</title>" in self.text

    @property
    def hidden(self) -> Fields:
        """What its form sends beside what is filled in."""
        found = re.findall(r'type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', self.text)
        return [(name, unescape(value)) for name, value in found]

    @property
    def kept(self) -> Fields:
        """What "Try again" sends, as a browser does: the line break after the tag is dropped, others are CR LF."""
        found = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', self.text, re.DOTALL)
        return [(name, re.sub("\r?\n", "\r\n", unescape(text))) for name, text in found]


class Earlier(TimestampSigner):
    """Signs as the site did a minute ago, when the form was opened."""

    def timestamp(self) -> str:
        return b62_encode(int(time.time()) - 60)


@dataclass
class Seen:
    """What the pages of a consultation are like, once somebody has looked: all but the token is the same for each."""

    form: Fields = field(default_factory=list)
    check: Fields = field(default_factory=list)

    def with_token(self, fields: Fields, consultation: int, key: uuid.UUID) -> Fields:
        """The hidden fields of a page, for an answering of one's own."""
        signer = Earlier(key=SECRET, salt=SALT)
        token = signer.sign_object({"c": consultation, "k": key.hex}, serializer=JSONSerializer)
        return [(name, token if name == "token" else text) for name, text in fields]


class GaveUp(Exception):
    """It took longer than anybody waits."""


class Line:
    """A browser's connection, kept open from page to page and from citizen to citizen."""

    def __init__(self, address: str, port: int) -> None:
        self.address, self.port = address, port
        self.connection: http.client.HTTPConnection | None = None

    def open(self) -> http.client.HTTPConnection:
        """Another connection."""
        return http.client.HTTPConnection(self.address, self.port, timeout=SILENCE)

    def ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[Reply, str]:
        """One page, and the cookie that came with it."""
        connection = self.connection or self.open()
        self.connection = None  # whatever fails, it is not used again
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        except (OSError, http.client.HTTPException):
            connection.close()
            raise
        if response.will_close:
            connection.close()
        else:
            self.connection = connection
        reply = Reply(response.status, response.headers.get("Location", ""), text)
        return reply, response.headers.get("Set-Cookie", "")


class Citizen:
    """One of them. The impatient press each button twice, without waiting for what the first press brought.

    Who has everything in view needs two requests alone: the form, opened a minute ago, and the button.
    """

    def __init__(
        self, line: Line, path: str, number: int, until: float, impatient: bool = False, seen: Seen | None = None
    ) -> None:
        self.line, self.path, self.until, self.impatient = line, path, until, impatient
        self.seen = seen or Seen()
        self.account = Account(number)
        self.cookie = ""

    def answer(self, wants_copy: bool = False) -> Account:
        """Answer, check, send, note the reference."""
        try:
            if self._send(self._fill_in()):
                self._read_reference(wants_copy)
        except GaveUp:
            self.account.notes.append("gave up")
        return self.account

    def answer_at_once(self) -> Account:
        """Answer and send, since the pages are known."""
        consultation, key = int(self.path.split("/")[2]), uuid.uuid4()
        form = self.seen.with_token(self.seen.form, consultation, key)
        check = self.seen.with_token(self.seen.check, consultation, key)
        try:
            self._save(form)
            self._send(Reply(200, "", ""), check)
        except GaveUp:
            self.account.notes.append("gave up")
        return self.account

    def _fill_in(self) -> Reply:
        form = self._get("1/")
        self._save(form.hidden)
        check = self._get("check/")
        if form.status == check.status == 200 and not self.impatient:
            self.seen.form, self.seen.check = form.hidden, check.hidden
        return check

    def _save(self, hidden: Fields) -> None:
        saved = self._post("1/", hidden + self.account.answers)
        if saved.status != 303:
            self.account.notes.append(f"section: {saved.status}")
            raise GaveUp

    def _send(self, check: Reply, hidden: Fields | None = None) -> bool:
        for _attempt in range(5):
            if check.status != 200:  # what was saved is gone
                self.account.vanished += 1
                self.account.notes.append(f"check: {check.status}")
                return False
            check = self._post("check/", hidden or check.hidden)
            hidden = None
            if check.status == 303:
                self.account.acknowledged = True
                return True
        self.account.notes.append("check: five times")
        return False

    def _read_reference(self, wants_copy: bool) -> None:
        found = None
        for _attempt in range(3):
            done = self._get("done/")
            found = re.search(r'class="reference">([^<]+)<', done.text)
            if found:
                break
        if found is None:
            self.account.notes.append(f"done: {done.status} {done.location}")
            return
        self.account.reference = found.group(1)
        if wants_copy:
            address = f"citizen-{self.account.number}@example.org"
            self.account.mailed = address in self._post("done/", [("email", address)]).text

    def _get(self, step: str) -> Reply:
        return self._patiently("GET", step, [])

    def _post(self, step: str, fields: Fields) -> Reply:
        if self.impatient:
            self._press_and_leave(step, fields)
        return self._patiently("POST", step, fields)

    def _patiently(self, method: str, step: str, fields: Fields) -> Reply:
        """Ask until there is an answer; after a fault with what its page has kept."""
        wanted = self._as_sent(fields)
        while time.monotonic() < self.until:
            try:
                reply = self._ask(method, step, fields)
            except (OSError, http.client.HTTPException):
                self.account.cut += 1  # reloading sends the form again
            else:
                if reply.status < 500:
                    return reply
                is_sites = not reply.is_the_proxys
                self.account.away += reply.is_the_proxys
                self.account.unavailable += is_sites and reply.status == 503
                self.account.broken += reply.status != 503
                if method == "POST" and is_sites:
                    self.account.vanished += reply.kept != wanted
                    fields = reply.kept or fields
            time.sleep(PAUSE)
        raise GaveUp

    @staticmethod
    def _as_sent(fields: Fields) -> Fields:
        """A form gives its fields back by name."""
        names = dict.fromkeys(name for name, _text in fields)
        return [(name, text) for wanted in names for name, text in fields if name == wanted]

    def _press_and_leave(self, step: str, fields: Fields) -> None:
        """Send a form and close the connection before the reply comes."""
        connection = self.line.open()
        try:
            connection.request("POST", self.path + step, self._body(fields), self._headers("POST"))
            time.sleep(0.02)
        except (OSError, http.client.HTTPException):
            self.account.cut += 1
        finally:
            connection.close()

    def _ask(self, method: str, step: str, fields: Fields) -> Reply:
        reply, cookies = self.line.ask(method, self.path + step, self._body(fields), self._headers(method))
        cookie = re.match(r"(__Secure-answering=\w+)", cookies)
        if cookie:
            self.cookie = cookie.group(1)
        return reply

    @staticmethod
    def _body(fields: Fields) -> str | None:
        return urlencode(fields) if fields else None

    def _headers(self, method: str) -> dict[str, str]:
        headers = {"X-Forwarded-Proto": "https", "Cookie": self.cookie}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return headers
