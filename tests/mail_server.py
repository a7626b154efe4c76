"""A mail server on this machine for tests: a process of its own that writes each message it accepts into a folder.

It replies by the name before the @ of the recipient: nobody is refused for good (550), busy is refused the first time
(451), slow is kept waiting; everybody else is accepted at once.

    python tests/mail_server.py PORT FOLDER ADDRESS
"""

import asyncio
import socket
import subprocess
import sys
import time
from contextlib import closing
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

SLOW = 4.0  # seconds


class Handler:
    """Decides what is accepted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.turned_away: set[str] = set()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        name = address.partition("@")[0]
        if name == "nobody":
            return f"550 5.1.1 <{address}>: no such mailbox"
        if name == "busy" and address not in self.turned_away:
            self.turned_away.add(address)
            return f"451 4.7.1 <{address}>: try again later"
        if name == "slow":
            await asyncio.sleep(SLOW)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        number = len(list(self.folder.iterdir()))
        (self.folder / f"{number:04}.eml").write_bytes(envelope.content)
        return "250 accepted"


class MailServer:
    """The process, and what it accepted."""

    def __init__(self, folder: Path, before: tuple[str, ...] = (), host: str = "127.0.0.1") -> None:
        # before: what stands before its command, where it runs on a host of its own.
        self.folder, self.before, self.host = folder, before, host
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [*self.before, sys.executable, __file__, str(self.port), str(self.folder), self.host]
        self.process = subprocess.Popen(command)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with closing(socket.socket()) as probe:
                if probe.connect_ex((self.host, self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("the mail server did not start")

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()

    @property
    def accepted(self) -> list[EmailMessage]:
        """The messages, decoded, in the order in which they came."""
        files = sorted(self.folder.iterdir())
        return [message_from_bytes(file.read_bytes(), policy=default) for file in files]


def main(port: int, folder: Path, host: str) -> None:
    """Serve until killed."""
    from aiosmtpd.smtp import SMTP

    handler = Handler(folder)

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(handler, hostname="localhost"), host, port)
        await server.serve_forever()

    asyncio.run(serve())


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
