from dashboard.site import here
from dashboard.views.cameras import show

show(here())
