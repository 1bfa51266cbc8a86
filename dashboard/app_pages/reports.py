from dashboard.site import here
from dashboard.views.reports import show

show(here())
