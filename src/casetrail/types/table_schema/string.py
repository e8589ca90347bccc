"""`string` in its five formats (Table Schema, "string")."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Hashable
from typing import NamedTuple

import pyarrow as pa

from casetrail.standard.schema import FieldDescriptor
from casetrail.types import hints
from casetrail.types.arrow_column import ArrowColumn, TermsColumn, TextColumn
from casetrail.types.field_type import CATEGORIES, LENGTHS, FieldType
from casetrail.types.kernel import KernelResult, matches
from casetrail.types.problem import FieldProblem, ValueProblem

_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_URI_CHARACTERS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST_AND_PORT = re.compile(
    r"(?:[A-Za-z0-9._~!$&'()*+,;=:%-]*@)?"
    r"(?P<host>\[(?:[0-9A-Fa-f:.]+|v[0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)"
    r"(?::[0-9]*)?"
)
_ATOM = r"[^\s()<>\[\]:;@\\,.\"\x00-\x1f\x7f]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*|\"(?:[^\"\\\x00-\x1f\x7f]|\\[ -~])*\"")
_LABEL = re.compile(r"(?!-)[^\s!-,./:-@\[-`{-\x7f\x00-\x1f]{1,63}(?<!-)")


class StringType(FieldType[str]):
    """Text. The format `default` takes any; the others are checked and kept as they are written.

    - `email`: an address of RFC 5321 with a host name or, in brackets, an address literal; letters beyond
      ASCII as RFC 6531 allows.
    - `uri`: RFC 3986 with a scheme; a relative reference is none.
    - `binary`: base64 of RFC 4648, section 4, with its padding and without line breaks.
    - `uuid`: RFC 4122 in hexadecimal digits with hyphens, upper or lower case.
    """

    name = "string"
    noun = "a text"
    constraints = LENGTHS | {"pattern"}
    properties = CATEGORIES
    length_unit = ("character", "characters")
    aliases = ("text", "varchar", "str")

    def __init__(self, field: FieldDescriptor) -> None:
        super().__init__(field)
        if field.format not in _FORMATS:
            raise FieldProblem(
                f"there is no string format '{field.format}'", f"use one of {', '.join(_FORMATS)}"
            )
        self._form = _FORMATS[field.format]
        self.noun = self._form.noun
        self.text_is_key = field.format != "uuid"

    def parse(self, text: str) -> str:
        """The text itself, when it has the form of the format."""
        if self._form.check is not None:
            self._form.check(text)
        return text

    def write(self, value: str) -> str:
        """The text itself."""
        return value

    def key(self, value: str) -> Hashable:
        """The text; of a UUID, whose letters mean the same in either case, in lower case."""
        return value if self.text_is_key else value.lower()

    def key_text(self, value: str) -> str:
        """The key itself."""
        return str(self.key(value))

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        """Every text where any is good; plain ones of a format."""
        if self._form.check is None:
            return KernelResult()
        if self._form.plain is None:
            return KernelResult.nothing(texts)
        return KernelResult.where(matches(texts, self._form.plain))

    @property
    def form(self) -> str | None:
        """The characters that the format allows, in their order."""
        return self._form.wide

    def column(self) -> ArrowColumn:
        """Terms of a vocabulary, or the text."""
        terms = terms_of(self.field)
        return (
            TermsColumn(self, terms, ordered=self.field.categories_ordered is True)
            if terms
            else TextColumn(self)
        )

    @classmethod
    def description(cls, field: FieldDescriptor) -> str:
        """The form that the format asks for."""
        form = _FORMATS.get(field.format, _FORMATS["default"])
        return form.noun.removeprefix("an ").removeprefix("a ")


def terms_of(field: FieldDescriptor) -> tuple[str, ...]:
    """All terms of a string field with `categories` or `enum`, in their order; of another field none."""
    if field.type != "string":
        return ()
    terms = field.constraints.enum or ()
    if field.categories is not None:
        terms = tuple(category.value for category in field.categories)
    return tuple(dict.fromkeys(terms)) if all(isinstance(term, str) for term in terms) else ()


def _check_uuid(text: str) -> None:
    if not _UUID.fullmatch(text):
        raise ValueProblem(
            "a UUID is 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12 joined by hyphens",
            hints.characters(text),
        )


def _check_binary(text: str) -> None:
    try:
        base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        reason = "it is not base64 (A-Z, a-z, 0-9, + and /, filled with = to a multiple of four)"
        raise ValueProblem(reason, hints.characters(text)) from None


def _check_uri(text: str) -> None:
    if not _SCHEME.match(text):
        hint = f"write https://{text}" if re.match(r"(?i)www\.", text) else hints.characters(text)
        raise ValueProblem("it does not begin with a scheme such as https:", hint)
    if not _URI_CHARACTERS.fullmatch(text):
        odd = next(character for character in text if not _URI_CHARACTERS.fullmatch(character))
        hint = f"write %{ord(odd):02X} instead"
        if not odd.isascii():
            hint = "percent-encode other letters, and write the host name in its xn-- form"
        raise ValueProblem(f"a URI cannot hold {odd!r}", hints.characters(text) or hint)
    if _BAD_PERCENT.search(text):
        raise ValueProblem(
            "a percent sign is not followed by two hexadecimal digits", "write %25 for the sign itself"
        )
    rest, _, fragment = text.partition("#")
    if "#" in fragment:
        raise ValueProblem("it has more than one #", "write %23 for the sign itself")
    after_scheme = rest.split(":", 1)[1]
    if after_scheme.startswith("//"):
        authority, path = re.match(r"//([^/?]*)(.*)", after_scheme).groups()  # type: ignore[union-attr]
        host = _HOST_AND_PORT.fullmatch(authority)
        if host is None:
            raise ValueProblem("the host after // is not well formed")
        if not host["host"] and re.match(r"(?i)(https?|ftp|wss?):", text):
            raise ValueProblem("there is no host after //")
    else:
        path = after_scheme
    if "[" in path or "]" in path or "[" in fragment or "]" in fragment:
        raise ValueProblem("square brackets are allowed only around the host", "write %5B and %5D")
    if not after_scheme:
        raise ValueProblem("nothing follows the scheme")


def _check_email(text: str) -> None:
    local, at, domain = text.rpartition("@")
    if not at:
        raise ValueProblem("an e-mail address has an @", hints.characters(text))
    if not _LOCAL.fullmatch(local) or len(local.encode()) > 64:
        raise ValueProblem("the part before the @ is not well formed", hints.characters(text))
    if re.fullmatch(r"\[[0-9A-Za-z:.-]+\]", domain):
        return
    labels = domain.split(".")
    if len(domain.encode()) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueProblem("the part after the @ is not a host name", hints.characters(text))


class _Form(NamedTuple):
    """A format: what its values are called, the exact check, a form that the check surely accepts (`plain`),
    and one that everything has which it accepts (`wide`).
    """

    noun: str
    check: Callable[[str], None] | None = None
    plain: str | None = None
    wide: str | None = None


_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_PLAIN_URI = (
    rf"https?://{_NAME}(?:\.{_NAME})+"
    r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@/-]*)?(?:\?[A-Za-z0-9._~!$&'()*+,;=:@/?-]*)?"
)
_PLAIN_LABEL = r"[A-Za-z0-9]{1,20}(?:-[A-Za-z0-9]{1,20}){0,2}"
_PLAIN_EMAIL = (
    rf"[A-Za-z0-9]{{1,20}}(?:[._-][A-Za-z0-9]{{1,20}}){{0,2}}"
    rf"@{_PLAIN_LABEL}(?:\.{_PLAIN_LABEL}){{0,2}}\.[A-Za-z]{{2,20}}"
)
_WIDE_URI = rf"{_SCHEME.pattern}{_URI_CHARACTERS.pattern}"
_WIDE_EMAIL = r"(?:\"[^\x00-\x1f\x7f]*\"|[^ ()<>\[\]:;@\\,\"\x00-\x1f\x7f]+)@[^ @]+"
_FORMATS = {
    "default": _Form("a text"),
    "email": _Form("an e-mail address", _check_email, _PLAIN_EMAIL, _WIDE_EMAIL),
    "uri": _Form("a URI", _check_uri, _PLAIN_URI, _WIDE_URI),
    "binary": _Form("binary data in base64", _check_binary, wide="[A-Za-z0-9+/]*={0,2}"),
    "uuid": _Form("a UUID", _check_uuid, _UUID.pattern, _UUID.pattern),
}
