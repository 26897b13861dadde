/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BoEngineError:
 * @BO_ENGINE_ERROR_URL: the device's URL is wrong
 * @BO_ENGINE_ERROR_SSH_MISSING: the ssh program cannot be started
 * @BO_ENGINE_ERROR_NAME_RESOLUTION: the host's name is not known
 * @BO_ENGINE_ERROR_UNREACHABLE: the host or the engine cannot be reached
 * @BO_ENGINE_ERROR_REFUSED: the host is there, but nothing listens on that port
 * @BO_ENGINE_ERROR_TIMED_OUT: the host does not answer in time
 * @BO_ENGINE_ERROR_NO_ANSWER: the connection stands, but the engine does not answer in time
 * @BO_ENGINE_ERROR_HOST_KEY_UNKNOWN: the host's key was never confirmed
 * @BO_ENGINE_ERROR_HOST_KEY_CHANGED: the host's key is another one than before
 * @BO_ENGINE_ERROR_AUTHENTICATION: the host refuses the user
 * @BO_ENGINE_ERROR_PASSPHRASE: the user's key is locked by a passphrase that could not be asked for
 * @BO_ENGINE_ERROR_TOO_MANY_SESSIONS: the host allows no further session on the connection
 * @BO_ENGINE_ERROR_FORWARDING_REFUSED: the host forwards no sockets, and has no docker command either
 * @BO_ENGINE_ERROR_SOCKET_MISSING: no engine socket at that path on the device, or no engine behind it
 * @BO_ENGINE_ERROR_SOCKET_DENIED: the user may not use the engine's socket
 * @BO_ENGINE_ERROR_NOT_AN_ENGINE: something else answers there
 * @BO_ENGINE_ERROR_CERTIFICATE: TLS certificates are missing, cannot be read or are refused
 * @BO_ENGINE_ERROR_NOT_FOUND: the engine has no such thing (404)
 * @BO_ENGINE_ERROR_CONFLICT: the thing is in use, or its name is taken (409)
 * @BO_ENGINE_ERROR_BAD_REQUEST: the engine does not accept the request (400)
 * @BO_ENGINE_ERROR_UNAUTHORIZED: a registry or the engine wants other credentials (401, 403, "denied")
 * @BO_ENGINE_ERROR_SERVER: the engine failed (5xx) for a reason not named below
 * @BO_ENGINE_ERROR_REGISTRY: the engine could not reach a registry
 * @BO_ENGINE_ERROR_DISK_FULL: no space left on the device
 * @BO_ENGINE_ERROR_UNKNOWN_RUNTIME: the engine does not know the container runtime that was asked for
 * @BO_ENGINE_ERROR_NO_DEVICE_DRIVER: the engine cannot give the container the devices that were asked for
 * @BO_ENGINE_ERROR_TOO_OLD: the engine is older than what Bakeoff can talk to
 * @BO_ENGINE_ERROR_TOO_NEW: the engine no longer talks to clients like this one
 * @BO_ENGINE_ERROR_PROTOCOL: the engine's answer cannot be understood
 * @BO_ENGINE_ERROR_INTERRUPTED: the answer ended before it was complete; what became of the request is not
 * known
 * @BO_ENGINE_ERROR_CREDENTIALS: the user's registry credentials cannot be read
 * @BO_ENGINE_ERROR_REFERENCE: text that should name an image does not
 *
 * What a caller can branch on. A message says what, where and in the other
 * side's own words why; bo_engine_error_get_remedy() says what to do.
 * Cancellation stays %G_IO_ERROR_CANCELLED.
 */
typedef enum
{
  BO_ENGINE_ERROR_URL,
  BO_ENGINE_ERROR_SSH_MISSING,
  BO_ENGINE_ERROR_NAME_RESOLUTION,
  BO_ENGINE_ERROR_UNREACHABLE,
  BO_ENGINE_ERROR_REFUSED,
  BO_ENGINE_ERROR_TIMED_OUT,
  BO_ENGINE_ERROR_NO_ANSWER,
  BO_ENGINE_ERROR_HOST_KEY_UNKNOWN,
  BO_ENGINE_ERROR_HOST_KEY_CHANGED,
  BO_ENGINE_ERROR_AUTHENTICATION,
  BO_ENGINE_ERROR_PASSPHRASE,
  BO_ENGINE_ERROR_TOO_MANY_SESSIONS,
  BO_ENGINE_ERROR_FORWARDING_REFUSED,
  BO_ENGINE_ERROR_SOCKET_MISSING,
  BO_ENGINE_ERROR_SOCKET_DENIED,
  BO_ENGINE_ERROR_NOT_AN_ENGINE,
  BO_ENGINE_ERROR_CERTIFICATE,
  BO_ENGINE_ERROR_NOT_FOUND,
  BO_ENGINE_ERROR_CONFLICT,
  BO_ENGINE_ERROR_BAD_REQUEST,
  BO_ENGINE_ERROR_UNAUTHORIZED,
  BO_ENGINE_ERROR_SERVER,
  BO_ENGINE_ERROR_REGISTRY,
  BO_ENGINE_ERROR_DISK_FULL,
  BO_ENGINE_ERROR_UNKNOWN_RUNTIME,
  BO_ENGINE_ERROR_NO_DEVICE_DRIVER,
  BO_ENGINE_ERROR_TOO_OLD,
  BO_ENGINE_ERROR_TOO_NEW,
  BO_ENGINE_ERROR_PROTOCOL,
  BO_ENGINE_ERROR_INTERRUPTED,
  BO_ENGINE_ERROR_CREDENTIALS,
  BO_ENGINE_ERROR_REFERENCE,
} BoEngineError;

#define BO_ENGINE_ERROR (bo_engine_error_quark ())
GQuark bo_engine_error_quark (void);

const char *bo_engine_error_get_id (BoEngineError code);
const char *bo_engine_error_get_remedy (const GError *error);
BoEngineError bo_engine_error_from_reply (guint status, const char *message);

G_END_DECLS
