from dashboard.site import here
from dashboard.views.site_map import show

show(here())
