"""Signing in elsewhere by OpenID Connect, through allauth, with what allauth leaves open closed.

allauth trusts an ID token that came over TLS without looking at its signature, and sends no nonce.
Here the signature, issuer, audience, expiry and nonce are always checked, by algorithms we list, and
the server asks nobody but the issuer it was told.
"""

import secrets
from typing import Any
from urllib.parse import urlsplit

import jwt
import requests
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from lms.common.acts import note
from lms.common.clock import database_now
from lms.people.sso import SsoRefused, link_identity, person_of

# `none` and the shared-secret kinds are not among them: a token's own header decides nothing.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
TIMEOUTS = (3.05, 10)
LARGEST_ANSWER = 512 * 1024
LEEWAY_SECONDS = 60


class TokenRefused(SsoRefused):
    code = "sso_token_invalid"
    sentence = gettext_noop("统一身份发来的凭证不对或过期了，没有登录。请重新登录一次。")


class StateLost(SsoRefused):
    code = "sso_state_invalid"
    sentence = gettext_noop("这次登录不是从这里开始的，或者等得太久。请从登录页重新开始。")


class IssuerSilent(SsoRefused):
    code = "sso_unavailable"
    sentence = gettext_noop("统一身份认证现在连不上。请过一会儿再试，或者用人员编号和密码登录。")
    status = 502


class IssuerStrange(SsoRefused):
    code = "sso_issuer_mismatch"
    sentence = gettext_noop("统一身份认证的设置和这里登记的对不上，没有登录。请系统管理员核对。")
    status = 502


class IssuerSession(requests.Session):
    """Asks the configured origins only: no redirects, a time and a size for every answer."""

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(str(url))
        if f"{parts.scheme}://{parts.netloc}" not in settings.OIDC["origins"]:
            raise IssuerStrange
        kwargs |= {"timeout": TIMEOUTS, "allow_redirects": False, "stream": True}
        answer = super().request(method, url, *args, **kwargs)
        body = answer.raw.read(LARGEST_ANSWER + 1, decode_content=True)
        if len(body) > LARGEST_ANSWER:
            raise IssuerStrange
        answer._content = body
        return answer


class IssuerAdapter(OpenIDConnectOAuth2Adapter):
    state: dict[str, Any]

    @property
    def openid_config(self) -> dict[str, Any]:
        found = super().openid_config
        if not isinstance(found, dict) or found.get("issuer") != settings.OIDC["issuer"]:
            raise IssuerStrange
        return found

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        path = reverse("openid_connect_callback", kwargs={"provider_id": self.provider_id})
        return settings.BASE_URL + path

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        claims = self._claims(app, kwargs["response"].get("id_token"))
        if "email" not in claims and "userinfo_endpoint" in self.openid_config:
            told = self._fetch_user_info(token.token)
            if isinstance(told, dict) and told.get("sub") == claims["sub"]:
                claims = {**told, **claims}
        login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.claims = claims
        return login

    def _claims(self, app: SocialApp, token: object) -> dict[str, Any]:
        if not isinstance(token, str):
            raise TokenRefused
        try:
            claims = jwt.decode(
                token,
                key=self._key(token),
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=settings.OIDC["issuer"],
                leeway=LEEWAY_SECONDS,
                options={"require": ["iss", "aud", "exp", "iat", "sub", "nonce"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
            raise TokenRefused from error
        if not secrets.compare_digest(str(claims["nonce"]), self.state.get("nonce", "")):
            raise TokenRefused
        is_shared = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        # OpenID Connect Core 3.1.3.7: of several audiences, we must be the one it was made for.
        if is_shared and claims.get("azp") != app.client_id:
            raise TokenRefused
        return claims

    def _key(self, token: str) -> jwt.PyJWK:
        """The issuer's key of the name the token gives; its only key when the token gives none."""
        header = jwt.get_unverified_header(token)
        with get_adapter().get_requests_session() as session:
            keys = jwt.PyJWKSet.from_dict(session.get(self.openid_config["jwks_uri"]).json()).keys
        named = [key for key in keys if header.get("kid") in (None, key.key_id)]
        if len(named) != 1:
            raise TokenRefused
        return named[0]


class Provider(OpenIDConnectProvider):
    oauth2_adapter_class = IssuerAdapter

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing of the address decides what is asked of the issuer but where to go afterwards."""
        return {"process": AuthProcess.LOGIN, "next_url": get_next_redirect_url(request)}

    def redirect(self, request: HttpRequest, process: Any, **kwargs: Any) -> HttpResponse:
        nonce = secrets.token_urlsafe(32)
        return super().redirect(
            request, process, **kwargs, auth_params={"nonce": nonce}, scope=self.get_scope(),
            nonce=nonce,
        )  # fmt: skip

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Claims are looked at, not kept."""
        return {}


class CallbackView(OAuth2CallbackView):
    adapter: IssuerAdapter

    def _get_state(self, request: HttpRequest, provider: Provider) -> tuple[Any, Any]:
        """allauth keeps the state to itself; the nonce in it is needed with the token."""
        state, response = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, response


class SsoAdapter(DefaultSocialAccountAdapter):
    """One issuer, from the environment; people from the roster; refusals in words and in the journal."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list[Any]:
        """No table can add an issuer."""
        if not settings.OIDC:
            return []
        app = SocialApp(provider="openid_connect", **settings.OIDC["app"])
        is_asked = provider in (None, "openid_connect", app.provider_id)
        return [app] if is_asked and client_id in (None, app.client_id) else []

    def get_provider(self, request: HttpRequest, provider: str, client_id: Any = None) -> Provider:
        return Provider(request, app=self.get_app(request, provider, client_id))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> Any:
        return sociallogin.user  # it is replaced by the person of the roster

    def get_requests_session(self) -> requests.Session:
        return IssuerSession()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        account = sociallogin.account
        person = person_of(provider=account.provider, uid=account.uid, claims=sociallogin.claims)
        sociallogin.account = link_identity(
            person=person, provider=account.provider, uid=account.uid, at=database_now()
        )
        sociallogin.user = person

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None,
        extra_context: Any = None,
    ) -> None:  # fmt: skip
        if error == AuthError.CANCELLED:
            return
        if exception is None and "state" in (extra_context or {}):
            exception = SsoRefused()  # the issuer itself said no
        raise ImmediateHttpResponse(refused(request, refusal_for(exception)))


def refusal_for(exception: BaseException | None) -> SsoRefused:
    if isinstance(exception, SsoRefused):
        return exception
    if exception is None:
        return StateLost()
    return IssuerSilent() if isinstance(exception, requests.RequestException) else TokenRefused()


def refused(request: HttpRequest, refusal: SsoRefused) -> HttpResponse:
    """Why nobody is signed in, for the person and for the journal."""
    note(
        action="people.sso_refused", by=None, at=database_now(), outcome="refused",
        code=refusal.code, address=request.META.get("REMOTE_ADDR") or None,
    )  # fmt: skip
    context = {"sentence": _(str(refusal.sentence)), "code": refusal.code}
    return render(
        request, "socialaccount/authentication_error.html", context, status=refusal.status
    )


def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _answer(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _answer(CallbackView, request, provider_id)


def _answer(view: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    try:
        return view.adapter_view(IssuerAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (OAuth2Error, requests.RequestException) as error:
        return refused(request, refusal_for(error))
