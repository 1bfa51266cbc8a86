from dashboard.situation import here
from dashboard.views.assets import show

show(here())
