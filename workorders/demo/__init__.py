"""A demo site: a made-up riverside district with its register and two years of orders, for demos and for load.

Its ratios echo the deployment that Lamplighter is modelled on, as reported: about 2.9 % of 6,800 assets a month, over
98 % of the orders settled within 20 minutes. Nothing of it was measured; every screen and export says demo data.
"""

from workorders.demo.site import DemoPlan, build_demo_site

__all__ = ["DemoPlan", "build_demo_site"]
