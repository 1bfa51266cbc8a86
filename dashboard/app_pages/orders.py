from dashboard.situation import here
from dashboard.views.orders import show

show(here())
