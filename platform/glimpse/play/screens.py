"""What the pages of a round show."""

from django.utils.translation import gettext as _

from glimpse.play.forms import AnswerForm
from labeling.models import Round
from labeling.models.game import ReportReason, RoundState, SkipReason
from labeling.points import guess_points
from labeling.selectors.class_names import display_name
from labeling.selectors.rounds import GameResult, earned_by, seen_by_others
from labeling.selectors.showcase import Showcase
from labeling.services.rounds import LAST_LEVEL

Context = dict[str, object]


def round_context(round_: Round, form: AnswerForm) -> Context:
    """Of an open round. Nothing in it depends on what the picture is."""
    return {
        "form": form,
        "typed": ", ".join(form.typed()),
        "skip_reasons": SkipReason.choices,
        **stage_context(round_),
        **_steps(round_),
    }


def stage_context(round_: Round) -> Context:
    level = round_.level
    return {
        "round": round_,
        "levels": range(LAST_LEVEL + 1),
        "level_number": level + 1,
        "previous_level": max(0, level - 1),
        "next_level": level + 1 if level < LAST_LEVEL else None,
        "worth": guess_points(level),
        "cost": guess_points(level) - guess_points(level + 1),
    }


def _steps(round_: Round) -> Context:
    """How each round of the game went: right, done, now, or nothing yet."""
    game = round_.game
    ended = game.rounds.exclude(state=RoundState.OPEN).values_list("number", "correct")
    went = {number: "right" if correct else "done" for number, correct in ended}
    went.setdefault(round_.number, "now")
    return {"steps": [went.get(number + 1, "") for number in range(game.study.rounds_per_game)]}


def result_context(round_: Round) -> Context:
    """Of a round that has ended: everything may be told."""
    study, image = round_.game.study, round_.image
    names = dict(round_.options)
    return {
        "round": round_,
        "image": image,
        "answer": display_name(study, image.answer_name),
        "guessed": names.get(round_.guess),
        "earned": earned_by([round_])[round_.pk],
        "network_answer": display_name(study, image.predicted_name),
        "probability": round(100 * (image.probability or 0)),
        "weight": round(100 * round_.region.weight),
        "level_number": round_.level + 1,
        "levels": range(LAST_LEVEL + 1),
        "network_right": image.predicted_class == image.answer_class,
        "mine": [label.raw for label in round_.labels.all()],
        "others": seen_by_others(round_),
        "report_reasons": ReportReason.choices,
        "is_reported": round_.player.reports.filter(image=image).exists(),
        "is_last": round_.game.finished_at is not None,
        **_steps(round_),
    }


def showcase_context(showcase: Showcase | None, level: int = 0) -> Context:
    """Of the glimpse that is given away, before it is guessed."""
    return {
        "showcase": showcase,
        "level": level,
        "previous_level": max(0, level - 1),
        "next_level": level + 1 if level < LAST_LEVEL else None,
    }


def share_words(result: GameResult) -> str:
    """A game in a few lines that give no picture away."""
    told = _(
        "I guessed %(right)s of %(count)s pictures from what a neural network looks at: %(points)s points."
    ) % {"right": result.right, "count": len(result.rounds), "points": result.points}
    return told + "\n" + "".join("🟩" if one.round.correct else "⬛" for one in result.rounds)
