"""Links by which anybody reads one explanation: reading them, making them and revoking them."""

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from glimpse.play import pictures
from glimpse.play.explained import Places, explanation_context
from glimpse.play.explained_class import ClassPlaces, class_context
from glimpse.play.numbers import DIGITS
from labeling.models import ClassExplanation, Explanation, Image, Share, Study
from labeling.selectors.class_pages import class_explanation
from labeling.selectors.images import studies_of_researcher
from labeling.selectors.regions_shown import regions_shown
from labeling.selectors.sharing import image_of_regions, live_shares
from labeling.services.sharing import NotShareableError, share_class, share_image, share_revoke

ROBOTS = "noindex, nofollow, noimageindex"


@never_cache  # a link that is revoked is gone
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Exactly the revision that was shared. Nothing on the page writes, and nobody is remembered."""
    share = get_object_or_404(live_shares(), key=key)
    try:
        if share.image is not None:
            context = _of_image(request, share, share.image)
            return _unlisted(render(request, "play/shared.html", context))
        return _unlisted(render(request, "play/shared_class.html", _of_class(share)))
    except (Explanation.DoesNotExist, ClassExplanation.DoesNotExist):
        raise Http404 from None


def _of_image(request: HttpRequest, share: Share, image: Image) -> dict[str, object]:
    places = Places(reverse("play:shared-photo", args=[share.key]), _evidence_of(share))
    return explanation_context(image, places, request.GET.dict(), share.revision)


def _of_class(share: Share) -> dict[str, object]:
    """With pictures of all its images, that are still there, and the way to none of their pages."""
    found = class_explanation(share.study, share.explained_class or 0, share.revision)
    images = share.study.images.filter(explained_class=share.explained_class).exclude(prepared_at=None)
    evidence = dict.fromkeys(images.values_list("pk", flat=True), _evidence_of(share))
    return class_context(share.study, found, ClassPlaces(evidence, {}))


def _evidence_of(share: Share) -> str:
    return reverse("play:shared-evidence", args=[share.key, 0]).removesuffix("0")


@require_safe
def photo(request: HttpRequest, key: str) -> HttpResponse:
    image = get_object_or_404(live_shares(), key=key).image
    if image is None:
        raise Http404
    return _unlisted(pictures.respond(pictures.crop_of(image, pictures.STAGE_SIDE)))


@require_safe
def evidence(request: HttpRequest, key: str, regions: str) -> HttpResponse:
    """A picture that the shared revision shows; no other."""
    share = get_object_or_404(live_shares(), key=key)
    image = image_of_regions(share, regions)
    found = regions_shown(image, regions) if image else []
    if image is None or not found:
        raise Http404
    side = pictures.CARD_SIDE if request.GET.get("size") == "card" else pictures.STAGE_SIDE
    return _unlisted(pictures.respond(pictures.evidence(image, found, side)))


@require_POST
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a link to a revision that the page names, of an image or else of a class; researchers alone."""
    study, user = _own_study(request, slug)
    revision, index = _posted_number(request, "revision"), _posted_number(request, "class")
    try:
        if index is not None:
            share_class(study=study, class_index=index, revision=revision or 0, by=user)
        else:
            key = request.POST.get("image", "")
            image = get_object_or_404(study.images.select_related("study"), key=key)
            share_image(image=image, revision=revision or 0, by=user)
    except NotShareableError:
        raise Http404 from None
    return _back(request)


@require_POST
def unshare(request: HttpRequest, slug: str) -> HttpResponse:
    study, _ = _own_study(request, slug)
    share_revoke(study=study, key=request.POST.get("key", ""))
    return _back(request)


def _own_study(request: HttpRequest, slug: str) -> tuple[Study, User]:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return get_object_or_404(studies_of_researcher(user), slug=slug), user


def _back(request: HttpRequest) -> HttpResponse:
    back = request.POST.get("back", "/")
    is_own = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(f"{back}#share-title" if is_own else "play:home")


def _posted_number(request: HttpRequest, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else None


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = ROBOTS
    return response
