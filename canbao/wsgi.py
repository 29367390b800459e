"""The WSGI entry of the pages."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canbao.settings")
application = get_wsgi_application()
