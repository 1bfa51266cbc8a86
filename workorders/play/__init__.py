"""The guided play: on a demo site a night passes in three minutes, a lamp fails, is mended, and the camera verifies it.

Only the pictures are staged, from two sample clips. What is found in them, the order, its clocks and the verification
come about as with any camera: the worker looks, confirms, raises and verifies. The detectors are given the night's own
times; everything kept has the time at which it happened here, as with a live camera.
"""
