"""Measures the detectors' floor against plain prediction and against what cannot be avoided, in one run."""
