from dashboard.situation import here
from dashboard.views.site_map import show

show(here())
