"""The WSGI application of all faces, whole before the first visitor comes."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiannuo.site.settings")
# Hundreds of modules are loaded and none is thrown away: looking for garbage meanwhile takes an eighth of the start, and looking
# through them again ever after would stop a visitor for the time of it.
gc.disable()
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - loads the addresses
gc.freeze()
gc.enable()
