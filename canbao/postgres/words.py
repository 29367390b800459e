"""The words of the embedded server, spoken before Django is set up, in the terminal's language."""

from __future__ import annotations

import gettext as catalogue
import os
from functools import cache
from pathlib import Path
from typing import Final

LOCALE: Final = Path(__file__).resolve().parents[2] / "locale"


@cache
def _spoken() -> catalogue.NullTranslations:
    # The folder is named zh_Hans, terminals say zh_CN, so the standard search would miss it.
    said = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    languages = ["zh_Hans"] if said.startswith("zh") else ["en"]
    return catalogue.translation("django", LOCALE, languages, fallback=True)


def gettext(sentence: str) -> str:
    return _spoken().gettext(sentence)
