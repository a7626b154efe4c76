"""The site's addresses, and one view that does nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config.urls import urlpatterns as site


@csrf_exempt
def trivial(request: HttpRequest) -> HttpResponse:
    """Read what was sent, and say thanks."""
    return HttpResponse(f"Thanks for {len(request.POST)} fields")


urlpatterns = [path("trivial/", trivial), *site]
