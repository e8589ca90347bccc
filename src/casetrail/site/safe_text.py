"""Safe text: what strangers wrote, made safe for a page, beside the escaping that every value gets."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from casetrail.languages.words import message, say

# Controls, and the characters that turn the direction of text around them: named, since a reader who does
# not see them reads something else than what is there. Joiners stay: Persian and many names need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_IN_SCRIPT = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"})

_RIGHT_TO_LEFT_SCRIPTS = {"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg", "Mand", "Samr"}
_RIGHT_TO_LEFT = {"ar", "fa", "he", "ps", "sd", "ug", "ur", "yi", "dv", "ckb"}


def reveal_invisible(text: str) -> str:
    """The text with every character named that acts without being seen: `⟨U+202E⟩`."""
    return _SURROGATE.sub(_named, _UNSEEN.sub(_named, text))


def _named(match: re.Match[str]) -> str:
    return f"⟨U+{ord(match[0]):04X}⟩"


def web_address(text: str) -> str:
    """The text where it is an address that a link may lead to (http or https, with a host); else `""`."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc and text.isprintable() else ""


def embedded(value: Any) -> str:
    """A value as JSON for a `script` element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text).translate(_IN_SCRIPT)


def direction(language: str, script: str = "") -> str:
    """`rtl` or `ltr`, from the script where it is known, else from the language; `auto` from neither."""
    own_script = script or next((part for part in language.split("-")[1:] if len(part) == 4), "")
    if own_script:
        return "rtl" if own_script in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    if not language or language == "und":
        return "auto"
    return "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def language_tag(language: str, script: str = "") -> str:
    """The language as `lang` takes it, with the script where it is not said already; `und` where unknown."""
    if not language:
        return f"und-{script}" if script else "und"
    has_script = any(len(part) == 4 for part in language.split("-")[1:])
    return (
        f"{language}-{script}" if script and not has_script and script not in ("Jpan", "Kore") else language
    )


_LANGUAGES = {
    "ar": message("Arabic"),
    "az": message("Azerbaijani"),
    "cs": message("Czech"),
    "de": message("German"),
    "en": message("English"),
    "es": message("Spanish"),
    "fa": message("Persian"),
    "fr": message("French"),
    "it": message("Italian"),
    "ja": message("Japanese"),
    "kk": message("Kazakh"),
    "ko": message("Korean"),
    "ky": message("Kyrgyz"),
    "mn": message("Mongolian"),
    "nl": message("Dutch"),
    "pl": message("Polish"),
    "pt": message("Portuguese"),
    "ro": message("Romanian"),
    "ru": message("Russian"),
    "sr": message("Serbian"),
    "tk": message("Turkmen"),
    "tr": message("Turkish"),
    "ug": message("Uyghur"),
    "uk": message("Ukrainian"),
    "und": message("language not known"),
    "ur": message("Urdu"),
    "uz": message("Uzbek"),
    "vi": message("Vietnamese"),
    "zh": message("Chinese"),
}
_SCRIPTS = {
    "Arab": message("Arabic script"),
    "Cyrl": message("Cyrillic"),
    "Hans": message("simplified"),
    "Hant": message("traditional"),
    "Jpan": "",
    "Latn": message("Latin"),
}


def language_words(tag: str, script: str = "") -> str:
    """A language, and where it says more its script, in words: `zh-Hant` is "Chinese, traditional"."""
    if not tag and not script:
        return ""
    language, *rest = tag.split("-")
    script = script or next((part for part in rest if len(part) == 4), "")
    words = [say(_LANGUAGES[language]) if language in _LANGUAGES else language] if language else []
    usual = {"en": "Latn", "ru": "Cyrl", "uk": "Cyrl", "fr": "Latn", "de": "Latn", "ar": "Arab"}
    if script and usual.get(language) != script:
        known = _SCRIPTS.get(script, script)
        words.append(say(known) if known else "")
    return ", ".join(word for word in words if word)
