from labeling.models import Consent, Player, Study


def has_consented(player: Player, study: Study) -> bool:
    """To the text as it is now."""
    return Consent.objects.filter(player=player, study=study, version=study.consent_version).exists()
