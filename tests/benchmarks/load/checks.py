"""What must hold after a load, asked of the database itself, past Django and all services."""

from tests.benchmarks.load.visitors import Result
from tests.labeling.installation import Installation

NEW = "id > {before}"
PLAYERS = f"player_id IN (SELECT player_id FROM labeling_round WHERE {NEW})"
HELD = """
    SELECT region_id, sum(CASE WHEN holds_place THEN 1 ELSE 0 END) AS held,
        sum(CASE WHEN holds_place AND state = 'answered' THEN 1 ELSE 0 END) AS described
    FROM labeling_round
    WHERE region_id IN (SELECT region_id FROM labeling_round WHERE id > {before}) GROUP BY region_id
"""
# Each counts what must not be.
DUPLICATES = {
    "a region twice to a player": f"""SELECT count(*) FROM (SELECT 1 AS found FROM labeling_round
        WHERE {PLAYERS} GROUP BY player_id, region_id HAVING count(*) > 1) found""",
    "an image twice in a game": f"""SELECT count(*) FROM (SELECT 1 AS found FROM labeling_round
        WHERE {NEW} GROUP BY game_id, image_id HAVING count(*) > 1) found""",
    "two open rounds in a game": f"""SELECT count(*) FROM (SELECT 1 AS found FROM labeling_round
        WHERE {NEW} AND state = 'open' GROUP BY game_id HAVING count(*) > 1) found""",
    "points that do not add up": f"""SELECT count(*) FROM (SELECT player_id, sum(points) AS points
        FROM labeling_ledgerentry WHERE {PLAYERS} GROUP BY player_id) earned
        JOIN (SELECT player_id, sum(points) AS points FROM labeling_standing GROUP BY player_id) stands
        ON stands.player_id = earned.player_id WHERE stands.points <> earned.points""",
}
OVERRUNS = {
    "places beyond a region's capacity": "SELECT count(*) FROM labeling_region WHERE reserved > capacity",
    "places that nobody holds, or none noted": f"""SELECT count(*) FROM ({HELD}) rounds
        JOIN labeling_region region ON region.id = region_id
        WHERE held <> reserved OR described <> labellings""",
    "rounds beyond a game's": f"""SELECT count(*) FROM labeling_round r
        JOIN labeling_game g ON g.id = r.game_id JOIN labeling_study s ON s.id = g.study_id
        WHERE r.{NEW} AND number > rounds_per_game""",
}


def newest_round(installation: Installation) -> int:
    return _number(installation, "SELECT coalesce(max(id), 0) FROM labeling_round")


def violations(installation: Installation, before: int, result: Result) -> tuple[list[str], list[str]]:
    """What was done twice, and where there was too much; `before` is the newest round before the load."""
    new = f"FROM labeling_round WHERE state = 'answered' AND id > {before}"
    answers = _number(installation, f"SELECT count(*) {new}")
    labels = _number(installation, f"SELECT count(*) FROM labeling_label WHERE round_id IN (SELECT id {new})")
    twice = _found(installation, DUPLICATES, before)
    if (answers, labels) != (result.answers, result.labels):
        twice.append(f"{result.answers} answers, {result.labels} labels sent; {answers}, {labels} counted")
    return twice, _found(installation, OVERRUNS, before)


def _found(installation: Installation, queries: dict[str, str], before: int) -> list[str]:
    counts = {name: _number(installation, query.format(before=before)) for name, query in queries.items()}
    return [f"{name}: {count}" for name, count in counts.items() if count]


def _number(installation: Installation, query: str) -> int:
    value = installation.rows(query)[0][0]
    assert isinstance(value, int)
    return value
