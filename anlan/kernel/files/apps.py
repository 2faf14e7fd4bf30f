from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "anlan.kernel.files"
    label = "files"
    verbose_name = "Files"
