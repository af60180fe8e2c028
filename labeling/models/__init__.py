from labeling.models.explanation import Explanation, LabelGroup
from labeling.models.game import Game, Label, Round
from labeling.models.image import Image, ImageLayer, Region
from labeling.models.job import Job
from labeling.models.player import Consent, Player
from labeling.models.study import Network, Study

__all__ = [
    "Consent",
    "Explanation",
    "Game",
    "Image",
    "ImageLayer",
    "Job",
    "Label",
    "LabelGroup",
    "Network",
    "Player",
    "Region",
    "Round",
    "Study",
]
