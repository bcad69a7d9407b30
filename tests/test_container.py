"""Dockerfile, compose.yaml and .dockerignore as data, since no engine runs here; and the image's steps without one."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from crawler import __version__
from crawler.catalogue import load
from crawler.cli import app

CHECKOUT = Path(__file__).resolve().parent.parent
COMMANDS = get_command(app).commands


def instructions() -> list[tuple[str, str]]:
    """Every instruction of the Dockerfile, continued lines joined."""
    lines = [line for line in (CHECKOUT / "Dockerfile").read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [
        (name, rest.strip()) for name, _, rest in (line.partition(" ") for line in joined.splitlines() if line.strip())
    ]


def stages() -> list[list[tuple[str, str]]]:
    """The instructions of each stage, FROM first."""
    out: list[list[tuple[str, str]]] = []
    for instruction in instructions():
        if instruction[0] == "FROM":
            out.append([])
        out[-1].append(instruction)
    return out


def only(name: str) -> str:
    """The one instruction of that name in the image."""
    found = [rest for each, rest in stages()[-1] if each == name]
    assert len(found) == 1, f"{name}: {found}"
    return found[0]


def ignored(path: str) -> bool:
    """Whether .dockerignore keeps a file of the checkout from the engine; the last rule that matches decides."""
    kept_out = False
    for line in (CHECKOUT / ".dockerignore").read_text().splitlines():
        rule = line.strip()
        if not rule or rule.startswith("#"):
            continue
        pattern, wanted = rule.removeprefix("!"), rule.startswith("!")
        parts = Path(path).parts
        heads = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        if pattern.startswith("**/"):
            hit = any(fnmatch.fnmatch(part, pattern[3:]) for part in parts)
        else:
            hit = any(fnmatch.fnmatchcase(head, pattern) for head in heads)
        if hit:
            kept_out = not wanted
    return kept_out


def test_images_are_pinned_to_a_version_and_slim():
    for stage in stages():
        image = stage[0][1].split()[0]
        assert re.fullmatch(r"python:3\.(11|12|13|14)-slim-[a-z]+", image), image


def test_what_is_copied_exists_and_reaches_the_engine():
    copied = [shlex.split(rest) for name, rest in stages()[0] if name == "COPY"]
    sources = [source for words in copied for source in words[:-1]]
    assert {"crawler", "storage", "requirements.lock", "sources.yml", "triggers.yml"} <= set(sources)
    for source in sources:
        assert (CHECKOUT / source).exists(), source
        assert not ignored(source), f"{source} is in .dockerignore"
    assert all(rest.startswith("--from=build ") for name, rest in stages()[-1] if name == "COPY")


@pytest.mark.parametrize("path", ["data/archive.db", ".git/config", ".venv/bin/python", "tests/conftest.py", ".env"])
def test_what_is_private_or_large_stays_here(path):
    assert ignored(path)
    assert ignored("crawler/__pycache__/cli.cpython-313.pyc")


def test_dependencies_come_from_the_lock_by_hash():
    installs = [rest for name, rest in stages()[0] if name == "RUN" and "pip install" in rest]
    steps = [step.strip() for rest in installs for step in rest.split("&&") if "pip install" in step]
    assert any("-r requirements.lock" in step for step in steps)
    for step in steps:
        assert "--require-hashes" in step or "--no-deps --no-index" in step, step
    assert not any("pip" in rest for name, rest in stages()[-1] if name == "RUN")


def test_the_image_is_nobody_s_root():
    assert only("USER") == "10001:10001"
    assert only("VOLUME") == "/data"
    order = [name for name, _ in stages()[-1]]
    assert order.index("USER") > max(n for n, (name, _) in enumerate(stages()[-1]) if name in ("RUN", "COPY"))


def test_signals_reach_the_scheduler():
    assert only("STOPSIGNAL") == "SIGTERM"
    assert json.loads(only("ENTRYPOINT")) == ["cruxwatch"]
    assert json.loads(only("CMD"))[0] in COMMANDS


def test_the_health_check_is_a_command_that_exists():
    command = json.loads(only("HEALTHCHECK").partition("CMD ")[2])
    assert command[0] == "cruxwatch"
    options = {name for option in COMMANDS[command[1]].params for name in option.opts}
    assert set(command[2:]) <= options


def test_environment_names_are_those_of_the_command_line():
    known = {option.envvar for command in COMMANDS.values() for option in command.params if option.envvar}
    used = set(re.findall(r"\bCRUXWATCH_[A-Z]+(?==)", only("ENV")))
    compose = yaml.safe_load((CHECKOUT / "compose.yaml").read_text())
    for service in compose["services"].values():
        used |= {name for name, value in service["environment"].items() if value is not None}
    assert used <= known
    assert "CRUXWATCH_ARCHIVE" in used


def test_the_keys_that_the_shipped_catalogue_names_reach_the_crawl_and_stand_nowhere(services):
    catalogue = load(CHECKOUT / "sources.yml", CHECKOUT / "triggers.yml")
    named = {"GITHUB_TOKEN"}
    for source in catalogue.sources:
        secret = getattr(source.options, "secret", None)
        named |= {secret.env} if secret else {getattr(source.options, "token_env", None)} - {None}
    handed_on = {name for name, value in services["schedule"]["environment"].items() if value is None}
    assert handed_on == named
    assert not [value for value in services["browse"]["environment"].values() if value is None], "it asks nobody"


def test_the_browser_is_an_option_of_the_build(services):
    for stage in stages():
        assert ("ARG", "BROWSER=no") in stage
        runs = [rest for name, rest in stage if name == "RUN"]
        steps = [
            step.strip() for rest in runs for step in rest.split("&&") if re.search(r"browser.lock|chromium", step)
        ]
        assert len(steps) == 1 and steps[0].startswith('if [ "$BROWSER" = yes ]; then '), steps
    assert services["schedule"]["build"]["args"] == {"BROWSER": "${BROWSER:-no}"}
    lock = (CHECKOUT / "tests" / "browser.lock").read_text()
    base = (CHECKOUT / "requirements.lock").read_text()
    pinned = re.compile(r"^[a-z0-9][a-z0-9_.-]*==[^ ]+", re.M)
    assert {"playwright"} <= {pin.partition("==")[0] for pin in pinned.findall(lock)}
    assert set(pinned.findall(base)) <= set(pinned.findall(lock)), "the same versions with a browser and without"


def test_the_label_names_this_version():
    labels = " ".join(rest for name, rest in stages()[-1] if name == "LABEL")
    assert f'org.opencontainers.image.version="{__version__}"' in labels
    assert "org.opencontainers.image.licenses" in labels


@pytest.fixture(scope="module")
def services() -> dict:
    return yaml.safe_load((CHECKOUT / "compose.yaml").read_text())["services"]


def test_two_services_share_one_volume(services):
    assert set(services) == {"schedule", "browse"}
    assert all("data:/data" in service["volumes"] for service in services.values())
    assert (
        services["schedule"]["environment"]["CRUXWATCH_ARCHIVE"]
        == services["browse"]["environment"]["CRUXWATCH_ARCHIVE"]
    )


@pytest.mark.parametrize("name", ["schedule", "browse"])
def test_services_have_no_more_rights_than_they_need(services, name):
    service = services[name]
    assert service["user"] == "10001:10001"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"] is True
    assert service["restart"] == "unless-stopped"
    assert any(place.startswith("/tmp") for place in service["tmpfs"])
    assert "privileged" not in service
    assert service["image"] == f"cruxwatch:{__version__}"


def test_the_browser_listens_on_this_machine_only(services):
    assert services["browse"]["ports"] == ["127.0.0.1:8001:8001"]
    assert "ports" not in services["schedule"]


def test_commands_of_the_services_exist(services):
    for service in services.values():
        name, *words = service["command"]
        options = {option for each in COMMANDS[name].params for option in each.opts}
        assert {word for word in words if word.startswith("--")} <= options


def test_the_catalogue_is_mounted_read_only_where_it_is_looked_for(services):
    place = only("WORKDIR")
    assert [volume for volume in services["schedule"]["volumes"] if volume.endswith(f":{place}:ro")]


def test_a_stop_has_the_time_it_takes(services):
    from crawler.schedule import GRACE

    assert int(services["schedule"]["stop_grace_period"].removesuffix("s")) >= GRACE.total_seconds() * 2


@pytest.mark.skipif(
    "CRUXWATCH_TEST_IMAGE" not in os.environ, reason="installs the whole lock: set CRUXWATCH_TEST_IMAGE"
)
def test_the_image_s_steps_work_without_an_engine(tmp_path):
    """The lock by hash, the wheel, and the command out of both, in a folder without the checkout."""
    venv.create(tmp_path / "image", with_pip=True)
    python = tmp_path / "image" / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    lock = CHECKOUT / "requirements.lock"
    subprocess.run([*pip, "install", "--require-hashes", "--only-binary", ":all:", "-r", str(lock)], check=True)
    wheel(tmp_path / "dist")
    subprocess.run([*pip, "install", "--no-deps", "--no-index", *map(str, (tmp_path / "dist").iterdir())], check=True)
    told = _outside([str(python), "-m", "crawler", "demo", "--dir", "demo"], tmp_path)
    assert "Every day the digest said what it should" in told
    assert "The catalogue is good" in _outside([str(python), "-m", "crawler", "check"], tmp_path)


def wheel(folder: Path) -> None:
    """Build the wheel as the Dockerfile does, with the build tools at hand."""
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(CHECKOUT)], check=True)


def _outside(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
