/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/*
 * The script: the Engine API requests that a campaign comes to, as plain data.
 * The core writes it (src/core/bench), the courier plays it; neither knows the
 * other. It lies in a folder with all that the courier needs:
 *
 *   script            this format
 *   order             (may be missing) ids of the chains still to come, one a line;
 *                     replaced by rename, read again between chains; a chain of the
 *                     script that it does not name is not played
 *   recipes/HEX       recipes by the SHA-256 of their text (src/core/context/bo-recipe.h)
 *   files/HE/HEX      contents by SHA-256 (two letters, then all 64)
 *   command           (may be missing) "stop-after-trial" or "stop-now", a word and a line end
 *   journal/          what the courier writes (bo-journal-format.h)
 *   lock              flock()ed by the one courier that plays
 *
 * A script is lines of "KEY VALUE" ending in LF, a value being the rest of the
 * line. Only literal bytes (`literal N`) may hold anything else: N raw bytes and one LF follow.
 *
 *   bakeoff-script 1
 *   campaign ID
 *   secret NAME                 any number, before the first chain: a variable of the courier's
 *                               own environment, UTF-8 text of 4 bytes to 16 KiB. In the literal bodies of
 *                               requests ${bakeoff-secret:NAME} stands for its value, escaped as
 *                               in a JSON string; in the journal the value (as it is, and as JSON
 *                               encoders escape it) is replaced wherever it shows up in an answer,
 *                               also when it is cut over two reads: by as many bytes, since answers may
 *                               be framed by length (a container's log): "[secret NAME]" and
 *                               asterisks, or asterisks alone where that is too long. A variable
 *                               that is not set ends the campaign as a bad script, before any request.
 *   watch N PATH                a GET that is kept open in the background for the whole
 *                               campaign (the engine's events); its data are journaled as
 *                               request N; made again when it ends, with `since=` the last event
 *                               (so nothing is missed), and each end is a DONE. One at most.
 *   chain ID KIND               KIND is setup, trials or teardown; setup chains come first,
 *                               teardown chains last, whatever the order file says
 *     item NUMBER               numbers are unique, from 1, and only those before can be named
 *     kind request              request, settle, sweep-list, sweep-prune or wait-empty
 *     about TEXT                opaque to the courier; copied into the journal
 *     method POST
 *     path /v1.41/build?t=...
 *     header Name: value        any number; Host, Connection and what tells the body's length are
 *                               the courier's own
 *     body-literal N            N raw bytes, LF   } any number, in this order: the body is all of
 *     body-recipe HEX           recipes/HEX       } them one after the other (so that a large
 *                               context is written down once, and what differs from trial to
 *                               trial, the Dockerfile and the edited file, is small)
 *     limit MICROSECONDS        0 or missing: none
 *     needs N ...               skipped when one of these did not end well (skipped is not well)
 *     unless N ...              skipped when one of these was tried and did not end well
 *     expect 200 404            the statuses that are "well"; default: 200 to 299
 *     trial-end                 after this item "stop-after-trial" takes effect
 *     always                    made even when the campaign is being stopped, or the chain was cut: cleaning
 *                               up. (It does not override `needs` and `unless`.)
 *     end
 *
 * Every item is either skipped (one SKIPPED) or made (REQUEST first, DONE last).
 *
 * settle: `of N`, `limit MICROSECONDS`, `needle TEXT` (any number): when the answer of
 *   request N had one of the needles in its last 4 KiB, waits up to the limit for the watch
 *   connection to end or for the socket to be without a listener, because an engine that
 *   is being shut down reports the build in progress as failed (137, 143, "context
 *   canceled") a moment before it goes. NOTE "settle ended" (it went: DONE "lost ...", and the chain is
 *   cut), "settle held" (it is still there) or "settle quiet" (no needle, no wait).
 * sweep-list: a GET of `path` (system/df) whose build cache record ids are remembered.
 * sweep-prune: a GET of `path` again; the ids that are new since sweep-list `of N` are
 *   removed by POSTs to `prune-path` (which has no `filters`; they are made from the ids, in
 *   batches that keep a URL below 8 KiB), then GET again, and so on until all are gone or no more
 *   go. Several answers (HEAD, DATA) can so come for one item. NOTE "sweep REMOVED KEPT REASON":
 *     done       all new ones are gone
 *     in-use     the rest did not go: records in use are never removed by the engine
 *     unwatched  nothing was removed, as events may have been missed: there is no watch, it is
 *                away, or more came at once after a break than the engine remembers
 *     foreign    nothing (more) was removed, as somebody else has built since sweep-list: the watch
 *                saw an image tagged with a name that does not begin with "bakeoff-" (the name follows),
 *                or a new record is a "local source", that is, files that a client sent over a
 *                session, which the courier never does. So do not tag with such a name in between.
 *     unlisted   the sweep-list did not end well
 *     error      a request failed; DONE tells
 *
 * wait-empty: GETs of `path`, which answers with a list, until that is empty ("[]"), at most for `limit`; a limit
 *   that passes is not well. (A build that was given up has its container for a moment longer, and
 *   nothing that the container stands on can be removed until then.)
 *
 * When the connection of a request is lost or cannot be made, the chain is cut: what
 * follows in it is skipped, except `always`, for which the courier first waits until the
 * engine answers again (GET /_ping, tried with growing pauses for at most
 * BO_SCRIPT_ENGINE_WAIT seconds, or 10 after a command to stop; else END "engine-lost"). Then it goes
 * on with the next chain. It waits in the same way before the first request.
 *
 * A courier that finds a journal goes on: a chain that was begun and not ended is cut
 * (CHAIN_END "cut resumed") after its `always` items; then come the chains that were never begun,
 * but no trials once a teardown chain was begun, since what they stand on is gone.
 *
 * stop-now closes the connection of the request in progress, unless it is `always`;
 * stop-after-trial takes effect at the next `trial-end` or between chains. After either, of what is
 * left of the chain and of the teardown chains only `always` items are made. The same when the
 * program that started the courier is gone, but for 30 seconds at most, and when
 * the disk is full. After a signal nothing more is made: the engine or the machine goes down.
 */

#define BO_SCRIPT_VERSION 1
#define BO_SCRIPT_ENGINE_WAIT 120

/* Exit statuses of the courier; 128 + N after signal N. Of one on a device: see bo-volume-format.h. */
#define BO_COURIER_EXIT_OK 0     /* finished, or stopped by the user */
#define BO_COURIER_EXIT_FAILED 1 /* engine-lost, disk-full, orphaned */
#define BO_COURIER_EXIT_USAGE 2
#define BO_COURIER_EXIT_INPUT 3  /* bad-script, or a journal that cannot be read or written */
#define BO_COURIER_EXIT_LOCKED 4 /* another courier plays the folder */

/* Bounds. A script beyond them is a bad script. */
#define BO_SCRIPT_SIZE_MAX (512u * 1024 * 1024)
#define BO_SCRIPT_LINE_MAX (192u * 1024)
#define BO_SCRIPT_PATH_MAX (128u * 1024)
#define BO_SCRIPT_ID_MAX 200
#define BO_SCRIPT_ITEMS_MAX 1000000
#define BO_SCRIPT_CHAINS_MAX 10000
