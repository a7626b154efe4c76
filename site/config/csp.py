"""The content security policy: strict on public pages, wider where Wagtail's admin needs inline script and style."""

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

HEADER = "Content-Security-Policy"


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Choose the policy by address: the admin's own below its root, the strict one everywhere else.

    From the sign-in page a form leads to the council's directory, where there is single sign-on.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Put the header on, unless a view chose its own."""
        if request.path_info.startswith(reverse("wagtailadmin_home")) and not hasattr(response, "_csp_replace"):
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        elif request.path_info.startswith(reverse("account_login")) and not hasattr(response, "_csp_replace"):
            response._csp_replace = settings.SIGN_IN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        result: HttpResponseBase = super().process_response(request, response)
        if request.path_info.startswith(reverse("wagtailadmin_home")) and HEADER in result:
            # A preview is a page with its own policy, shown in a frame of the editor's.
            result[HEADER] = result[HEADER].replace("frame-ancestors 'none'", "frame-ancestors 'self'")
        return result
