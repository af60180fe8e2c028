"""Pages that say what this is and what is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from labeling.selectors.studies import open_studies


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/about.html", {"studies": open_studies()})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/privacy.html")
