from dashboard.site import here
from dashboard.views.inspect_clip import show

show(here())
