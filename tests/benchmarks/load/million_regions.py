"""A study that has grown: the rows of a small one copied by SQL, on PostgreSQL, in about two minutes.

Copies take every column of the row that they copy but those that are named here, so that a new column needs
no change. Players have described the most wanted regions first; a third of those was settled early.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Model

from labeling.models import Consent, Game, Image, Label, LedgerEntry, Player, Region, Round, Standing, Study
from labeling.services.answers import Answer, round_answer
from labeling.services.rounds import game_start, round_next
from labeling.services.words import words_count
from tests.benchmarks.load.words import WORDS

ROUNDS_A_PLAYER = 5


@dataclass(frozen=True, slots=True)
class Size:
    images: int
    players: int


def play_one_game(*, study: Study, player: Player) -> None:
    """Leaves one row at least of every kind, which the others are copied from."""
    game = game_start(player=player, study=study)
    while round_ := round_next(game=game):
        round_answer(round_=round_, answer=Answer(("soft edge", "pale patch"), round_.image.answer_class))


def grow(*, study: Study, template: Player, size: Size) -> None:
    """Expects one study with photographs, and one player, who has played one game in it.

    Foreign keys are not checked row by row while rows are copied; that needs a superuser of the database.
    """
    photos = Image.objects.count()
    copies = size.images // photos - 1
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        for statement in [*_images(photos, copies), *_history(template, size.players)]:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
    words_count(study=study)
    with connection.cursor() as cursor:
        for model in (Image, Region, Player, Game, Round, Label, LedgerEntry, Standing, Consent):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), "
                f"(SELECT max(id) FROM {model._meta.db_table}))"
            )
        cursor.execute("VACUUM ANALYZE")


def _copy(model: type[Model], source: str, **changed: str) -> str:
    """An INSERT of what `source` (FROM and what follows; it calls the copied row `row`) gives."""
    columns = [field.column for field in model._meta.concrete_fields if field.column]
    values = ", ".join(changed.get(column, f'row."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM {source}"


def _images(photos: int, copies: int) -> list[str]:
    """Copy n of the image i has the id i + n * photos, and copy n of the region r the id r + n * regions."""
    regions = Region.objects.count()
    answer = f"((7 * (row.id + n * {photos})) % 1000)::int"
    name = f"network.class_names ->> {answer}"
    offered = f"jsonb_agg(({answer} + 97 * k) % 1000 ORDER BY k * row.id % 11)"
    options = f"(SELECT {offered} FROM generate_series(0, 9) k)"
    return [
        _copy(
            Image,
            f"labeling_image row, labeling_network network, generate_series(1, {copies}) n",
            id=f"row.id + n * {photos}",
            sha256="lpad((row.id * 100000 + n)::text, 64, '0')",
            key="left(md5('image' || row.id || '/' || n), 22)",
            true_class=answer, predicted_class=answer, explained_class=answer,
            class_name=name, predicted_name=name, explained_name=name, options=options,
        ),
        _copy(
            Region,
            f"labeling_region row, generate_series(1, {copies}) n",
            id=f"row.id + n * {regions}",
            image_id=f"row.image_id + n * {photos}",
            priority="row.priority * (0.7 + 0.3 * random())",
            reserved="0", labellings="0",
        ),
    ]  # fmt: skip


def _history(template: Player, players: int) -> list[str]:
    """What 100,000 players have done, five rounds each."""
    own: Mapping[str, str] = {"player_id": "p.id"}
    others = f"(SELECT id FROM labeling_player WHERE id > {template.pk}) p"
    return [
        _copy(
            Player,
            f"labeling_player row, generate_series({template.pk + 1}, {template.pk + players}) n",
            id="n",
            key="left(md5('player' || n), 22)",
            streak_on="CASE WHEN n % 3 = 0 THEN current_date - n % 2 END",
        ),
        _copy(Consent, f"labeling_consent row, {others}", id="row.id + p.id", **own),
        _copy(
            Game,
            f"labeling_game row, {others}",
            id="row.id + p.id",
            key="left(md5('game' || p.id), 22)",
            **own,
        ),
        *_slots(template, players),
        *_rounds(),
        *_earnings(players),
    ]


def _slots(template: Player, players: int) -> list[str]:
    """Which player described which region: five players in a row a region, three where it settled early,
    never two regions of an image for one player."""
    return [
        f"""
        CREATE TEMP TABLE slot AS
        SELECT row_number() OVER () AS id, *,
            row_number() OVER (PARTITION BY player_id ORDER BY place) AS number
        FROM (
            SELECT DISTINCT ON (player_id, image_id)
                {template.pk} + 1 + place % {players} AS player_id, image_id, region_id, place, early
            FROM (
                SELECT row_number() OVER (ORDER BY rank + 2000 * random()) - 1 AS place, *
                FROM (
                    SELECT id AS region_id, image_id, row_number() OVER (ORDER BY priority DESC) AS rank,
                        random() < 1.0 / 3 AS early
                    FROM labeling_region WHERE capacity > 0 AND reserved = 0
                    ORDER BY priority DESC LIMIT {players * ROUNDS_A_PLAYER // 3}
                ) wanted CROSS JOIN LATERAL generate_series(1, CASE WHEN early THEN 3 ELSE 5 END)
            ) placed
            WHERE place < {players * ROUNDS_A_PLAYER}
        ) own""",
        f"UPDATE slot SET id = id + {Round.objects.count()}",
        "CREATE UNIQUE INDEX ON slot (id)",
        """
        UPDATE labeling_region region
        SET reserved = said.times, labellings = said.times,
            agreement = CASE WHEN said.early AND said.times = 3 THEN 0.7 WHEN said.times > 1 THEN 0.3 END,
            retired_at = CASE WHEN said.early AND said.times = 3 THEN now() END,
            gold = said.early AND said.times = 3,
            settled = CASE WHEN said.early AND said.times = 3 THEN '["stripe"]'::jsonb ELSE settled END
        FROM (SELECT region_id, early, count(*) AS times FROM slot GROUP BY 1, 2) said
        WHERE region.id = said.region_id""",
    ]


def _rounds() -> list[str]:
    """The rounds of these slots with two labels each; label 2 r and 2 r + 1 are of the round r."""
    words = "ARRAY[" + ", ".join(f"'{word}'" for word in WORDS) + "]"
    count = len(WORDS)
    word = f"({words})[1 + (floor({count} * power(said.dice, 2))::int + 11 * n) % {count}]"
    first_game, first_round = "(SELECT min(id) FROM labeling_game)", "(SELECT min(id) FROM labeling_round)"
    said = "(SELECT *, random() AS dice FROM slot) said"
    return [
        _copy(
            Round,
            f"labeling_round row, slot s WHERE row.id = {first_round}",
            id="s.id", key="left(md5('round' || s.id), 22)",
            game_id=f"{first_game} + s.player_id", number="s.number", player_id="s.player_id",
            image_id="s.image_id", region_id="s.region_id", holds_place="true", gold="false", gold_hit="NULL",
            correct="s.id % 2 = 0",
        ),
        _copy(
            Label,
            f"labeling_label row, {said}, generate_series(0, 1) n "
            "WHERE row.id = (SELECT min(id) FROM labeling_label)",
            id="2 * said.id + n + 1000", round_id="said.id", region_id="said.region_id", raw=word, text=word,
        ),
    ]  # fmt: skip


def _earnings(players: int) -> list[str]:
    """Half of the guesses and half of the labels have paid; standings are what the entries add up to."""
    first = "row.id = (SELECT min(id) FROM labeling_ledgerentry)"
    other = f"1 + (s.player_id * 31 + s.number * 7) % {players}"
    nothing = {"by_id": "NULL", "other_id": "NULL", "label_id": "NULL", "corrects_id": "NULL"}
    entry = {"player_id": "s.player_id", "round_id": "s.id", **nothing}
    guess = {"id": "2 * s.id + 1000", "kind": "'guess'", "points": "100", "key": "'guess/' || s.id"}
    label = {"label_id": "2 * s.id + 1000", "other_id": other}
    agreed = {"id": "2 * s.id + 1001", "kind": "'agreement'", "points": "8", **label}
    key = f"'agree/' || 2 * s.id + 1000 || '/' || {other}"
    slots = f"labeling_ledgerentry row, slot s WHERE {first}"
    return [
        _copy(LedgerEntry, f"{slots} AND s.id % 2 = 0", **{**entry, **guess}),
        _copy(LedgerEntry, slots, **{**entry, **agreed, "key": key}),
        _copy(
            Standing,
            "labeling_standing row, (SELECT player_id, sum(points) AS points FROM labeling_ledgerentry "
            "WHERE id > 1000 GROUP BY 1) sums WHERE row.id = (SELECT min(id) FROM labeling_standing)",
            id="1000 + sums.player_id", player_id="sums.player_id", points="sums.points",
        ),
    ]  # fmt: skip
