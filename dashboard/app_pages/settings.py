from dashboard.situation import here
from dashboard.views.settings import show

show(here())
