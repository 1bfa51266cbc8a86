from dashboard.situation import here
from dashboard.views.inspect_clip import show

show(here())
