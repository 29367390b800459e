"""Where the keys of a TOML document stand."""

from __future__ import annotations

import tomllib

from canbao.policy.rules import lines, packs

WRITTEN = '''# a comment with [brackets] and key = "value"
place = "37#01"  # not a comment inside
text = """
not = "a key"
"""
[level.adult]
own = { fen = 1, deep = { more = 2 } }
fits = [
  { age_below = 18 },  # first
  { student = ["school", "]"] },
]
[[example]]
about = 'one'
[[example]]
about = "two"
[example.person]
age = 3
'''


def test_each_key_has_the_line_it_stands_in() -> None:
    found = lines.index(WRITTEN)

    assert found["place",] == 2
    assert found["text",] == 3
    assert ("not",) not in found
    assert found["level", "adult"] == 6
    assert found["level", "adult", "own", "deep", "more"] == 7
    assert found["level", "adult", "fits", 0, "age_below"] == 9
    assert found["level", "adult", "fits", 1, "student"] == 10
    assert found["example", 0, "about"] == 13
    assert found["example", 1, "about"] == 15
    assert found["example", 1, "person", "age"] == 17


def test_a_path_that_is_not_there_has_the_line_of_what_is_around_it() -> None:
    found = lines.index(WRITTEN)

    assert lines.line_of(found, ("level", "adult", "name", "zh")) == 6
    assert lines.line_of(found, ("nowhere",)) == 1


def test_every_key_of_every_shipped_pack_has_a_line() -> None:
    for path in packs.SHIPPED.glob("*/*/*.toml"):
        text = path.read_text(encoding="utf-8")
        found = lines.index(text)
        rows = text.splitlines()
        for where in paths_of(tomllib.loads(text)):
            assert where in found, (path, where)
            if isinstance(where[-1], str):
                assert where[-1] in rows[found[where] - 1], (path, where)


def paths_of(thing: object, above: lines.Path = ()) -> list[lines.Path]:
    if isinstance(thing, dict):
        below = [(key, value) for key, value in thing.items()]
    elif isinstance(thing, list):
        below = list(enumerate(thing))
    else:
        return []
    return [
        path for key, value in below for path in [(*above, key), *paths_of(value, (*above, key))]
    ]
