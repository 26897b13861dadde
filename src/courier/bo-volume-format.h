/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/*
 * The volume of a courier on a device, and what the courier's program does to
 * it when it is run there by hand of the core (src/core/durable). The core and
 * the courier share this header; it needs nothing.
 *
 *   files/HE/HEX           contents by SHA-256, as in bo-script-format.h, for all campaigns
 *                          of the study; its time of modification is that of its last use
 *   incoming/HEX.SIZE      a content on its way: SIZE (decimal) bytes when it is whole
 *   campaigns/ID/          a campaign's folder as bo-script-format.h says (no files/ of its own)
 *     script.new           the script on its way; "begin" makes it `script`
 *     lease                touched by "tail": somebody is there
 *
 * The container's mounts: the volume at BO_VOLUME_PATH, the engine's socket at
 * BO_VOLUME_SOCKET, and, where the engine allows, the device's /sys read-only at
 * BO_VOLUME_SYS (a container's own has no /sys/firmware). /proc is the container's own: what telemetry
 * reads there is the whole machine's.
 *
 * Commands, all of them of the program bakeoff-courier. They print to standard
 * output what is said here, problems to standard error, and exit with
 * BO_COURIER_EXIT_*. VOLUME is BO_VOLUME_PATH, ID a campaign's.
 *
 *   play DIR --place device --wait SECONDS ...
 *       Waits for DIR/script. Gives up (exit 0, nothing journaled) when there is none and DIR/lease is
 *       older than SECONDS. Beside that as on a computer, but exit statuses: 0 also after disk-full,
 *       bad-script, and after a campaign that has an END already; other than 0 only what a new start may heal: a signal,
 *       engine-lost, a journal that cannot be written at the start.
 *   missing VOLUME ID
 *       Prints "HEX SIZE" for each content that the recipes of the campaign name and that files/ does
 *       not have with that size; sets the time of use of those that it has. A recipe that the script.new names
 *       and that is not there, or cannot be read, is a problem.
 *   adopt VOLUME
 *       Moves what is whole in incoming/ to files/ (written to the disk before), and removes the rest of incoming/.
 *       Prints "adopted N BYTES" and "dropped N BYTES".
 *   begin VOLUME ID
 *       As "missing"; when nothing is, syncs and renames script.new to script, and prints "begun". Otherwise prints
 *       what is missing and exits with BO_COURIER_EXIT_INPUT. Begun already: prints "begun".
 *   command VOLUME ID stop-now|stop-after-trial
 *   order VOLUME ID CHAIN...
 *       Write the file of that name (bo-script-format.h), in one piece.
 *   tail VOLUME ID NUMBER --for SECONDS
 *       Prints the journal's messages from NUMBER on as they are written, whole messages only, each as it
 *       is in its segment; first of all, when NUMBER is not the first of its segment, nothing is repeated.
 *       Ends after SECONDS, at the latest a second later, and at once when the last message is an END and no courier
 *       plays any more. Touches DIR/lease at its start and every 5 seconds. Since an exec outlives its client, SECONDS is what ends
 *       a tail that nobody reads. Exits with BO_COURIER_EXIT_INPUT when the journal is damaged there.
 *   usage VOLUME
 *       Prints "contents N BYTES", "incoming N BYTES", and for each campaign "campaign ID BYTES STATE", STATE
 *       being waiting, playing, unfinished or ended.
 *   trim VOLUME BYTES
 *       Removes contents, the longest unused first, until at most BYTES are left; never one that a recipe of a
 *       campaign that is there names, unless that campaign has ended. Prints "trimmed N BYTES".
 *   forget VOLUME ID
 *       Removes campaigns/ID unless it is being played. Prints "forgotten" or, when there is none, "none".
 */

#define BO_VOLUME_PATH "/bakeoff"
#define BO_VOLUME_SOCKET "/bakeoff-engine.sock"
#define BO_VOLUME_SYS "/bakeoff-sys"
#define BO_VOLUME_PROGRAM "/bakeoff-courier"
#define BO_VOLUME_WAIT_SECONDS 600
#define BO_VOLUME_TAIL_SECONDS 60
/* Bound of what can be asked for in seconds. */
#define BO_VOLUME_SECONDS_MAX 1000000
