"""Signatures: `SHA256SUMS` signed with an OpenSSH key, and checked against those who may sign (`ssh-keygen
-Y`).
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import tempfile
from pathlib import Path

from casetrail.findings.error import CasetrailError

NAMESPACE = "casetrail-release"
"""What the signature is for; one made for mail or for git is not one for a release."""


_BEGIN, _END, _LINE = b"-----BEGIN SSH SIGNATURE-----\n", b"\n-----END SSH SIGNATURE-----\n", 70


def sign(sums: Path, key: Path) -> Path:
    """Sign the list with a private key (or, with an agent, the public one); the path of the signature.

    Raises:
        CasetrailError: There is no such key, or it cannot sign.
    """
    if not key.is_file():
        raise CasetrailError(f"there is no key at '{key}'; give the file of an OpenSSH key to --sign")
    done = _run("sign", "-q", "-f", str(key), "-n", NAMESPACE, str(sums))
    signature = sums.with_name(f"{sums.name}.sig")
    if done.returncode != 0 or not signature.is_file():
        raise CasetrailError(f"the key '{key}' could not sign: {_last(done)}")
    return signature


def check_signature(sums: bytes, signature: bytes, allowed_signers: Path | None) -> str:
    """Check that the signature belongs to the list; with `allowed_signers` (see `ssh-keygen`), who made it.

    Gives a sentence that says what is now known.

    Raises:
        CasetrailError: It does not hold (exit code 1).
    """
    if not _is_exact(signature):
        raise CasetrailError(
            "the signature is not written as ssh-keygen writes it: something was added or changed",
            exit_code=1,
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sig"
        path.write_bytes(signature)
        if allowed_signers is None:
            done = _run("check-novalidate", "-n", NAMESPACE, "-s", str(path), data=sums)
            if done.returncode != 0:
                raise CasetrailError(
                    f"the signature does not belong to SHA256SUMS: {_last(done)}", exit_code=1
                )
            return "signed by a key that was not compared with anybody's; give --allowed-signers to do that"
        if not allowed_signers.is_file():
            raise CasetrailError(f"there is no file of allowed signers at '{allowed_signers}'")
        search = _run("find-principals", "-f", str(allowed_signers), "-s", str(path), data=sums)
        names = (
            search.stdout.decode(errors="replace").split("\n")[0].split(",") if search.returncode == 0 else []
        )
        for name in filter(None, names):
            arguments = ("-f", str(allowed_signers), "-I", name, "-n", NAMESPACE, "-s", str(path))
            if _run("verify", *arguments, data=sums).returncode == 0:
                return f"signed by {name}"
        raise CasetrailError(f"nobody in '{allowed_signers}' made this signature of SHA256SUMS", exit_code=1)


def _is_exact(signature: bytes) -> bool:
    """Whether the file is the armour of one signature to the last byte: ssh-keygen stops at its end."""
    inner = signature.removeprefix(_BEGIN).removesuffix(_END)
    try:
        blob = base64.b64decode(inner)
    except ValueError:
        return False
    text = base64.b64encode(blob)
    lines = [text[start : start + _LINE] for start in range(0, len(text), _LINE)]
    return signature == _BEGIN + b"\n".join(lines) + _END


def _run(action: str, *arguments: str, data: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("ssh-keygen")
    if program is None:
        raise CasetrailError(
            "ssh-keygen is not on this machine, and signatures need it; install openssh-client"
        )
    command = [program, "-Y", action, *arguments]
    return subprocess.run(
        command, input=data, stdin=None if data else subprocess.DEVNULL, capture_output=True
    )


def _last(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it did not say why"
