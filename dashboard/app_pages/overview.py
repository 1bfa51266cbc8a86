from dashboard.site import here
from dashboard.views.overview import show

show(here())
