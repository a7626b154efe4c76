"""The site on several hosts: proxy, two web hosts, pooler, PostgreSQL and a standby that commits wait for, the rest."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import boto3
import pytest
from django.db import connection

from tests import postgres
from tests.conftest import MISSING, ROOT
from tests.mail_server import MailServer
from tests.pooler import Pooler
from tests.postgres import OWNER, Cluster, NoEngine, as_owner, unprivileged
from tests.replica import Replica, replica_of, set_up
from tests.rig import proxy
from tests.rig.network import Network, network
from tests.rig.place import Place, filled_from

HOSTS = ("town", "front", "web1", "web2", "work", "pool", "db1", "db2", "store")
AT = {"nginx": "front", "tick": "work", "redis": "store", "s3": "store"}  # where a process is, if not on its own host
WEB, PROXY, POOL, REDIS, S3 = 8000, 80, 6432, 6379, 5000  # ports
SCRIPTS = ROOT / "deploy"


@dataclass
class Hosts(Place):
    """The place of many hosts. `cluster` is the primary, whichever host it is on now."""

    network: Network = field(kw_only=True)
    webs: tuple[str, ...] = ("web1", "web2")
    waits: bool = True  # whether commits wait for the standby
    made: int = 0  # standbys so far
    replica: Replica | None = None
    old: Cluster | None = None  # the primary before
    lost_packets: int = 0

    def front(self) -> tuple[str, int]:
        """The proxy."""
        return self.network.hosts["front"], PROXY

    def mail_server(self) -> MailServer:
        """On a host of its own."""
        return MailServer(self.folder / "mail", self.network.at("store"), self.network.hosts["store"])

    def join(self) -> None:
        """Citizens are in town."""
        self.network.join("town")

    def at(self, name: str) -> tuple[str, ...]:
        """Each process is on its host."""
        return self.network.at(AT.get(name, name))

    def bind(self, name: str) -> tuple[str, int]:
        """Each web server has its own host."""
        return self.network.hosts[name], WEB

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are told: everything by address."""
        store = self.network.hosts["store"]
        return super().environment | {
            "DATABASE_URL": self.pooler.url,
            "DATABASE_POOLER": "true",
            "PROXY_CACHES": f"http://{self.address}:8081",
            "CACHE_URL": f"redis://{store}:{REDIS}/0",
            "S3_BUCKET": "site",
            "S3_ENDPOINT_URL": f"http://{store}:{S3}",
            "S3_REGION": "eu-west-2",
            "S3_ACCESS_KEY_ID": "only-for-tests",
            "S3_SECRET_ACCESS_KEY": "only-for-tests",
        }

    def start(self) -> None:
        """Start everything; the primary runs already."""
        self.add_standby("db2")
        folder = self.folder / "pool"
        folder.mkdir(mode=0o755)
        self.pooler = Pooler(folder, 20, self.network.hosts["pool"], before=self.network.at("pool"), port=POOL)
        self.pooler.lead_to(self.cluster)
        self.pooler.start()
        self.start_redis()
        self.start_s3()
        super().start()
        self.wait_for(self.network.hosts["store"], REDIS)
        self.start_proxy()

    def start_redis(self) -> None:
        """Start the cache, which forgets when it ends."""
        host = self.network.hosts["store"]
        self.run("redis", "redis-server", "--bind", host, "--protected-mode", "no", "--save", "", "--port", str(REDIS))

    def start_s3(self) -> None:
        """Start what stands for S3, with an empty bucket."""
        told = self.environment
        program = Path(sys.executable).parent / "moto_server"
        self.run("s3", str(program), "-H", self.network.hosts["store"], "-p", str(S3))
        self.wait_for(self.network.hosts["store"], S3)
        client = boto3.client(
            "s3",
            endpoint_url=told["S3_ENDPOINT_URL"],
            region_name=told["S3_REGION"],
            aws_access_key_id=told["S3_ACCESS_KEY_ID"],
            aws_secret_access_key=told["S3_SECRET_ACCESS_KEY"],
        )
        where = {"LocationConstraint": told["S3_REGION"]}
        client.create_bucket(Bucket=told["S3_BUCKET"], CreateBucketConfiguration=where)

    def start_proxy(self) -> None:
        """Start nginx."""
        webs = [f"{self.network.hosts[name]}:{WEB}" for name in self.webs]
        self.run("nginx", *proxy.command(self.folder / "nginx", self.address, PROXY, webs))
        self.wait_for(self.address, PROXY)

    def add_standby(self, host: str) -> None:
        """Copy the primary to a host, and let commits wait for the copy."""
        self.made += 1
        folder = self.folder / f"standby{self.made}"
        self.replica = replica_of(
            self.cluster, folder, self.waits, before=self.network.at(host), address=self.network.hosts[host]
        )

    def promote(self) -> None:
        """As the runbook says: let the standby take the place of a primary that is off, and lead the pooler there."""
        assert self.replica
        new, old = self.replica, self.cluster
        script: list[str | Path] = [*new.before, *as_owner(), SCRIPTS / "postgresql" / "promote"]
        told = os.environ | {
            "PGDATA": str(new.data),
            "PGBIN": str(new.binaries),
            "PGHOST": str(new.folder),
            "PGUSER": OWNER,
        }
        subprocess.run(script, check=True, env=told, cwd=new.folder)
        self.lead_to(new)
        self.cluster, self.replica, self.old = new, None, old

    def take_in_again(self) -> None:
        """Make a standby of the host whose primary was lost, and let commits wait for it."""
        assert self.old
        forget(self.old)
        self.add_standby(self.host_of(self.old))

    def host_of(self, cluster: Cluster) -> str:
        """Where a server of the database is."""
        return next(name for name, address in self.network.hosts.items() if address == cluster.address)

    def lead_to(self, cluster: Cluster) -> None:
        """Tell the pooler where the primary is."""
        script: list[str | Path] = [
            SCRIPTS / "pgbouncer" / "lead-to",
            cluster.address,
            self.pooler.folder / "pgbouncer.ini",
        ]
        reload = f"kill -HUP {self.pooler.pid}" if self.pooler.process.poll() is None else "true"
        subprocess.run(script, check=True, env=os.environ | {"RELOAD": reload})

    def go_alone(self) -> None:
        """As an administrator would, where the standby is away for long."""
        told = os.environ | {"PGHOST": str(self.cluster.folder), "PGUSER": OWNER}
        subprocess.run([SCRIPTS / "postgresql" / "alone"], check=True, env=told, cwd=self.cluster.folder)

    def wait_again(self) -> None:
        """Let commits wait for the standby once more."""
        assert self.replica
        if self.waits:
            set_up(self.cluster, "synchronous_standby_names", self.replica.folder.name)

    @property
    def direct(self) -> dict[str, str]:
        """The environment of an administrator's command: past the pooler."""
        return self.environment | {"DATABASE_URL": self.cluster.url, "DATABASE_POOLER": "false"}

    def stop(self) -> None:
        """End everything, the standby and the primary last."""
        super().stop()
        if hasattr(self, "pooler"):
            self.pooler.stop()
        for cluster in (self.replica, self.cluster):
            if cluster and (cluster.data / "postmaster.pid").exists():
                with suppress(NoEngine):  # it has died already
                    cluster.stop("immediate")
        if self.old and (self.old.data / "postmaster.pid").exists():
            forget(self.old)


def forget(cluster: Cluster) -> None:
    """Take away what is left of a server that was killed, its data too."""
    number = (cluster.data / "postmaster.pid").read_text().split("\n")[6].split()[1]
    subprocess.run(["ipcrm", "--shmem-id", number], check=False, stderr=subprocess.DEVNULL)
    shutil.rmtree(cluster.data)


MORE = (
    "max_connections=60",
    "dynamic_shared_memory_type=mmap",  # a server that is killed for good leaves nothing in memory
    "wal_receiver_timeout=10s",
    "wal_sender_timeout=10s",
)


@contextmanager
def on_hosts(
    entry: str = "config.wsgi", more: tuple[str, ...] = (), waits: bool = True, disk: Path | None = None
) -> Iterator[Hosts]:
    """The whole site on hosts of its own, with what the test's own database holds. disk: for the primary's data."""
    binaries = postgres.debian_binaries()
    if binaries is None:
        pytest.skip(f"{MISSING}Debian's package postgresql")
    with ExitStack() as stack:
        hosts = stack.enter_context(network(*HOSTS))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="connected-hosts-")))
        folder.chmod(0o755)
        data = disk or folder / "first"
        data.mkdir(exist_ok=True)
        unprivileged("chown", data)
        cluster = Cluster(binaries, data, True, (*MORE, *more), hosts.at("db1"), hosts.hosts["db1"])
        cluster.create()
        made = Hosts(cluster, folder, entry, network=hosts, waits=waits)
        stack.callback(made.stop)
        cluster.start()
        filled_from(cluster, connection.get_connection_params())
        with hosts.on("town"):
            made.start()
            yield made
