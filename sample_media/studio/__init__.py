"""Renders photoreal views of public spaces with exact truth: plates, clips and labelled stills.

Everything is procedural, seeded and drawn with Blender's ``bpy``, which only this package needs
(``sample_media/studio/requirements.txt``). Metres throughout: the camera stands at y = 0 and looks along +y, ``s`` is
the distance along the walk, ``t`` the offset to its right, ``z`` the height.
"""

import os

# OpenCV reads the id pass only when this is set before its first import.
os.environ.setdefault("OPENCV_IO_ENABLE_OPENEXR", "1")
