"""Signed releases, with keys made here."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from casetrail.cli.main import main

pytestmark = pytest.mark.program("ssh-keygen")
Release = Callable[..., int]
Captured = pytest.CaptureFixture[str]


def new_key(path: Path) -> str:
    """Make a key; its public half."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path], check=True)
    return path.with_name(f"{path.name}.pub").read_text(encoding="utf-8").strip()


@pytest.fixture
def signers(tmp_path: Path) -> Path:
    """Who may sign: the holder of the key `key`, under the name of an office."""
    path = tmp_path / "allowed"
    path.write_text(f"office@harbour.example {new_key(tmp_path / 'key')}\n", encoding="utf-8")
    return path


@pytest.fixture
def signed(three_rows: Path, tmp_path: Path, release: Release, signers: Path) -> Path:
    assert release(three_rows, "--sign", str(tmp_path / "key")) == 0
    return tmp_path / "dist" / "buoys-1.0.0"


def test_folder_and_zip_are_known_to_be_of_the_signer(signed: Path, signers: Path, capfd: Captured) -> None:
    for copy in (signed, signed.with_name("buoys-1.0.0.zip")):
        capfd.readouterr()
        assert main(["verify", str(copy), "--allowed-signers", str(signers)]) == 0
        assert "signed by office@harbour.example" in capfd.readouterr().out


def test_without_a_list_of_signers_it_says_that_nobody_was_compared(signed: Path, capfd: Captured) -> None:
    assert main(["verify", str(signed)]) == 0
    assert "not compared" in capfd.readouterr().out


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"junk",
        lambda data: data + b"\n",
        lambda data: b"\n" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"-----END", b"\n-----END"),
        lambda data: data[:-1],
    ],
)
def test_a_byte_beside_the_signature(
    signed: Path, signers: Path, capfd: Captured, change: Callable[[bytes], bytes]
) -> None:
    path = signed / "SHA256SUMS.sig"
    path.write_bytes(change(path.read_bytes()))
    for arguments in ([], ["--allowed-signers", str(signers)]):
        assert main(["verify", str(signed), *arguments]) == 1
        assert "not written as ssh-keygen writes it" in capfd.readouterr().out


def test_somebody_else(signed: Path, tmp_path: Path, capfd: Captured) -> None:
    other = tmp_path / "others"
    other.write_text(f"office@harbour.example {new_key(tmp_path / 'other')}\n", encoding="utf-8")
    assert main(["verify", str(signed), "--allowed-signers", str(other)]) == 1
    assert "nobody in" in capfd.readouterr().out


def test_a_signature_made_for_something_else(signed: Path, signers: Path, tmp_path: Path) -> None:
    (signed / "SHA256SUMS.sig").unlink()
    key = str(tmp_path / "key")
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", "git", signed / "SHA256SUMS"], check=True
    )
    assert main(["verify", str(signed), "--allowed-signers", str(signers)]) == 1
    assert main(["verify", str(signed)]) == 1


def test_a_signature_of_another_release(
    signed: Path, signers: Path, three_rows: Path, release: Release
) -> None:
    kept = signed / "SHA256SUMS.sig"
    other = kept.read_bytes()
    data = three_rows / "buoys.csv"
    data.write_text(data.read_text(encoding="utf-8").replace("green", "blue"), encoding="utf-8")
    assert release(three_rows, "--force", "--sign", str(signers.with_name("key"))) == 0
    assert main(["verify", str(signed), "--allowed-signers", str(signers)]) == 0
    kept.write_bytes(other)
    assert main(["verify", str(signed), "--allowed-signers", str(signers)]) == 1


def test_each_bit_of_the_signature_counts(signed: Path) -> None:
    path = signed / "SHA256SUMS.sig"
    data = path.read_bytes()
    for position in range(0, len(data), 7):
        spoilt = bytearray(data)
        spoilt[position] ^= 1
        path.write_bytes(spoilt)
        assert main(["verify", str(signed)]) == 1, position


def test_a_signature_taken_away(signed: Path, capfd: Captured) -> None:
    (signed / "SHA256SUMS.sig").unlink()
    assert main(["verify", str(signed)]) == 1
    assert "SHA256SUMS.sig: missing, and the release was signed" in capfd.readouterr().out


def test_an_unsigned_release_where_a_signature_is_asked_for(
    built: Path, signers: Path, capfd: Captured
) -> None:
    assert main(["verify", str(built), "--allowed-signers", str(signers)]) == 1
    assert "this release is not signed" in capfd.readouterr().out


def test_the_same_key_signs_the_same_bytes(
    signed: Path, three_rows: Path, tmp_path: Path, release: Release
) -> None:
    first = (signed / "SHA256SUMS.sig").read_bytes()
    shutil.rmtree(tmp_path / "dist")
    assert release(three_rows, "--sign", str(tmp_path / "key")) == 0
    assert (signed / "SHA256SUMS.sig").read_bytes() == first


def test_no_key_there(three_rows: Path, tmp_path: Path, release: Release, capfd: Captured) -> None:
    assert release(three_rows, "--sign", str(tmp_path / "nokey")) == 2
    assert "there is no key at" in capfd.readouterr().err
    assert list((tmp_path / "dist").iterdir()) == []


def test_no_list_of_signers_there(signed: Path, tmp_path: Path, capfd: Captured) -> None:
    assert main(["verify", str(signed), "--allowed-signers", str(tmp_path / "none")]) == 2
    assert "no file of allowed signers" in capfd.readouterr().err
