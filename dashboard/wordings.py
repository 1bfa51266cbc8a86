"""What the lower floors say in English, wording by wording: `{0}`, `{1}` and so on stand for what is filled in.

A test compares every table with the code that says these lines, so that none goes stale and none is missing.
"""

from __future__ import annotations

from dashboard.language import mark
from dashboard.refusals import REFUSALS, ROW_FAULTS, STORE_FAULTS

SOURCE_FAULTS = (
    mark("{0}: no pictures in this folder ({1})."),
    mark("{0}: {1} pictures but {2} times."),
    mark("{0}: {1} of {2} pictures could not be read ({3}); the others were inspected."),
    mark("{0}: no such file or folder."),
    mark("{0}: the stream ended after {1} frames."),
    mark("{0}: the stream carries no video."),
    mark(
        "{0}: no answer within {1} s or not a video stream ({2}); check the address, the camera's power and its "
        "network."
    ),
    mark("{0}: the stream broke off after {1} frames ({2})."),
    mark("{0}: nothing of what the stream sends can be decoded."),
    mark("{0}: no such file."),
    mark("{0}: the file is empty."),
    mark("{0}: no picture could be decoded; the file is damaged or cut off."),
    mark("{0}: the video ends early, after {1} of {2} s; what came before was inspected."),
    mark("{0}: the video is damaged ({1}); what could be read was inspected."),
    mark("{0}: the file holds no video."),
    mark("{0}: not a video that can be read; give a video file, a folder of pictures or a stream."),
    mark("{0}: not a readable truth file ({1})."),
    mark("{0}: no clip or folder of frames named '{1}' beside it."),
    mark("{0}: {1}: {2} ({3} errors in all)."),
)
"""Why a file, folder or stream cannot be looked at, or not to its end."""
MODEL_FAULTS = (
    mark("{0}: cannot be exported to ONNX (its process ended with {1})."),
    mark("{0}: cannot be exported to ONNX ({1})."),
    mark("{0}: has no class names; export it with ultralytics (`yolo export format=onnx`)."),
    mark("{0}: a model for '{1}'; a detection model is needed."),
    mark("{0}: its input is {1}x{2}; export it square or with dynamic=True."),
    mark("{0}: not an ONNX model that can be read; it may be damaged."),
    mark("{0}: not a model file that can be read; it may be damaged."),
    mark('No backend "{0}": one of {1}.'),
    mark("{0}: torch cannot run an ONNX file; use backend onnxruntime or openvino."),
    mark("{0} is not installed: `pip install {1}`, or use backend auto."),
    mark("{0} does not give the same boxes as torch for {1}: use backend auto."),
    mark(
        "{0}: cannot be set to look for texts; it needs an undamaged file and ultralytics' text encoder "
        "(mobileclip2_b.ts beside it, or a network to fetch it from)."
    ),
    mark(
        "Could not download {0}. On a machine without network, fetch it elsewhere from "
        "https://github.com/ultralytics/assets/releases and put it into {1}."
    ),
    mark("The bundled detector is missing: {0} and {1} belong in {2}."),
    mark("{0}: damaged or changed (its SHA-256 is not the published one). Restore it from the project."),
    mark("{0}: damaged or changed (its SHA-256 is not the published one)."),
    mark('No model "{0}": give a .pt or .onnx file, or one of {1}.'),
    mark("{0}: a model file ends in .pt or .onnx."),
    mark('{0}: expected {"class of the model": "our class", …} in JSON.'),
    mark("{0}: no class of ours is called {1}: use {2}."),
    mark("{0}: cannot be read; delete it to go back to the bundled model."),
    mark("{0} is not here: run `lamplighter models use {1}`, or put {2} into {3}."),
    mark("The detector failed on pictures that were asked for together with these."),
    mark("The surface model is missing: {0} and {1} belong in {2}."),
    mark("{0}: not a surface model; its classes are not {1}."),
    mark("{0}: not the facts of a model; restore it from the project."),
    mark("A region needs at least 3 points, this one has {0}."),
    mark("A region must have an area; its points lie on one line."),
    mark("A region's points must be pairs of numbers [x, y]."),
    mark("A region's points must lie in 0-1; ({0}, {1}) is outside the picture."),
    mark("Unknown issue '{0}'; the issues are: {1}."),
)
"""Why the detector cannot look, and what is no region."""
PROGRESS = (
    mark("waiting for a worker"),
    mark("starting"),
    mark("cancelled"),
    mark("cancelled by {0}"),
    mark("given up: its worker stopped {0} times without a word"),
    mark("interrupted: its worker was stopped"),
    mark("its worker ended without a word"),
    mark("unexpected {0}: {1}"),
    mark("loading the detector"),
    mark("opening the source"),
    mark("reading the register"),
    mark("{0} looks, {1} findings"),
    mark("{0} looks, {1} findings, {2} new orders"),
    mark("{0} x {1} pixels"),
    mark("{0} assets seen"),
    mark("the night is over"),
    mark("asleep until its hours begin"),
    mark("the watch was ended"),
    mark("the recording has ended"),
    mark("watching: {0} looks"),
    mark("unreachable, next try in {0} s: {1}"),
    mark("pictures cannot be kept: {0}"),
    mark("pictures cannot be kept, next try in {0} s: {1}"),
    mark("overloaded: {0} of the last {1} looks were passed over; this machine is too slow"),
)
"""How far a job is or how it ended, and what troubles a camera."""
LOG_NOTES = (
    mark("no longer seen by the camera"),
    mark("seen again after the repair"),
    mark("not seen for a while: close it if it is gone"),
    mark("{0} is out as well"),
    mark("took in order {0}"),
    mark("part of the circuit fault in order {0}"),
    mark("{0} neighbouring lights out at one time: likely a circuit fault"),
    mark("seen again in {0} looks after the repair"),
    mark("clean in {0} looks after the repair"),
    mark("no view in time: a person must verify"),
    mark("raised by hand"),
    mark("driver of the lamp replaced"),
    mark("the guided play was reset by {0}"),
    mark("removed by retention"),
    mark("the file is missing from the disk"),
    mark("no reason given"),
)
"""What the system notes in an order's log, and where a file has gone."""
REASONS = (
    mark("too small to tell"),
    mark("its light went out"),
    mark("not seen, but something stands there"),
    mark("not known well enough yet"),
    mark("hidden"),
    mark("its head cannot be seen"),
    mark("no brighter than what the day lights"),
    mark("no brighter than when it was dark"),
    mark("what shines there is another lamp's light"),
    mark("twilight"),
    mark("its head is not where it was"),
    mark("neither lit nor dark"),
    mark("the ground under it is lit"),
    mark("flickers"),
    mark("steady for a moment"),
    mark("may flicker"),
    mark("another lamp switches with it"),
    mark("it looked so when it was registered"),
    mark("most lamps are bright: it may be the sun"),
    mark("not known well enough"),
    mark("the whole view changed"),
    mark("something else changed there"),
    mark("colours cannot be judged now"),
    mark("too small or hidden"),
    mark("thin, but not bare"),
    mark("too few trees in leaf to compare with: it may be the season"),
    mark("its foot is out of view"),
    mark("a light at its head, which may be its own"),
    mark("few lamps to compare with, never seen dark"),
    mark("switches to and fro"),
    mark("leant when it was last seen whole"),
    mark("too small to tell, and never seen in leaf"),
    mark("not whole in the picture, and never seen in leaf"),
    mark("bare in winter, and never seen in leaf"),
    mark("has the colour of blossoms or autumn leaves"),
    mark("not seen to stand there"),
    mark("in leaf or blossom to the judge that knows blossoms"),
    mark("changed with the tree that fell"),
    mark("its head may be elsewhere in its box"),
    mark("seen through the boughs of a bare tree"),
    mark("blurred, as by a drop on the lens"),
    mark("fog"),
    mark("the whole picture changed at once"),
    mark("the picture came damaged: packets were lost or broken"),
    mark("the picture has another shape than before: {0}x{1}"),
    mark("the picture changed from {0}x{1} to {2}x{3}"),
    mark("its time lies before the last frame's"),
)
"""Why a camera cannot tell, as it is written under a region in marked pictures."""
MODELS = (
    mark("the bundled detector: all classes"),
    mark("a file of your own"),
    mark("COCO classes: movers and benches only"),
    mark("Open Images: street lights, trees, bins, benches, movers"),
    mark("any class by its text, for issues that nobody has trained"),
)
"""What the catalogue says of its detectors."""
SYSTEM_FAULTS = (
    mark("The reference pictures cannot be written to {0}: {1}."),
    mark("Connection refused"),
    mark("Connection timed out"),
    mark("Connection reset by peer"),
    mark("No route to host"),
    mark("Network is unreachable"),
    mark("Input/output error"),
    mark("Invalid data found when processing input"),
    mark("Immediate exit requested"),
    mark("End of file"),
    mark("Permission denied"),
    mark("No such file or directory"),
    mark("No space left on device"),
    mark("Server returned 401 Unauthorized (authorization failed)"),
    mark("Server returned 404 Not Found"),
    mark("Name or service not known"),
)
"""What the operating system and the video library say of the usual troubles: no wordings of ours."""
ALL = (
    *REFUSALS, *STORE_FAULTS, *SOURCE_FAULTS, *MODEL_FAULTS, *PROGRESS, *LOG_NOTES, *REASONS, *ROW_FAULTS,
    *MODELS, *SYSTEM_FAULTS,
)  # fmt: skip
