"""Words that say nothing about a picture by themselves: they never name a group."""

from analysis.labels.languages import languages

STOP_WORDS = frozenset().union(*(language.stop_words for language in languages()))
