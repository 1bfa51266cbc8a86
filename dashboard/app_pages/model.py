from dashboard.situation import here
from dashboard.views.model import show

show(here())
