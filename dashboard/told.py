"""What the lower floors say in English, in the language of whoever is looking: refusals, notes, progress.

Those floors know no screen and no language. Their lines are recognised here by their wording; a line that no wording
fits is shown as it is.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from dashboard.language import ENGLISH, Titles, listed, mark, spoken, tr
from dashboard.words import ACTION_TITLES, STATE_TITLES

REFUSALS = (
    mark("Order {0} was changed by somebody else; look at it again."),
    mark("{0} was first: order {1} is {2} ({3}, {4}); look at it again."),
    mark("{0} may look but not change orders; ask an operator, or act as one."),
    mark("{0} may not change policies, people or the register; ask a manager."),
    mark("An order is about one asset or one camera: name one of them."),
    mark("There is no asset '{0}'."),
    mark("A {0} cannot have the issue '{1}'."),
    mark("Order {0} is already open for the same thing; add a comment there."),
    mark("This calendar never reaches the target; give it more working days."),
    mark("A calendar needs at least one weekday, from 0 (Monday) to 6 (Sunday)."),
    mark("A calendar's closing time must be later than its opening time."),
    mark("This is not a working calendar: {0}."),
    mark("There is no order {0}."),
    mark("Order {0} was not dismissed: give a reason."),
    mark("Order {0} was not marked as a duplicate: say of which order."),
    mark("Order {0} is itself a duplicate of order {1}; name that one."),
    mark("Order {0} was not re-opened: order {1} is already open for the same thing."),
    mark("There is no person '{0}' to assign to."),
    mark("There is no team '{0}' to assign to."),
    mark("A suppression needs an end that lies ahead."),
    mark("There is no priority {0}; use 1 to 4."),
    mark("A response target must be more than zero and no longer than the resolution target."),
    mark("A comment needs a text."),
    mark("A comment may have {0} characters; this one has {1}."),
    mark("'{0}' is not kept; attachments are {1}."),
    mark("'{0}' has {1} bytes; attachments have 1 to {2}."),
    mark("A finding can be asked to last between 0 seconds and a day."),
    mark("A least score lies between 0 and 1."),
    mark("There is no suppression {0}."),
    mark("Order {0} was not assigned: name a person or a team."),
    mark("Order {0} was not put on hold: say what it waits for."),
    mark("Order {0} cannot be a duplicate of itself."),
    mark("Order {0} was not marked as not ours: say whose it is."),
    mark("Order {0} is {1}: its priority stays as it was."),
    mark("Order {0} is {1}: it cannot {2}; it can {3}."),
    mark("'{0}' cannot be an asset's id: no spaces or slashes, at most 128 characters."),
    mark("'{0}' is not a kind of asset; the kinds are {1}."),
    mark("Criticality is 1 (critical), 2 (usual) or 3 (minor)."),
    mark("Asset {0} still has order {1} open; close or dismiss that first."),
    mark("{0} is not a {1}; it lies between -{2} and {3}."),
    mark("'{0}' is the external ref of asset {1}."),
    mark("There is no camera '{0}'; add it on the Cameras page, or name one that is there."),
    mark("'{0}' cannot be a camera's id; use letters, digits, dots, hyphens."),
    mark("{0} is not a latitude; it lies between -90 and 90."),
    mark("{0} is not a longitude; it lies between -180 and 180."),
    mark("{0} is not a heading; it lies between 0 and 360 degrees from north."),
    mark("{0} is not an angle of view; it lies between 1 and 360 degrees."),
    mark("Seconds between two looks must lie between 0.04 and 86,400."),
    mark("Hours need both a beginning and an end."),
    mark("Hours that end when they begin say nothing; choose day and night, or another end."),
    mark("Sunset is known only where a place is: give latitude and longitude, or hours by the clock."),
    mark("Camera {0} has no source to watch; give it an address, path or device."),
    mark("Camera {0} is switched off; switch it on first."),
    mark("Asset {0} is registered as {1}, not as {2}."),
    mark("{0} does not say what its assets are: map a column to 'kind'."),
    mark("{0} does not name its assets: map a column to 'id' or 'external_ref'."),
    mark("{0} cannot be read: {1}."),
    mark("Assets have no field '{0}'; map to one of {1}."),
    mark("The file has no column '{0}'; it has {1}."),
    mark("{0} is not a register file; use .csv, .xlsx, .geojson or .json."),
    mark("{0} is in no known encoding; save it as UTF-8."),
    mark("{0} is empty."),
    mark("{0} has {1} MiB; a register may have {2}."),
    mark("{0} has no heading; its first line must name the columns."),
    mark("{0} has {1} columns; at most {2} are read."),
    mark("{0} has the column '{1}' twice; rename one of them."),
    mark("{0} is not a text file."),
    mark("{0} has more than {1} features; split it."),
    mark("{0} has more than {1} rows; split it."),
    mark("{0} cannot be read as CSV: {1}."),
    mark("{0} unpacks to {1} MiB; that is no register."),
    mark("{0} cannot be read as an Excel file; save it again as .xlsx."),
    mark("{0} cannot be read as JSON."),
    mark("{0} is neither a GeoJSON FeatureCollection nor a list of entities."),
    mark("'{0}' cannot be an asset's id; use letters, digits, dots, hyphens."),
    mark("This database has no site."),
    mark("A site needs a name."),
    mark("Evidence is kept for at least a day and takes more than nothing; leave a limit empty for none."),
    mark("Nobody signs in as the system."),
    mark("A person needs an id and the role viewer, operator or manager."),
    mark("There is nobody '{0}' who may act; add them under people."),
    mark("{0} was switched off on this site; ask an administrator."),
    mark("There is no team '{0}'."),
    mark("{0}: not one picture came."),
    mark("Camera {0} has no source and no picture yet: inspect a clip of it first."),
    mark("A view needs a name of at most {0} characters."),
    mark("There is nobody '{0}' who could keep a view."),
    mark("This view is gone already."),
    mark("{0} views are kept at most; delete one first."),
    mark("Name the address, path or device to be tested."),
    mark("There is no job {0}."),
    mark("This job names no camera."),
    mark("A night is being played; wait for the morning, or stop it."),
    mark("The guided play runs on demo sites only: it raises orders of its own."),
    mark("'{0}' is not a time zone; use an IANA name such as Asia/Shanghai."),
)
"""Wordings of the errors that work orders and the register raise; numbers stand for what is filled in."""
NOTES = (
    mark("no longer seen by the camera"),
    mark("seen again after the repair"),
    mark("not seen for a while: close it if it is gone"),
    mark("{0} is out as well"),
    mark("took in order {0}"),
    mark("seen again in {0} looks after the repair"),
    mark("asleep until its hours begin"),
    mark("the watch was ended"),
    mark("the recording has ended"),
    mark("loading the detector"),
    mark("opening the source"),
    mark("reading the register"),
    mark("{0} looks, {1} findings"),
    mark("too small to tell"),
    mark("something else is there"),
    mark("too dark to tell"),
    mark("nothing of its kind is seen in this view"),
    mark("not seen, but something stands there"),
    mark("not seen for a moment"),
    mark("hidden"),
    mark("its head cannot be seen"),
    mark("twilight"),
    mark("its head is not where it was"),
    mark("neither lit nor dark"),
    mark("flickers"),
    mark("steady for a moment"),
    mark("may flicker"),
    mark("most lamps are bright: it may be the sun"),
    mark("not known well enough"),
    mark("the whole view changed"),
    mark("something else changed there"),
    mark("colours cannot be judged now"),
    mark("too small or hidden"),
    mark("thin, but not bare"),
    mark("too few trees in leaf to compare with: it may be the season"),
    mark("its foot is out of view"),
    mark("'{0}' is the external ref of asset {1}"),
    mark("asset {0} is already in row {1}"),
    mark("a new asset needs a kind"),
    mark("there is no camera '{0}'"),
    mark("has neither an id nor an external ref"),
    mark("'{0}' cannot be an id: no spaces or slashes, at most 128 characters"),
    mark("is longer than 128 characters"),
    mark("'{0}' is not a kind of asset; the kinds are {1}"),
    mark("'{0}' is not a {1} between -{2} and {3}"),
    mark("'{0}' is not 1 (critical), 2 (usual) or 3 (minor)"),
    mark("is not camera -> polygon: {0}"),
)
"""Wordings of what the system notes in an order's log, of a job's progress, of why a camera cannot tell, and of what is
wrong with a row of a register file."""
_NAMES: dict[str, tuple[Titles[Any], Any]] = {
    str(code.value).replace("_", " "): (table, code) for table in (ACTION_TITLES, STATE_TITLES) for code in table
}
"""States and actions as the lower floors write them, with where their titles stand."""


def told(line: str) -> str:
    """A line of a lower floor in the language of whoever is looking."""
    if spoken() == ENGLISH or not line:
        return line
    for wording, pattern in _patterns():
        if found := pattern.fullmatch(line):
            return tr(wording).format(*(_word(group) for group in found.groups()))
    return line


def _word(group: str) -> str:
    """What is filled in: states and actions in the reader's words, anything else as it is."""
    parts = group.split(", ")
    named = [_NAMES.get(part) for part in parts]
    return listed(table[key] for table, key in named) if all(named) else group  # type: ignore[misc]


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Wordings with what recognises them, those with most words of their own first."""
    longest = sorted((*REFUSALS, *NOTES), key=lambda wording: -len(re.sub(r"\{\d\}", "", wording)))
    return tuple((one, re.compile(re.sub(r"\\\{\d\\\}", "(.+?)", re.escape(one)), re.DOTALL)) for one in longest)
