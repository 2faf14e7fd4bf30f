"""The words that scripts say, in the reader's language; every page carries them as a data block."""

from __future__ import annotations

from django.utils.translation import gettext


def texts() -> dict[str, str]:
    """Key (as the scripts name it) to sentence; ``{name}`` is filled in by the script."""
    return {
        "charactersLeft": gettext("{n} characters left"),
        "close": gettext("Close"),
        "confirm": gettext("Confirm"),
        "confirmTitle": gettext("Please confirm"),
        "copied": gettext("Copied."),
        "copyFailed": gettext("The browser did not allow copying. Select the text and copy it by hand."),
        "draftDiscard": gettext("Discard the draft"),
        "draftRestored": gettext("Your draft of {when} was put back."),
        "fieldKept": gettext("This page is kept on the device: it opens without signal too."),
        "fieldSending": gettext("It is being sent…"),
        "fieldWaiting": gettext(
            "No signal. What you filled in is kept on the device and is sent by itself; it is done once."
        ),
        "fileEmpty": gettext("“{name}” is empty. Choose another file."),
        "fileTooLarge": gettext("“{name}” is larger than {n} MB. Choose a smaller file."),
        "fileType": gettext("“{name}” is of a kind that is not accepted here ({accept})."),
        "forbidden": gettext("Your post does not allow this."),
        "fullScreen": gettext("Full screen"),
        "inbox": gettext("Inbox"),
        "inboxUnread": gettext("Inbox, {n} unread"),
        "locateDenied": gettext(
            "The device refused to tell its position. Allow it in the browser, or enter the coordinates."
        ),
        "locateFailed": gettext("The position could not be found. Try again in the open, or enter the coordinates."),
        "locateUnavailable": gettext("This browser gives no position here. Enter the coordinates."),
        "located": gettext("Position entered, accurate to about {n} m."),
        "locating": gettext("Finding the position…"),
        "markPerson": gettext("By {who}"),
        "markPlace": gettext("Place {where}"),
        "markPosition": gettext("Position {lon}, {lat}"),
        "markTaken": gettext("Taken {when}"),
        "mapCtrl": gettext("Hold Ctrl and scroll to zoom"),
        "mapPlain": gettext("Simplified map: this device cannot draw the full one."),
        "mapTwoFingers": gettext("Move the map with two fingers"),
        "moreResults": gettext("There are more; type on to narrow the search."),
        "noData": gettext("No data for this chart yet."),
        "noPlaces": gettext("No place is known for these records yet."),
        "noResults": gettext("Nothing found."),
        "notFound": gettext("There is no such record, or it lies outside your jurisdiction."),
        "offline": gettext("No connection. Check the network and try again; nothing was lost on this page."),
        "open": gettext("Open"),
        "optional": gettext("(optional)"),
        "pictureFailed": gettext("This could not be loaded. Reload the page to try again."),
        "preparing": gettext("Making it smaller…"),
        "reason": gettext("Reason"),
        "recordChanged": gettext("Somebody else has just changed this record. Reload the page to see it as it is now."),
        "searchFailed": gettext("The search did not answer. Try again."),
        "searching": gettext("Searching…"),
        "serverError": gettext("The server reported an error ({status}). Nothing was stored; please try again."),
        "signIn": gettext("You have been signed out. Sign in again."),
        "stored": gettext("Stored"),
        "timeout": gettext("The server did not answer in time. Please try again."),
        "tooLarge": gettext("What was sent is too large. Choose fewer or smaller files."),
        "tooMany": gettext("Too many requests. Please wait a moment."),
        "tooManyFiles": gettext("No more than {n} files can be added here."),
        "uploaded": gettext("Uploaded"),
        "uploading": gettext("Uploading…"),
        "uploadsAwaited": gettext("The photos are still on their way; this is sent as soon as they are up."),
        "uploadsFailed": gettext("A file was not taken. Remove it or try again, then send the form."),
        "urgentNews": gettext("An urgent message has come for you. Open the inbox."),
        "waitingForSignal": gettext("No signal. It goes on by itself from where it stood."),
        "zoomIn": gettext("Zoom in"),
        "zoomOut": gettext("Zoom out"),
    }
