"""The WSGI application of all faces."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiannuo.site.settings")
application = get_wsgi_application()
