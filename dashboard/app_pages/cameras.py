from dashboard.situation import here
from dashboard.views.cameras import show

show(here())
