/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-tls-relay"

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-tls-relay.h"

#define CONNECT_TIMEOUT_S 30

typedef struct
{
  char *host;
  guint16 port;
  GTlsDatabase *authorities;    /* (owned) */
  GTlsCertificate *certificate; /* (owned): ours */
} Far;

static void
far_free (gpointer data)
{
  Far *far = data;

  g_free (far->host);
  g_clear_object (&far->authorities);
  g_clear_object (&far->certificate);
  g_free (far);
}

static const char *
describe (GTlsCertificateFlags flags)
{
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return _ ("it is not signed by the authority in ca.pem");
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return _ ("it belongs to another host name");
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    return _ ("it has expired");
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return _ ("it is not valid yet; is the clock right?");
  return _ ("it is not valid");
}

static gboolean
accept_certificate_cb (GTlsConnection *connection,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags errors,
                       gpointer user_data)
{
  GTlsCertificateFlags *flags = user_data;

  *flags = errors;
  return FALSE;
}

/* An engine that ends or begins breaks connections off; that says nothing about certificates. */
static gboolean
is_broken (const GError *error)
{
  return error->domain == G_IO_ERROR || g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_EOF);
}

/*
 * Only the connecting may time out: a build is silent for hours. The kernel
 * asks a silent host for a sign of life instead, and gives one up that has
 * left that or our own bytes without an answer, 40 seconds after its last word.
 */
static void
keep_alive (GSocket *socket)
{
  g_socket_set_timeout (socket, 0);
  g_socket_set_keepalive (socket, TRUE);
  if (!g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPIDLE, 10, NULL)
      || !g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPINTVL, 10, NULL)
      || !g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPCNT, 3, NULL)
      || !g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 40 * 1000, NULL))
    g_debug ("a host that is gone is noticed late");
}

/* Connects and shakes hands, so that a refused certificate is known as such. */
static GIOStream *
open_far (gpointer user_data, GSubprocess **process, GCancellable *cancellable, GError **error)
{
  Far *far = user_data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) address = g_network_address_new (far->host, far->port);
  g_autoptr (GSocketConnection) tcp = NULL;
  g_autoptr (GIOStream) tls = NULL;
  g_autoptr (GError) reason = NULL;
  GTlsCertificateFlags flags = 0;

  g_socket_client_set_timeout (client, CONNECT_TIMEOUT_S);
  g_socket_client_set_enable_proxy (client, FALSE);
  tcp = g_socket_client_connect (client, address, cancellable, &reason);
  if (tcp == NULL)
    {
      BoEngineError code = BO_ENGINE_ERROR_UNREACHABLE;

      if (reason->domain == G_RESOLVER_ERROR)
        code = BO_ENGINE_ERROR_NAME_RESOLUTION;
      else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
        code = BO_ENGINE_ERROR_REFUSED;
      else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        code = BO_ENGINE_ERROR_TIMED_OUT;
      g_set_error (error, BO_ENGINE_ERROR, (int) code, _ ("no connection to %s port %u: %s"), far->host,
                   far->port, reason->message);
      return NULL;
    }
  keep_alive (g_socket_connection_get_socket (tcp));

  tls = g_tls_client_connection_new (G_IO_STREAM (tcp), address, &reason);
  if (tls == NULL)
    {
      g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CERTIFICATE, _ ("TLS cannot be used: %s"),
                   reason->message);
      return NULL;
    }
  g_tls_connection_set_database (G_TLS_CONNECTION (tls), far->authorities);
  g_tls_connection_set_certificate (G_TLS_CONNECTION (tls), far->certificate);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_certificate_cb), &flags);
  if (!g_tls_connection_handshake (G_TLS_CONNECTION (tls), cancellable, &reason))
    {
      if (flags != 0)
        g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CERTIFICATE,
                     _ ("the certificate of %s is refused: %s (%s)"), far->host, describe (flags),
                     reason->message);
      else
        g_set_error (error, BO_ENGINE_ERROR,
                     is_broken (reason) ? BO_ENGINE_ERROR_UNREACHABLE : BO_ENGINE_ERROR_CERTIFICATE,
                     _ ("TLS with %s port %u fails: %s"), far->host, far->port, reason->message);
      return NULL;
    }
  g_signal_handlers_disconnect_by_func (tls, accept_certificate_cb, &flags);
  return g_steal_pointer (&tls);
}

/**
 * bo_tls_relay_get_folder:
 *
 * Returns: (transfer full): the folder of ca.pem, cert.pem and key.pem: DOCKER_CERT_PATH, else the
 *   docker command's (DOCKER_CONFIG or ~/.docker), as for the docker command
 */
char *
bo_tls_relay_get_folder (void)
{
  const char *folder = g_getenv ("DOCKER_CERT_PATH");

  if (folder == NULL || folder[0] == '\0')
    folder = g_getenv ("DOCKER_CONFIG");
  return folder != NULL && folder[0] != '\0' ? g_strdup (folder)
                                             : g_build_filename (g_get_home_dir (), ".docker", NULL);
}

/**
 * bo_tls_relay_new:
 * @url: a tcp:// URL
 * @path: where the socket on this computer is made
 *
 * A socket that leads to an engine behind TLS, with the certificates in bo_tls_relay_get_folder().
 *
 * Returns: (transfer full): the relay
 */
BoRelay *
bo_tls_relay_new (const BoDeviceUrl *url, const char *path, GError **error)
{
  g_autofree char *folder = bo_tls_relay_get_folder ();
  g_autofree char *ca = NULL;
  g_autofree char *cert = NULL;
  g_autofree char *key = NULL;
  g_autoptr (GError) reason = NULL;
  Far *far;

  g_return_val_if_fail (url != NULL && url->scheme == BO_DEVICE_TCP && path != NULL, NULL);

  ca = g_build_filename (folder, "ca.pem", NULL);
  cert = g_build_filename (folder, "cert.pem", NULL);
  key = g_build_filename (folder, "key.pem", NULL);

  far = g_new0 (Far, 1);
  far->host = g_strdup (url->host);
  far->port = url->port == 0 ? BO_TLS_DEFAULT_PORT : url->port;
  far->authorities = g_tls_file_database_new (ca, &reason);
  if (far->authorities != NULL)
    far->certificate = g_tls_certificate_new_from_files (cert, key, &reason);
  if (far->certificate == NULL)
    {
      g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CERTIFICATE,
                   _ ("the certificates in “%s” cannot be used: %s"), folder, reason->message);
      far_free (far);
      return NULL;
    }
  return bo_relay_new (path, open_far, far, far_free, error);
}
