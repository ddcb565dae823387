from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class SsoAdapter(DefaultSocialAccountAdapter):
    pass


def login(request, provider_id):
    raise Exception


def callback(request, provider_id):
    raise Exception
