/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-error"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"

G_DEFINE_QUARK (bo - engine - error - quark, bo_engine_error)

typedef struct
{
  const char *id;
  const char *remedy;
} ErrorText;

static const ErrorText texts[] = {
  [BO_ENGINE_ERROR_URL]
  = { "url", N_ ("Write it as ssh://user@host, unix:///path/to/docker.sock or tcp://host:2376.") },
  [BO_ENGINE_ERROR_SSH_MISSING] = { "ssh-missing", N_ ("Install the OpenSSH client.") },
  [BO_ENGINE_ERROR_NAME_RESOLUTION]
  = { "name-resolution", N_ ("Check the spelling of the host name, or use its address.") },
  [BO_ENGINE_ERROR_UNREACHABLE]
  = { "unreachable", N_ ("Check that the device is switched on and on the same network.") },
  [BO_ENGINE_ERROR_REFUSED]
  = { "refused", N_ ("Check that the service is running there and that the port is right.") },
  [BO_ENGINE_ERROR_TIMED_OUT]
  = { "timed-out", N_ ("Check that the device is switched on, and the network between here and there.") },
  [BO_ENGINE_ERROR_NO_ANSWER]
  = { "no-answer", N_ ("The engine is very busy or hangs: look at the device's load, and into the engine's "
                       "log with “journalctl -u docker”.") },
  [BO_ENGINE_ERROR_HOST_KEY_UNKNOWN]
  = { "host-key-unknown", N_ ("Connect once with “ssh” in a terminal and compare the key's fingerprint "
                              "with the device's before you confirm it.") },
  [BO_ENGINE_ERROR_HOST_KEY_CHANGED]
  = { "host-key-changed", N_ ("If the device was set up anew, remove its old key with “ssh-keygen -R HOST” "
                              "and confirm the new one. If not, somebody may be listening: do not "
                              "connect.") },
  [BO_ENGINE_ERROR_AUTHENTICATION]
  = { "authentication", N_ ("Check the user name, and put your public key on the device with "
                            "“ssh-copy-id USER@HOST”.") },
  [BO_ENGINE_ERROR_PASSPHRASE] = { "passphrase", N_ ("Unlock the key first with “ssh-add”.") },
  [BO_ENGINE_ERROR_TOO_MANY_SESSIONS]
  = { "too-many-sessions", N_ ("Raise MaxSessions in the device's /etc/ssh/sshd_config, or close other "
                               "sessions.") },
  [BO_ENGINE_ERROR_FORWARDING_REFUSED]
  = { "forwarding-refused", N_ ("Set “AllowStreamLocalForwarding yes” in the device's "
                                "/etc/ssh/sshd_config, or install the docker command there.") },
  [BO_ENGINE_ERROR_SOCKET_MISSING]
  = { "socket-missing", N_ ("Check that the Docker engine is installed and running (“systemctl status "
                            "docker”). If its socket is elsewhere, add the path to the URL.") },
  [BO_ENGINE_ERROR_SOCKET_DENIED]
  = { "socket-denied", N_ ("Add the user to the group of the socket with “sudo usermod -aG docker USER”, "
                           "then log out and connect again.") },
  [BO_ENGINE_ERROR_NOT_AN_ENGINE]
  = { "not-an-engine", N_ ("Check the path or the port: a Docker engine answers "
                           "“GET /_ping”.") },
  [BO_ENGINE_ERROR_CERTIFICATE]
  = { "certificate", N_ ("Put ca.pem, cert.pem and key.pem into ~/.docker or name their folder in "
                         "DOCKER_CERT_PATH. Over ssh:// none are needed.") },
  [BO_ENGINE_ERROR_NOT_FOUND] = { "not-found", NULL },
  [BO_ENGINE_ERROR_CONFLICT] = { "conflict", NULL },
  [BO_ENGINE_ERROR_BAD_REQUEST] = { "bad-request", NULL },
  [BO_ENGINE_ERROR_UNAUTHORIZED]
  = { "unauthorized", N_ ("Check the image's name. If it is private, log in with “docker login REGISTRY” "
                          "on this computer first.") },
  [BO_ENGINE_ERROR_SERVER]
  = { "server", N_ ("Look into the engine's log on the device: “journalctl -u docker”.") },
  [BO_ENGINE_ERROR_REGISTRY]
  = { "registry", N_ ("Check that the device itself can reach the registry: it is the engine that pulls.") },
  [BO_ENGINE_ERROR_DISK_FULL]
  = { "disk-full", N_ ("Free space on the device's disk, for example images that are no longer needed.") },
  [BO_ENGINE_ERROR_UNKNOWN_RUNTIME]
  = { "unknown-runtime", N_ ("Install the NVIDIA Container Toolkit on the device and run “sudo nvidia-ctk "
                             "runtime configure”, or name another runtime.") },
  [BO_ENGINE_ERROR_NO_DEVICE_DRIVER]
  = { "no-device-driver", N_ ("On a Jetson use the runtime “nvidia” instead of a device request.") },
  [BO_ENGINE_ERROR_TOO_OLD] = { "too-old", N_ ("Update the Docker engine on the device to 20.10 or later.") },
  [BO_ENGINE_ERROR_TOO_NEW] = { "too-new", N_ ("Update Bakeoff.") },
  [BO_ENGINE_ERROR_PROTOCOL] = { "protocol", N_ ("Please report this with the engine's version.") },
  [BO_ENGINE_ERROR_INTERRUPTED]
  = { "interrupted", N_ ("Check the link to the device and that its engine is still running.") },
  [BO_ENGINE_ERROR_CREDENTIALS] = { "credentials", N_ ("Log in again with “docker login REGISTRY”.") },
  [BO_ENGINE_ERROR_REFERENCE]
  = { "reference", N_ ("Write it as NAME:TAG or REGISTRY/NAME:TAG in lower case.") },
};

/**
 * bo_engine_error_get_id:
 *
 * Returns: (transfer none): a stable word for @code, for JSON
 */
const char *
bo_engine_error_get_id (BoEngineError code)
{
  return (guint) code < G_N_ELEMENTS (texts) && texts[code].id != NULL ? texts[code].id : "unknown";
}

/**
 * bo_engine_error_get_remedy:
 * @error: any error
 *
 * Returns: (transfer none) (nullable): what a person can do about it, translated
 */
const char *
bo_engine_error_get_remedy (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain != BO_ENGINE_ERROR || (guint) error->code >= G_N_ELEMENTS (texts)
      || texts[error->code].remedy == NULL)
    return NULL;
  return _ (texts[error->code].remedy);
}

static gboolean
has (const char *haystack, const char *needle)
{
  return strstr (haystack, needle) != NULL;
}

/**
 * bo_engine_error_from_reply:
 * @status: HTTP status, or 0 for an error within a stream that began with 200
 * @message: (nullable): the engine's text
 *
 * The same trouble comes with different numbers: an unknown runtime is 400, a
 * full disk 500, a registry's refusal 404 or 500 ("pull access denied"). So
 * known texts go before the number. Texts seen with engines 20.10 to 29.
 *
 * Returns: the code for it
 */
BoEngineError
bo_engine_error_from_reply (guint status, const char *message)
{
  g_autofree char *text = g_ascii_strdown (message == NULL ? "" : message, -1);

  if (has (text, "no space left on device"))
    return BO_ENGINE_ERROR_DISK_FULL;
  if (has (text, "unknown runtime specified") || has (text, "unknown or invalid runtime name"))
    return BO_ENGINE_ERROR_UNKNOWN_RUNTIME;
  if (has (text, "could not select device driver") || has (text, "unresolvable cdi devices")
      || has (text, "cdi device injection failed"))
    return BO_ENGINE_ERROR_NO_DEVICE_DRIVER;
  if (has (text, "client version") && has (text, "is too new"))
    return BO_ENGINE_ERROR_TOO_OLD;
  if (has (text, "client version") && has (text, "is too old"))
    return BO_ENGINE_ERROR_TOO_NEW;
  /* Podman's word for "it does not run" and "it runs", as a 500. */
  if (has (text, "container state improper"))
    return BO_ENGINE_ERROR_CONFLICT;
  if (status == 401 || status == 403 || has (text, "pull access denied")
      || has (text, "no basic auth credentials") || has (text, "unauthorized:")
      || has (text, "authentication required") || has (text, "denied: requested access"))
    return BO_ENGINE_ERROR_UNAUTHORIZED;
  if (status != 404 && (has (text, "manifest unknown") || has (text, "manifest for ")))
    return BO_ENGINE_ERROR_NOT_FOUND;

  switch (status)
    {
    case 400:
      return BO_ENGINE_ERROR_BAD_REQUEST;
    case 404:
      return BO_ENGINE_ERROR_NOT_FOUND;
    case 409:
      return BO_ENGINE_ERROR_CONFLICT;
    default:
      break;
    }
  if (has (text, "dial tcp") || has (text, "no such host") || has (text, "tls: ") || has (text, "i/o timeout")
      || has (text, "server gave http response to https client"))
    return BO_ENGINE_ERROR_REGISTRY;
  return status != 0 && status < 500 ? BO_ENGINE_ERROR_PROTOCOL : BO_ENGINE_ERROR_SERVER;
}
