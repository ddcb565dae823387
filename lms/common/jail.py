"""Run one program with nothing but its own input and output: `python -I -S jail.py JSON PROGRAM ARGS…`.

A script rather than a preexec hook, because hooks are unsafe in processes with threads. It limits
itself, then becomes the program: memory, CPU, file size and open files (setrlimit), the file system
(Landlock), the network (its own empty network namespace, Landlock's TCP rules besides), priority,
and it dies with the process that started it, so a killed worker leaves no program behind.
Standard library only: it starts in 15 ms.
"""

import ctypes
import json
import os
import resource
import signal
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
# System calls 444–446 have the same number on every architecture.
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
READ_FILE, READ_DIR, EXECUTE = 1 << 2, 1 << 3, 1 << 0
# Rights known by Landlock's ABI 1, 2 (refer), 3 (truncate) and 5 (ioctl); a newer kernel knows all of them.
RIGHTS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
RIGHTS_LATEST = (1 << 16) - 1
BIND_TCP, TCP_RIGHTS = 0b01, 0b11
RULE_PATH, RULE_PORT = 1, 2
FILE_RIGHTS = 0b111 | 1 << 14 | 1 << 15
# What a program needs to start: its libraries, and the source of randomness its C++ parts open.
SYSTEM = [
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    "/dev/urandom",
]


class RulesetAttr(ctypes.Structure):
    _fields_ = [("access_fs", ctypes.c_uint64), ("access_net", ctypes.c_uint64)]


class PathAttr(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


class PortAttr(ctypes.Structure):
    _fields_ = [("allowed", ctypes.c_uint64), ("port", ctypes.c_uint64)]


def follow_parent(parent: int) -> None:
    """Die with the parent. The parent may have died before the request reached the kernel, hence the check."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(137)


def limit_resources(limits: dict[str, int]) -> None:
    for name, value in limits.items():
        kind = getattr(resource, f"RLIMIT_{name.upper()}")
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def leave_network() -> None:
    """Best effort: containers may forbid namespaces; the protocol whitelist of the caller stands in any case."""
    if LIBC.unshare(CLONE_NEWNET) != 0:
        LIBC.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def landlock_abi() -> int:
    return max(0, LIBC.syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1))


def confine_files(*, readable: list[str], writable: list[str], port: int | None) -> bool:
    """Close the file system but for the given paths, and TCP but for listening on `port`.

    False where the kernel is too old for Landlock; ports are closed from its ABI 4 on.
    """
    abi = landlock_abi()
    if abi == 0:
        return False
    rights = RIGHTS_BY_ABI.get(abi, RIGHTS_LATEST)
    attr = RulesetAttr(rights, TCP_RIGHTS if abi >= 4 else 0)
    size = ctypes.sizeof(attr) if abi >= 4 else 8
    ruleset = LIBC.syscall(LANDLOCK_CREATE, ctypes.byref(attr), ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    for path in readable:
        allow(ruleset, path, READ_FILE | READ_DIR | EXECUTE)
    for path in writable:
        allow(ruleset, path, rights)
    if port is not None and abi >= 4:
        allow_port(ruleset, port)
    LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return LIBC.syscall(LANDLOCK_RESTRICT, ruleset, 0) == 0


def allow(ruleset: int, path: str, rights: int) -> None:
    if not os.path.exists(path):
        return
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    if not os.path.isdir(path):
        rights &= FILE_RIGHTS
    attr = PathAttr(rights, descriptor)
    if LIBC.syscall(LANDLOCK_ADD, ruleset, RULE_PATH, ctypes.byref(attr), 0) != 0:
        sys.exit(f"landlock refuses a rule for {path}: {os.strerror(ctypes.get_errno())}")
    os.close(descriptor)


def allow_port(ruleset: int, port: int) -> None:
    attr = PortAttr(BIND_TCP, port)
    if LIBC.syscall(LANDLOCK_ADD, ruleset, RULE_PORT, ctypes.byref(attr), 0) != 0:
        sys.exit(f"landlock refuses port {port}: {os.strerror(ctypes.get_errno())}")


def main() -> None:
    plan = json.loads(sys.argv[1])
    program = sys.argv[2:]
    follow_parent(plan["parent"])
    os.nice(plan["nice"])
    if plan["port"] is None:
        leave_network()
    confine_files(
        readable=[*SYSTEM, *plan["readable"], program[0]],
        writable=plan["writable"],
        port=plan["port"],
    )
    limit_resources(plan["limits"])
    os.execv(program[0], program)  # noqa: S606 - this is the point


if __name__ == "__main__":
    main()
