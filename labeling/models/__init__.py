from labeling.models.conduct import Conduct
from labeling.models.explanation import (
    ClassExplanation,
    ConceptTest,
    Explanation,
    LabelGroup,
    RegionReliability,
    SentenceVector,
    Share,
)
from labeling.models.game import Game, Label, Report, Round
from labeling.models.image import Image, ImageLayer, Region
from labeling.models.job import Job
from labeling.models.player import Consent, Player
from labeling.models.reward import Badge, LedgerEntry, Standing, Word
from labeling.models.study import Network, Study

__all__ = [
    "Badge",
    "ClassExplanation",
    "ConceptTest",
    "Conduct",
    "Consent",
    "Explanation",
    "Game",
    "Image",
    "ImageLayer",
    "Job",
    "Label",
    "LabelGroup",
    "LedgerEntry",
    "Network",
    "Player",
    "Region",
    "RegionReliability",
    "Report",
    "Round",
    "SentenceVector",
    "Share",
    "Standing",
    "Study",
    "Word",
]
