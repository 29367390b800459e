"""Cut the Chinese fonts of the papers and of the web out of the installed npm packages.

Kept are GBK, Latin letters and signs, and every rarer Han character that all three families draw;
these hold the characters which the general table of 2013 (通用规范汉字表) adds to GBK.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Final

import brotli
from fontTools import subset
from fontTools.ttLib import TTFont, woff2

ROOT: Final = Path(__file__).resolve().parent.parent
HAN: Final = (
    (0x3400, 0x4DBF),  # extension A
    (0x4E00, 0x9FFF),  # unified ideographs
    (0x20000, 0x3134F),  # extensions B to G
)
SIGNS: Final = ((0x20, 0x7E), (0xA0, 0x24F), (0x1E00, 0x1EFF), (0x2000, 0x2BFF), (0x3000, 0x33FF))
GBK_LEADS: Final = range(0x81, 0xFF)
GBK_TRAILS: Final = range(0x40, 0xFF)
WEB_QUALITY: Final = 9  # 11 takes ten times as long for 5 % less


@dataclass(frozen=True, slots=True)
class Source:
    """One complete font file inside node_modules and the name of its cut."""

    cut: str
    package: str
    path: str
    licence: str
    web: bool = False


SANS: Final = "@expo-google-fonts/noto-sans-sc"
SERIF: Final = "@expo-google-fonts/noto-serif-sc"
KAI: Final = "@fontsource/lxgw-wenkai"
SOURCES: Final = (
    Source(
        "NotoSansSC-Regular",
        SANS,
        "400Regular/NotoSansSC_400Regular.ttf",
        "LICENSE_FONT",
        web=True,
    ),
    Source("NotoSansSC-Bold", SANS, "700Bold/NotoSansSC_700Bold.ttf", "LICENSE_FONT"),
    Source("NotoSerifSC-Regular", SERIF, "400Regular/NotoSerifSC_400Regular.ttf", "LICENSE_FONT"),
    Source("NotoSerifSC-Bold", SERIF, "700Bold/NotoSerifSC_700Bold.ttf", "LICENSE_FONT"),
    # The file is called "latin" and yet holds the whole font.
    Source("LXGWWenKai-Regular", KAI, "files/lxgw-wenkai-latin-500-normal.woff", "LICENSE"),
)


def in_ranges(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    """Whether a code point lies in one of the ranges, both ends included."""
    return any(low <= code <= high for low, high in ranges)


def gbk() -> set[int]:
    """Every code point that GBK can write."""
    pairs = (bytes((lead, trail)) for lead in GBK_LEADS for trail in GBK_TRAILS)
    return {ord(text) for pair in pairs if len(text := pair.decode("gbk", "ignore")) == 1}


def covered(path: Path) -> set[int]:
    """The code points a font file draws."""
    with TTFont(path, lazy=True) as font:
        return set(font.getBestCmap())


def wanted(paths: list[Path]) -> frozenset[int]:
    """GBK, the signs, and the Han characters that every family draws."""
    everywhere = set.intersection(*(covered(path) for path in paths))
    rare = {code for code in everywhere if in_ranges(code, HAN)}
    signs = {code for low, high in SIGNS for code in range(low, high + 1)}
    return frozenset(gbk() | rare | signs)


def cut(path: Path, codes: frozenset[int], out: Path, *, web: bool) -> tuple[str, list[list[int]]]:
    """Write the cut as TTF (and woff2) and tell its name and the ranges it covers."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["tnum", "pnum"]
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.recalc_timestamp = False
    # Old Apple layout tables and vertical metrics: neither papers nor pages set text vertically.
    options.drop_tables += ["FFTM", "bsln", "feat", "morx", "prop", "vhea", "vmtx", "BASE", "STAT"]
    font = subset.load_font(str(path), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font.flavor = None
    ttf = io.BytesIO()
    font.save(ttf)
    out.write_bytes(ttf.getvalue())
    if web:
        write_web(ttf, out.with_suffix(".woff2"))
    return out.stem, ranges_of(set(font.getBestCmap()))


def write_web(ttf: io.BytesIO, out: Path) -> None:
    """Write the woff2 of a TTF at a quality that takes seconds instead of half a minute."""
    ttf.seek(0)

    def compress(data: bytes, mode: int = brotli.MODE_FONT) -> bytes:
        return bytes(brotli.compress(data, mode=mode, quality=WEB_QUALITY))

    # fontTools has no setting for the quality and always asks for the slowest.
    woff2.brotli = SimpleNamespace(compress=compress, MODE_FONT=brotli.MODE_FONT)
    with out.open("wb") as target:
        woff2.compress(ttf, target)


def ranges_of(codes: set[int]) -> list[list[int]]:
    """Code points as [first, last] runs in order."""
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return runs


def fingerprint(modules: Path) -> str:
    """A hash over this tool and the versions of the packages it cuts."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for package in (SANS, SERIF, KAI):
        digest.update((modules / package / "package.json").read_bytes())
    return digest.hexdigest()


def is_fresh(out: Path, stamp: str) -> bool:
    """Whether the folder was built from exactly these inputs."""
    mark = out / "stamp"
    return mark.is_file() and mark.read_text(encoding="ascii") == stamp


def build(modules: Path, out: Path) -> None:
    """Cut all fonts into `out`, with their coverage and licences; the stamp is written last."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "stamp").unlink(missing_ok=True)
    files = [modules / source.package / source.path for source in SOURCES]
    codes = wanted(files)
    with ProcessPoolExecutor(max_workers=2) as pool:
        jobs = [
            pool.submit(cut, file, codes, out / f"{source.cut}.ttf", web=source.web)
            for source, file in zip(SOURCES, files, strict=True)
        ]
        coverage = dict(job.result() for job in jobs)
    (out / "coverage.json").write_text(json.dumps(coverage, sort_keys=True), encoding="ascii")
    for source in SOURCES:
        licence = modules / source.package / source.licence
        shutil.copyfile(licence, out / f"{source.cut.partition('-')[0]}-LICENSE.txt")
    (out / "stamp").write_text(fingerprint(modules), encoding="ascii")


def main() -> int:
    """Build when the stamp differs; say what is missing otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--modules", type=Path, default=ROOT / "node_modules")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "fonts")
    chosen = parser.parse_args()
    lost = [s.path for s in SOURCES if not (chosen.modules / s.package / s.path).is_file()]
    if lost:
        print(f"fonts: not installed: {', '.join(lost)}; run npm ci first", file=sys.stderr)
        return 1
    if is_fresh(chosen.out, fingerprint(chosen.modules)):
        return 0
    build(chosen.modules, chosen.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
