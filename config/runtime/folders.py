"""Folders of a run directory, with the owners and modes the servers insist on."""

import os
import pwd
import stat
import sys
from pathlib import Path

# PostgreSQL refuses to run as root. These exist already; the embedded server adds no account.
SERVER_USERS_FOR_ROOT = ("postgres", "nobody")


class UnsafeFolder(Exception):
    """A private folder's place is taken by somebody else's."""


def server_owner(data: Path) -> tuple[int, int]:
    """User and group the database runs as: the owner of its files, ourselves, or for root another."""
    if data.exists():
        owner = data.stat()
        return owner.st_uid, owner.st_gid
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    for name in SERVER_USERS_FOR_ROOT:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise LookupError("no unprivileged user to run PostgreSQL as")


def make_private(folder: Path, owner: tuple[int, int]) -> None:
    """Create the folder with mode 0700 for its owner, or check that it is already exactly ours."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), owner[0]}:
            raise UnsafeFolder(f"{folder} belongs to somebody else") from None
        folder.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(folder, *owner)


def make_writable_file(path: Path, owner: tuple[int, int]) -> None:
    """Make sure the owner can append to the file even where they may not create one."""
    path.touch(mode=0o600)
    if os.geteuid() == 0:
        os.chown(path, *owner)


def let_through(path: Path, owner: tuple[int, int]) -> None:
    """Give others search permission (not read) on our parents of the path, where it is missing.

    Only needed when root starts a server that must run as another user below, say, /root.
    """
    if os.geteuid() != 0 or owner[0] == 0:
        return
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
            print(
                f"{parent}: others may now pass through (PostgreSQL must not run as root)",
                file=sys.stderr,
            )
