from dashboard.situation import here
from dashboard.views.overview import show

show(here())
