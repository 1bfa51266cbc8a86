from dashboard.site import here
from dashboard.views.settings import show

show(here())
