"""One script a page. Each says what stands where; the rest is in `dashboard.views`."""
