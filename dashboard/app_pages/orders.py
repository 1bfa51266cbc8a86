from dashboard.site import here
from dashboard.views.orders import show

show(here())
