"""Words that say nothing about a picture by themselves: they never name a group.

Kept short on purpose. Long lists hold "face", "side", "line", "round", "part", "top", "bottom", "front",
"back", "empty", "full", all of which players use for what they see.
"""

_ENGLISH = """
a about all also an and any are as at be been being but by can could do does doing each either else etc for
from get gets got had has have having he her here hers him his how i if in into is it it's its itself just
like likes looks looking made make makes many may maybe me might more most much must my no nor not of off on
one or other our out perhaps probably quite really seem seems she should so some something stuff such than
that that's the their them then there these they thing things this those to too up us use used uses usually
very was we were what when where which while who whose why will with within without would you your
"""
_ITALIAN = """
ad agli ai al alla alle allo anche avere c'è che chi ci come con cosa cui da dagli dai dal dalla dalle dallo
degli dei del della delle dello di e è ed era essere fa forse gli ha hanno ho i il in la le lo loro lui ma
mi molto negli nei nel nella nelle nello noi non o ogni per perché più poco qualcosa quale quasi quella
quelle quelli quello questa queste questi questo se sembra sembrano senza si sono sopra sta su sua sue sugli
sui sul sulla sulle sullo suo suoi tra tutto un una uno
"""

STOP_WORDS = frozenset(_ENGLISH.split()) | frozenset(_ITALIAN.split())
