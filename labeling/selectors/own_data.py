"""What is kept about a player, and where."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from labeling.models import Conduct, Consent, Game, LedgerEntry, Player, Report, Standing, Study


def identities_of(player: Player) -> list[Player]:
    """The player, and the guests whom their account took over."""
    return list(Player.objects.filter(Q(pk=player.pk) | Q(merged_into=player)).order_by("pk"))


def studies_of_player(player: Player) -> QuerySet[Study]:
    """Studies that keep anything about the player."""
    own = [identity.pk for identity in identities_of(player)]
    of_study = {"study": OuterRef("pk"), "player__in": own}
    kept = Q(Exists(LedgerEntry.objects.filter(study=OuterRef("pk"), other__in=own)))
    kept |= Q(Exists(Report.objects.filter(image__study=OuterRef("pk"), player__in=own)))
    kept |= Q(Exists(Game.objects.filter(**of_study))) | Q(Exists(Consent.objects.filter(**of_study)))
    kept |= Q(Exists(Standing.objects.filter(**of_study))) | Q(Exists(Conduct.objects.filter(**of_study)))
    kept |= Q(Exists(LedgerEntry.objects.filter(**of_study)))
    return Study.objects.filter(kept).order_by("pk")
