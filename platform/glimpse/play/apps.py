from django.apps import AppConfig


class PlayConfig(AppConfig):
    name = "glimpse.play"
