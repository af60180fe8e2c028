"""An account takes over what its browser did as a guest."""

from django.contrib.auth import get_user_model

from labeling.models import Player
from labeling.services.merging import guest_merge
from labeling.services.players import guest_create
from labeling.services.undisturbed import undisturbed


@undisturbed
def account_claim(*, user_id: int, guest: Player | None, language: str) -> Player:
    """The account's player: the guest, if it has none yet; else its own, into whom the guest is merged.

    A guest whom another account has is left alone. Run twice, it changes nothing more.
    """
    get_user_model().objects.select_for_update(no_key=True).get(pk=user_id)
    own = Player.objects.filter(user=user_id).first()
    if own is None:
        own = guest if guest is not None and _take(guest, user_id) else guest_create(language=language)
        _take(own, user_id)
    elif guest is not None:
        guest_merge(guest=guest, into=own)
    own.refresh_from_db()
    return own


def _take(guest: Player, user_id: int) -> bool:
    return bool(Player.objects.filter(pk=guest.pk, user=None, merged_into=None).update(user=user_id))
