from dashboard.situation import here
from dashboard.views.reports import show

show(here())
