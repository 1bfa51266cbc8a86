"""Orders: what may be done to them, their clocks, how findings become orders and how a camera verifies a repair."""
