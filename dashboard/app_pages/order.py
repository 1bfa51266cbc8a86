from dashboard.situation import here
from dashboard.views.order import show

show(here())
