"""Clips of real views in which an issue is laid: real backgrounds, and things cut out of other pictures."""
