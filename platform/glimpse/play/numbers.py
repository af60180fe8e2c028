from django.http import Http404, HttpRequest

DIGITS = 9


def query_number(request: HttpRequest, name: str) -> int | None:
    """Of the query; None where there is none.

    Raises:
        Http404: it is no number.
    """
    text = request.GET.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS):
        raise Http404
    return int(text)
