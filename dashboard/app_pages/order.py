from dashboard.site import here
from dashboard.views.order import show

show(here())
