from dashboard.site import here
from dashboard.views.assets import show

show(here())
