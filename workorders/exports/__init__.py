"""Exports: orders and assets as CSV, Excel and GeoJSON, orders as Open311 JSON, verdicts as YOLO labels."""
