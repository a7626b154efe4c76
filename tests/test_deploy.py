"""What is deployed is what it says: the image, the containers, the units. No engine is needed to see it."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import postgres, proxy
from tests.conftest import MISSING, ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
ONE_OFF = {"migrate", "bucket", "owners"}
MORE = {"owners": ["CHOWN"]}  # what one of them may do beyond the others


def containers(text: str = "") -> dict[str, Any]:
    """The services of compose.yaml, by name."""
    found: dict[str, Any] = yaml.safe_load(text or (DEPLOY / "compose.yaml").read_text())
    return found["services"]


def dockerfile() -> list[list[str]]:
    """The instructions of the Dockerfile by stages, each on one line."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    lines = [re.sub(r"\s+", " ", line).strip() for line in text.splitlines() if line.strip()]
    stages: list[list[str]] = []
    for line in lines:
        if line.startswith("FROM "):
            stages.append([])
        stages[-1].append(line)
    return stages


def careless(services: dict[str, Any]) -> list[str]:
    """What a container may do and should not, or lacks."""
    found = []
    for name, its in services.items():
        image, tag = its["image"].rsplit("/", 1)[-1].partition(":")[::2]
        limits = its.get("deploy", {}).get("resources", {}).get("limits", {})
        told = " ".join(its.get("environment", {}))
        checks = its.get("healthcheck", {})
        rules = {
            "may write to its own file system": its.get("read_only") is True,
            "keeps capabilities": its.get("cap_drop") == ["ALL"],
            "may gain privileges": "no-new-privileges:true" in its.get("security_opt", []),
            "is privileged": not {"privileged", "pid", "devices"} & set(its) and its.get("cap_add") == MORE.get(name),
            f"has no version of {image}": bool(re.search(r"\d+\.\d+", tag)),
            "has no limits": {"cpus", "memory", "pids"} <= set(limits),
            "has no health check": bool(checks.get("test")) or (name in ONE_OFF and checks == {"disable": True}),
            "is published": "ports" not in its or name == "proxy",
            "says a secret": not re.search(r"PASSWORD\b|SECRET_KEY|SECRET_ACCESS", told),
        }
        found += [f"{name} {fault}" for fault, is_kept in rules.items() if not is_kept]
    return found


def test_no_container_may_do_more_than_it_has_to():
    services = containers()

    assert len(services) > 6
    assert careless(services) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("read_only: true", "read_only: false", "may write to its own file system"),
        ("postgres:15.15-bookworm", "postgres:latest", "db has no version of postgres"),
        ("cap_drop: [ALL]", "cap_drop: []", "keeps capabilities"),
        ("PROXIES:", "SECRET_KEY: x\n    PROXIES:", "says a secret"),
        ("cap_add: [CHOWN]", "cap_add: [CHOWN, SETUID]", "owners is privileged"),
        ("      test: [", "      nothing: [", "has no health check"),
        ("    networks: [back]", "    ports: ['5432:5432']", "is published"),
    ],
)
def test_a_careless_container_is_found(old, new, fault):
    text = (DEPLOY / "compose.yaml").read_text()
    assert old in text

    assert any(fault in each for each in careless(containers(text.replace(old, new))))


def known_names() -> set[str]:
    """Every name that the settings read from the environment."""
    settings = "".join(file.read_text() for file in (ROOT / "site" / "config" / "settings").glob("*.py"))
    gunicorn = set(re.findall(r'environ\.get\("([A-Z_]+)"', (DEPLOY / "gunicorn.conf.py").read_text()))
    return set(re.findall(r'\benv(?:\.\w+)?\("([A-Z0-9_]+)"', settings)) | gunicorn


def test_containers_and_units_tell_the_site_only_what_it_reads():
    # Read by Django, by the scripts of backup, and by settings that come with other parts.
    others = {"DJANGO_SETTINGS_MODULE", "BACKUP_MARK", "CACHE_URL", "LOG_FORMAT", "METRICS"}
    web = containers()["web-1"]
    told = {*web["environment"], *web["secrets"]}
    told |= set(re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "connected.env.example").read_text(), re.MULTILINE))

    assert {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "PROXY_CACHES"} <= told
    assert {name for name in told - known_names() - others if not name.startswith("S3_")} == set()


def test_the_proxy_of_the_containers_is_told_all_that_its_template_asks_for():
    asked = set(re.findall(r"\$\{([A-Z_]+)\}", (DEPLOY / "nginx" / "connected.conf.template").read_text()))
    example = set(re.findall(r"^([A-Z_]+)='", (DEPLOY / "nginx" / "proxy.env.example").read_text(), re.MULTILINE))

    assert asked == example == set(containers()["proxy"]["environment"])


def test_every_web_host_is_one_that_the_proxy_asks_and_takes_a_purge_from():
    services = containers()
    addresses = [its["networks"]["front"]["ipv4_address"] for name, its in services.items() if name.startswith("web-")]
    front = services["proxy"]["environment"]

    assert len(addresses) == 2
    assert all(f"server {address}:8000" in front["WEB_SERVERS"] for address in addresses)
    assert all(address.startswith(front["FORGET_FROM"].removesuffix("0/24")) for address in addresses)
    assert services["web-1"]["environment"]["PROXY_CACHES"] == f"http://{front['FORGET_LISTEN']}"


def test_every_file_that_a_container_is_given_is_there():
    mounts = [mount for its in containers().values() for mount in its.get("volumes", []) if mount.startswith("./")]

    assert mounts
    assert [mount for mount in mounts if not (DEPLOY / mount.split(":")[0]).exists()] == []


def test_the_database_of_the_containers_waits_for_the_disk_and_tells_nobody_what_was_sent():
    said = containers()["db"]["command"]

    for setting in ("fsync=on", "full_page_writes=on", "synchronous_commit=on", "log_min_error_statement=panic"):
        assert f"-c{setting}" in said


def test_the_log_of_the_containers_database_is_archived_by_the_same_script_into_a_folder_that_is_its_own():
    services = containers()
    db, owners = services["db"], services["owners"]
    (command,) = [each.partition("archive_command=")[2] for each in db["command"] if "archive_command=" in each]
    script = command.split()[0]

    assert f"./backup/archive-wal:{script}:ro" in db["volumes"]
    assert {"archive:/archive", "files:/data"} <= set(owners["volumes"])
    for name, folder in (("db", "/archive"), ("files", "/data")):
        assert f"chown {services[name]['user']} {folder}" in owners["entrypoint"][-1]
        assert services[name]["depends_on"]["owners"] == {"condition": "service_completed_successfully"}


def test_the_pooler_of_the_containers_listens_to_the_others_and_leads_to_the_database(tmp_path):
    pgbouncer = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if pgbouncer is None:
        pytest.skip(f"{MISSING}pgbouncer")
    mounted = containers()["pooler"]
    assert mounted["volumes"] == ["./pgbouncer:/etc/pgbouncer:ro"] and mounted["secrets"] == ["userlist.txt"]
    for folder in [tmp_path, *tmp_path.parents][:4]:  # a worker of xdist has one more
        folder.chmod(0o755)
    (port,) = proxy.free_ports(1)
    (tmp_path / "userlist.txt").write_text('"connected" "secret"\n')
    for file in ("pgbouncer.ini", "compose.ini"):
        text = (DEPLOY / "pgbouncer" / file).read_text().replace("/etc/pgbouncer", str(tmp_path))
        text = text.replace("/run/secrets", str(tmp_path)).replace("host=db ", "host=db.invalid ")
        (tmp_path / file).write_text(text.replace("6432", str(port)))
    script = mounted["entrypoint"][-1].replace("/tmp/", "/etc/pgbouncer/made-")  # noqa: S108
    script = script.replace("/etc/pgbouncer", str(tmp_path))
    postgres.unprivileged("chown", tmp_path)
    command = [*postgres.as_owner(), "sh", "-c", script.replace("exec pgbouncer", f"exec {pgbouncer}")]
    with (tmp_path / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as running:
        try:
            time.sleep(1)
            url = f"postgresql://connected:secret@127.0.0.1:{port}/connected?connect_timeout=4"
            asked = subprocess.run(["psql", "-c", "SELECT 1", url], capture_output=True, text=True)
        finally:
            running.terminate()

    assert f"listening on 0.0.0.0:{port}" in (tmp_path / "log").read_text()
    assert "DNS lookup failed: db.invalid" in (tmp_path / "log").read_text(), asked.stderr


def test_the_tables_of_the_containers_are_changed_past_the_pooler():
    assert {"source": "DIRECT_URL", "target": "DATABASE_URL"} in containers()["migrate"]["secrets"]


def test_the_image_runs_as_nobody_in_particular_and_holds_no_secret():
    build, image = dockerfile()
    users = [line for line in image if line.startswith("USER ")]

    assert users == ["USER 10001:10001"]
    assert build[0].split()[1] == image[0].split()[1]
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm", build[0].split()[1])
    assert not any(re.match(r"(ENV|ARG)\b.*(KEY|PASSWORD|SECRET|URL)", line) for line in [*build, *image])
    assert any("--require-hashes -r requirements-production.txt" in line for line in build)
    assert not any("--chown" in line for line in image)
    assert any(line.startswith("HEALTHCHECK ") for line in image)


def test_nothing_reaches_the_image_but_what_it_is_made_of():
    let_in = (DEPLOY / "Dockerfile.dockerignore").read_text().split()
    copied = [name for line in dockerfile()[0] if line.startswith("COPY ") for name in line.split()[1:-1]]

    assert let_in[let_in.index("*") :][0] == "*"
    assert sorted(copied) == sorted(name.removeprefix("!") for name in let_in if name.startswith("!"))
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_secrets_of_a_container_become_its_environment_and_stand_in_no_command(tmp_path):
    (tmp_path / "SECRET_KEY").write_text("a b'c\n")
    script = (DEPLOY / "with-secrets").read_text().replace("/run/secrets", str(tmp_path))
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "with-secrets").write_text(script)

    said = subprocess.run(
        ["sh", str(tmp_path / "run" / "with-secrets"), "printenv", "SECRET_KEY"], capture_output=True, text=True
    )

    assert said.stdout == "a b'c\n"


SCRIPTS = ["deploy/with-secrets", "deploy/make-secrets", "deploy/pgbouncer/lead-to"]
SCRIPTS += [f"deploy/{kind}/{file.name}" for kind in ("backup", "postgresql") for file in (DEPLOY / kind).iterdir()]


@pytest.mark.parametrize("script", sorted(each for each in SCRIPTS if not each.endswith(".conf")))
def test_scripts_are_sound(script):
    if shutil.which("shellcheck") is None:
        pytest.skip(f"{MISSING}shellcheck")
    assert os.access(ROOT / script, os.X_OK)

    said = subprocess.run(["shellcheck", ROOT / script], capture_output=True, text=True)

    assert said.returncode == 0, said.stdout


def test_secrets_are_made_once(tmp_path):
    shutil.copytree(DEPLOY / "secrets", tmp_path / "secrets")
    shutil.copy(DEPLOY / "make-secrets", tmp_path)
    environment = os.environ | {"EMAIL_URL": "smtp+tls://a:b@mail.example.org:587"}

    def make() -> dict[str, str]:
        subprocess.run([tmp_path / "make-secrets"], env=environment, check=True)
        return {file.name: file.read_text().strip() for file in (tmp_path / "secrets").iterdir()}

    first = make()

    named = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["secrets"].values()
    read = {re.sub(r"\$\{\w+:-(\w+)\}", r"\1", each["file"]).removeprefix("./secrets/") for each in named}
    instead = re.findall("^#DATABASE_URL_FILE=(.*)", (DEPLOY / "compose.env.example").read_text(), re.MULTILINE)

    assert set(first) - {".gitignore"} == read | set(instead)
    assert f":{first['DATABASE_PASSWORD']}@pooler:6432/" in first["POOLER_URL"]
    assert first["userlist.txt"] == f'"connected" "{first["DATABASE_PASSWORD"]}"'
    assert len(first["SECRET_KEY"]) > 50 and first["DATABASE_PASSWORD"] in first["DATABASE_URL"]
    assert make() == first


# Units


def units(folder: Path) -> list[Path]:
    """The units, with commands that this machine has."""
    for unit in UNITS:
        text = re.sub(r"/srv/connected/\S+(?=[ \n])", "/bin/true", unit.read_text())
        (folder / unit.name).write_text(text.replace("file:///bin/true", "man:true(1)"))
    return sorted(folder.iterdir())


def analyze(*arguments: Any) -> "subprocess.CompletedProcess[str]":
    if shutil.which("systemd-analyze") is None:
        pytest.skip(f"{MISSING}systemd-analyze")
    return subprocess.run(["systemd-analyze", *map(str, arguments)], capture_output=True, text=True)


def test_systemd_takes_the_units(tmp_path):
    said = analyze("verify", "--man=no", *units(tmp_path))

    assert (said.returncode, said.stderr) == (0, "")


def test_a_unit_that_systemd_does_not_take_is_found(tmp_path):
    broken = next(unit for unit in units(tmp_path) if unit.name == "connected-web.service")
    broken.write_text(broken.read_text().replace("ProtectSystem=strict", "ProtectSytem=strict"))

    assert "ProtectSytem" in analyze("verify", "--man=no", broken).stderr


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.stem)
def test_a_unit_is_exposed_to_little(unit):
    threshold = 30 if unit.stem == "connected-backup" else 20  # it is root's, to read what is others'

    said = analyze("security", "--offline=yes", f"--threshold={threshold}", unit)

    assert said.returncode == 0, said.stdout.splitlines()[-1]
    assert "ReadWritePaths=/var/lib/connected\n" in unit.read_text()


def test_a_unit_without_its_limits_is_found(tmp_path):
    bare = tmp_path / "bare.service"
    text = (DEPLOY / "systemd" / "connected-web.service").read_text()
    bare.write_text(re.sub(r"^(Protect|Private|Restrict|SystemCall|Capability).*\n", "", text, flags=re.MULTILINE))

    assert analyze("security", "--offline=yes", "--threshold=20", bare).returncode != 0


# The proxy, filled in by the command of the runbook


def filled_in(folder: Path) -> str:
    """What the runbook's command makes of the example."""
    if shutil.which("envsubst") is None:
        pytest.skip(f"{MISSING}envsubst, of Debian's gettext-base")
    guide = (ROOT / "docs" / "running" / "install.md").read_text()
    command = re.search(r"    (set -a; \. /etc/connected-proxy\.env.*?connected\.conf)\n", guide, re.DOTALL)
    assert command
    script = command[1].replace("/etc/connected-proxy.env", str(DEPLOY / "nginx" / "proxy.env.example"))
    script = script.replace("/etc/nginx/conf.d/connected.conf", str(folder / "connected.conf"))
    subprocess.run(["bash", "-euc", script], cwd=ROOT, check=True)
    return (folder / "connected.conf").read_text()


def test_the_runbooks_command_fills_in_all_and_leaves_nginx_its_own_variables(tmp_path):
    text = filled_in(tmp_path)

    assert text == proxy.fill((DEPLOY / "nginx" / "connected.conf.template").read_text(), proxy.example())
    assert "listen 443 ssl http2;" in text and "X-Forwarded-Proto $scheme;" in text
    assert "${" not in text


def test_nginx_takes_what_the_runbook_makes_with_a_certificate(tmp_path):
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip(f"{MISSING}nginx and openssl")
    names = ["-keyout", f"{tmp_path}/privkey.pem", "-out", f"{tmp_path}/fullchain.pem", "-subj", "/CN=plan.example.org"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *names], check=True, capture_output=True
    )
    text = filled_in(tmp_path).replace("/etc/nginx/connected.d", str(tmp_path / "extra"))
    text = text.replace("/var/cache/nginx/connected", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
    tls = (DEPLOY / "nginx" / "tls.conf").read_text().replace("/etc/ssl/connected", str(tmp_path))
    (tmp_path / "extra").mkdir()
    (tmp_path / "extra" / "tls.conf").write_text(tls)
    redirect = (DEPLOY / "nginx" / "redirect.conf").read_text()
    if not Path("/proc/net/if_inet6").exists():  # as the file says
        redirect = redirect.replace("listen [::]", "#")
        (tmp_path / "extra" / "tls.conf").write_text(tls.replace("listen [::]", "#"))
    (tmp_path / "connected.conf").write_text(text + redirect)
    (tmp_path / "nginx.conf").write_text(proxy.FRAME.format(folder=tmp_path, user=""))

    said = subprocess.run(
        [nginx, "-t", "-e", f"{tmp_path}/error.log", "-c", f"{tmp_path}/nginx.conf"], capture_output=True, text=True
    )

    assert said.returncode == 0, said.stderr
    assert "[warn]" not in said.stderr.replace('[warn] 1: the "user"', "")


# PostgreSQL's scripts


def test_a_standby_may_have_a_hyphen_in_its_name():
    try:
        with postgres.cluster() as cluster:
            path = f"{cluster.binaries}{os.pathsep}{os.environ['PATH']}"
            told = os.environ | {"PGHOST": str(cluster.folder), "PGUSER": postgres.OWNER, "PATH": path}
            script = DEPLOY / "postgresql" / "alone"

            subprocess.run([script, "--until-here", "node-2"], env=told, check=True)
            named = shown(told, "synchronous_standby_names")
            subprocess.run([script], env=told, check=True)

            assert (named, shown(told, "synchronous_standby_names")) == ('"node-2"', "")
    except postgres.NoEngine as reason:
        pytest.skip(f"{MISSING}a PostgreSQL of its own: {reason}")


def shown(told: dict[str, str], setting: str) -> str:
    """A setting of the server that libpq's variables lead to."""
    time.sleep(0.5)  # until it is read again
    command = ["psql", "--no-psqlrc", "-Atc", f"SHOW {setting}", "postgres"]
    return subprocess.run(command, env=told, capture_output=True, text=True, check=True).stdout.strip()


def test_a_standby_of_debian_is_promoted_without_a_word_about_where_it_is(tmp_path):
    if not Path("/usr/lib/postgresql/15/bin").exists():
        pytest.skip(f"{MISSING}Debian's PostgreSQL 15")
    text = (DEPLOY / "postgresql" / "promote").read_text()
    (tmp_path / "promote").write_text(text.replace("/var/lib/postgresql/15/main", str(tmp_path / "nothing")))

    said = subprocess.run(["sh", tmp_path / "promote"], env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True)

    assert said.stderr.startswith("pg_ctl: ")  # which finds nothing there, or will not be root
