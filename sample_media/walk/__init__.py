"""A second generator of scenes, apart from the studio: riverside walks drawn from seeds, filmed as clips with truth.

It grew from the first version of the studio's generator and shares no lamp, leaf, person, material or issue with the
studio, so that rules made on the studio's places can be scored on places of another make. It needs the studio's
environment (Blender's ``bpy``); ``plan``, ``schedule`` and ``truth`` need neither that nor a picture.
"""
