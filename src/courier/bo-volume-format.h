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
 *     lease                touched by all commands that name ID but "forget": somebody is there
 *     *.part               a small file that is being written; what a killed command left does no harm
 *   campaigns/.gone-ID/    being removed; the next "forget" removes what is left
 *
 * ID is letters, digits and "._-", at most BO_SCRIPT_ID_MAX of them; the first is a letter or a digit or "_".
 * All is the courier's own: whatever has no right name, or is no regular file or folder where there should be
 * one (a link, say), is never followed or opened, and is passed over or in the way.
 *
 * The container's mounts: the volume at BO_VOLUME_PATH, the engine's socket at
 * BO_VOLUME_SOCKET, and, where the engine allows, the device's /sys read-only at
 * BO_VOLUME_SYS (a container's own has no /sys/firmware). /proc is the container's own: what telemetry
 * reads there is the whole machine's.
 *
 * Commands, all of them of the program bakeoff-courier. They print to standard
 * output what is said here, problems to standard error, and exit with BO_COURIER_EXIT_*: INPUT when what is
 * there is not right and will not be by trying again, FAILED when the disk (full, say) or the reader fails.
 * VOLUME is BO_VOLUME_PATH, ID a campaign's.
 *
 *   play DIR --place device --wait SECONDS ...
 *       Makes DIR (and --files) when they are missing, takes the lock, and waits for DIR/script. Gives up
 *       (exit 0, nothing journaled) when DIR/lease was not touched for SECONDS in which the machine was
 *       awake, measured from the start on (the clock of the wall may jump); also when a command to stop
 *       comes before the script. A signal: 128 + its number, nothing journaled. Beside that as on a
 *       computer, but exit statuses: 0 also after disk-full (if that could be journaled), bad-script, when
 *       the journal is damaged or another campaign's, and, with nothing journaled, for a campaign that is
 *       over already (an END "finished", "stopped", "disk-full" or "bad-script"); other than 0 only what a
 *       new start may heal: a signal, engine-lost, a journal that cannot be read or written.
 *   missing VOLUME ID
 *       Prints "HEX SIZE" for each content that the recipes of the campaign's script.new (or script, when
 *       it has been begun) name and that files/ does not have with that size, each once; sets the time of
 *       use of those that it has. A script or a recipe that is not there, cannot be read, is cut off, is
 *       not the text that its name says, or is another campaign's, is a problem (INPUT).
 *   adopt VOLUME
 *       Moves what is whole in incoming/ to files/ (written to the disk before), and removes the rest of
 *       incoming/. Whole is what has the size and the SHA-256 of its name. Prints "adopted N BYTES" and
 *       "dropped N BYTES".
 *   begin VOLUME ID
 *       As "missing"; when nothing is, syncs and renames script.new to script, and prints "begun".
 *       Otherwise prints what is missing and exits with BO_COURIER_EXIT_INPUT. Begun already: prints
 *       "begun".
 *   command VOLUME ID stop-now|stop-after-trial
 *   order VOLUME ID CHAIN...
 *       Write the file of that name (bo-script-format.h), in one piece. stop-now is not taken back by
 *       stop-after-trial; a chain that the script does not have is a problem (INPUT), and nothing is
 *       written then.
 *   tail VOLUME ID NUMBER --for SECONDS [--after SUM]
 *       Prints the journal's messages from NUMBER on as they are written, whole messages only, each as it
 *       is in its segment; nothing before NUMBER, and nothing twice. Ends after SECONDS, at the latest a
 *       second later (then, if nobody reads, in the middle of a message), and at once when the last message
 *       is an END and no courier plays any more. Touches DIR/lease at its start and every 5 seconds. Since
 *       an exec outlives its client, SECONDS is what ends a tail that nobody reads. Waits for a journal
 *       that is not there yet, and 2 seconds for a folder that is not. Exits with BO_COURIER_EXIT_INPUT
 *       when the journal is damaged there, and when it has no message NUMBER - 1, or one with another
 *       checksum than SUM (8 hexadecimal digits, the field at 40 of its header): the device lost power
 *       before what was read was on its disk, and went on from there. Then read again from 1.
 *   usage VOLUME
 *       Prints "contents N BYTES", "incoming N BYTES", and for each campaign "campaign ID BYTES STATE",
 *       STATE being waiting (nothing played yet), playing, unfinished (and no courier is there) or ended.
 *   trim VOLUME BYTES
 *       Removes contents, the longest unused first, until at most BYTES are left; never one that a recipe
 *       of a campaign that is there names, unless that campaign has ended. Prints "trimmed N BYTES".
 *   forget VOLUME ID
 *       Removes campaigns/ID unless it is being played or waited for (BO_COURIER_EXIT_LOCKED). Prints
 *       "forgotten" or, when there is none, "none".
 */

#define BO_VOLUME_PATH "/bakeoff"
#define BO_VOLUME_SOCKET "/bakeoff-engine.sock"
#define BO_VOLUME_SYS "/bakeoff-sys"
#define BO_VOLUME_PROGRAM "/bakeoff-courier"
#define BO_VOLUME_WAIT_SECONDS 600
#define BO_VOLUME_TAIL_SECONDS 60
/* Bound of what can be asked for in seconds. */
#define BO_VOLUME_SECONDS_MAX 1000000
