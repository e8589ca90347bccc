"""The help of every command has weight and colour on a terminal, and none elsewhere."""

from __future__ import annotations

import pytest

from casetrail.cli.main import main


@pytest.mark.parametrize("command", [[], ["validate"], ["show"]])
def test_help_has_weight_where_it_is_asked_for_and_the_same_words_without(command, capsys, monkeypatch):
    import re

    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def printed() -> str:
        with pytest.raises(SystemExit):
            main([*command, "--help"])
        return capsys.readouterr().out

    piped = printed()
    monkeypatch.setenv("FORCE_COLOR", "1")
    painted = printed()
    assert "\x1b" not in piped
    assert "\x1b[1moptions:\x1b[0m" in painted and "\x1b[36m--debug\x1b[0m" in painted
    assert re.sub(r"\x1b\[\d+m", "", painted) == piped
    monkeypatch.setenv("NO_COLOR", "1")
    assert printed() == piped
