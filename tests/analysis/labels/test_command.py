"""`python -m analysis.labels`: every text in one group, whatever the rows are and however they come."""

import csv
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from analysis.labels.__main__ import main
from analysis.labels.embedding import SentenceEmbedder
from analysis.labels.scopes import GroupRecord

HOSTILE = [
    *("", " ", "🦓", "פסים שחורים", "x" * 10_000, "a,b", 'say "stripes"', "two\nlines", "'; drop table--"),
    *("=1+1", "\u202eesrever", "the", "zebra", "zebras", "no tail", "tail"),
]
ROWS = [
    {"scope": "zebra", "text": text, "count": str(count)}
    for text, count in [("stripes", 5), ("has stripes", 3), ("striped", 2), ("mane", 1), ("a mane!", 2)]
]


def write(path: Path, rows: list[dict[str, str]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def groups(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[GroupRecord]:
    assert main([*arguments, "--json"]) == 0
    records: list[GroupRecord] = json.loads(capsys.readouterr().out)
    return records


def members(records: list[GroupRecord]) -> dict[str, set[str]]:
    return {record["name"]: {member["text"] for member in record["members"]} for record in records}


def test_it_prints_groups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = groups(capsys, write(tmp_path / "a.csv", ROWS))
    assert members(records) == {"stripes": {"stripes", "has stripes", "striped"}, "mane": {"mane", "a mane!"}}
    stripes, mane = records
    assert (stripes["scope"], stripes["score"], mane["score"]) == ("zebra", 10, 3)
    assert stripes["members"][0] == {"text": "stripes", "count": 5}


@pytest.mark.parametrize("preset", ["glimpse", "paper"])
def test_each_text_is_in_one_group_and_rows_may_come_in_any_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], preset: str
) -> None:
    rows = [
        *ROWS,
        *({"scope": scope, "text": text, "count": ""} for text in HOSTILE for scope in ("zebra", "")),
    ]
    records = groups(capsys, write(tmp_path / "a.csv", rows), "--preset", preset)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for record in records:
        found[record["scope"]] += [member["text"] for member in record["members"]]
    expected = {(row["scope"], row["text"]) for row in rows}
    assert sorted((scope, text) for scope, texts in found.items() for text in texts) == sorted(expected)
    random.Random(0).shuffle(rows)
    assert groups(capsys, write(tmp_path / "b.csv", rows), "--preset", preset) == records


def test_a_player_counts_once_at_the_lowest_level(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = ("scope", "text", "player", "level", "correct")
    lines = [
        ("zebra", "stripes", "ann", "4", "0"),
        ("zebra", "stripes", "ann", "2", "0"),
        ("zebra", "striped", "ann", "3", "0"),
        ("zebra", "stripes", "bob", "0", "0"),
        ("zebra", "mane", "bob", "5", "1"),
    ]
    records = groups(
        capsys, write(tmp_path / "a.csv", [dict(zip(keys, line, strict=True)) for line in lines])
    )
    scores = {record["name"]: record["score"] for record in records}
    assert scores == {"stripes": pytest.approx(2 * (1 - 0.1 * 1) / 4), "mane": pytest.approx(0.5)}
    assert records[0]["members"][0] == {"text": "stripes", "count": 2}


def test_languages_that_the_model_does_not_know_stay_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"scope": "zebra", "text": text} for text in ("stripes", "striped", "strisce", "a strisce")]
    parted = members(groups(capsys, write(tmp_path / "a.csv", rows)))
    assert {frozenset(texts) for texts in parted.values()} == {
        frozenset({"stripes", "striped"}),
        frozenset({"strisce", "a strisce"}),
    }


def test_it_explains_the_way_of_a_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "a.csv", ROWS)
    assert main([path, "--explain", "a mane!"]) == 0
    way = capsys.readouterr().out
    assert "'a mane!' by 2" in way
    assert "plain text   a mane\n" in way
    assert "phrase       mane\n" in way
    assert main([path, "--explain", "It has the zebra's STRIPES"]) == 0, "also one that nobody typed"
    assert "group        stripes" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"scope,label\na,b\n", "text not found"),
        (b"", "scope and text not found"),
        (b"scope,text,count\na,b,many\n", "line 2: count must be a whole number from 1"),
        (b"scope,text,count\na,b,0\n", "line 2: count"),
        (b"scope,text,level\na,b,6\n", "line 2: level must be a whole number from 0 to 5"),
        (b"scope,text,correct\na,b,perhaps\n", "line 2: correct must be"),
        (b"scope,text\na\n", "line 2: it ends too early"),
        (b"scope,text\na,\xff\n", "UTF-8"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, sentence: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert main([str(path)]) == 2
    assert sentence in capsys.readouterr().err


def test_a_missing_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.csv")]) == 2
    assert "none.csv: No such file" in capsys.readouterr().err


def test_no_rows_give_no_groups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("scope,text\n")
    assert groups(capsys, str(path)) == []


def test_vectors_are_kept_in_a_file_and_a_foreign_one_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, kept = write(tmp_path / "a.csv", ROWS), str(tmp_path / "vectors.sqlite")
    records = groups(capsys, path, "--vectors", kept)

    def refuse(self: SentenceEmbedder, texts: Sequence[str]) -> None:
        raise AssertionError(f"embedded again: {texts}")

    monkeypatch.setattr(SentenceEmbedder, "__call__", refuse)
    assert groups(capsys, path, "--vectors", kept) == records
    assert main([path, "--vectors", path]) == 2
    assert "name another file" in capsys.readouterr().err
