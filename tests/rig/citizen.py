"""A citizen with a browser: answers, presses again where a page says so, and keeps account of what was promised."""

import http.client
import re
import time
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

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
    def hidden(self) -> Fields:
        """What its form sends beside what is filled in."""
        found = re.findall(r'type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', self.text)
        return [(name, unescape(value)) for name, value in found]

    @property
    def kept(self) -> Fields:
        """What "Try again" sends, as a browser does: the line break after the tag is dropped, others are CR LF."""
        found = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', self.text, re.DOTALL)
        return [(name, re.sub("\r?\n", "\r\n", unescape(text))) for name, text in found]


class GaveUp(Exception):
    """It took longer than anybody waits."""


class Citizen:
    """One of them. The impatient press each button twice, without waiting for what the first press brought."""

    def __init__(self, port: int, path: str, number: int, until: float, impatient: bool = False) -> None:
        self.port, self.path, self.until, self.impatient = port, path, until, impatient
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

    def _fill_in(self) -> Reply:
        form = self._get("1/")
        saved = self._post("1/", form.hidden + self.account.answers)
        if saved.status != 303:
            self.account.notes.append(f"section: {saved.status}")
            raise GaveUp
        return self._get("check/")

    def _send(self, check: Reply) -> bool:
        for _attempt in range(5):
            if check.status != 200:  # what was saved is gone
                self.account.vanished += 1
                self.account.notes.append(f"check: {check.status}")
                return False
            check = self._post("check/", check.hidden)
            if check.status == 303:
                self.account.acknowledged = True
                return True
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
                self.account.unavailable += reply.status == 503
                self.account.broken += reply.status != 503
                if method == "POST":
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
        try:
            connection = self._begin("POST", step, fields)
            time.sleep(0.02)
            connection.close()
        except (OSError, http.client.HTTPException):
            self.account.cut += 1

    def _ask(self, method: str, step: str, fields: Fields) -> Reply:
        connection = self._begin(method, step, fields)
        try:
            response = connection.getresponse()
            body = response.read()
            cookie = re.match(r"(__Secure-answering=\w+)", response.headers.get("Set-Cookie", ""))
            if cookie:
                self.cookie = cookie.group(1)
            return Reply(response.status, response.headers.get("Location", ""), body.decode())
        finally:
            connection.close()

    def _begin(self, method: str, step: str, fields: Fields) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SILENCE)
        headers = {"X-Forwarded-Proto": "https", "Cookie": self.cookie}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, self.path + step, urlencode(fields) if fields else None, headers)
        return connection
