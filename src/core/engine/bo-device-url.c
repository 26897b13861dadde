/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-url"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "engine/bo-device-url.h"
#include "engine/bo-engine-error.h"

#define DEFAULT_SOCKET "/var/run/docker.sock"

static BoDeviceUrl *refuse (GError **error, const char *text, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* Sets "“TEXT” is not a device: WHY" and returns NULL. */
static BoDeviceUrl *
refuse (GError **error, const char *text, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_URL, _ ("“%s” does not name a device: %s"), text, why);
  return NULL;
}

/* What can stand in a host or user name. ssh takes a '-' in front for an option. */
static gboolean
is_name (const char *name)
{
  if (name[0] == '\0' || name[0] == '-')
    return FALSE;
  for (const char *p = name; *p != '\0'; p++)
    {
      if (g_ascii_iscntrl (*p) || g_ascii_isspace (*p) || strchr ("/@?#\"'`$\\;&|<>(){}!*", *p) != NULL)
        return FALSE;
    }
  return TRUE;
}

static BoDeviceUrl *
parse_authority (BoDeviceUrl *parsed, const char *text, const char *rest, GError **error)
{
  g_autoptr (BoDeviceUrl) url = parsed;
  g_autofree char *authority = NULL;
  const char *slash = strchr (rest, '/');
  const char *scheme = url->scheme == BO_DEVICE_SSH ? "ssh" : "tcp";
  char *host, *at, *port;

  authority = slash == NULL ? g_strdup (rest) : g_strndup (rest, (gsize) (slash - rest));
  host = authority;

  /* The last '@' parts user from host, as ssh reads it (user names may hold one). */
  at = strrchr (authority, '@');
  if (at != NULL)
    {
      *at = '\0';
      host = at + 1;
      if (url->scheme == BO_DEVICE_TCP)
        return refuse (error, text, _ ("a tcp:// device has no user name"));
      if (strchr (authority, ':') != NULL)
        return refuse (error, text, _ ("there must be no password in it; ssh asks for it when it is needed"));
      if (authority[0] == '-')
        return refuse (error, text, _ ("the user name “%s” begins with “-”"), authority);
      if (!is_name (authority))
        return refuse (error, text, _ ("“%s” before the “@” is not a user name"), authority);
      url->user = g_strdup (authority);
    }

  if (host[0] == '[')
    {
      char *close = strchr (host, ']');
      g_autoptr (GInetAddress) address = NULL;

      if (close == NULL)
        return refuse (error, text, _ ("the “[” has no “]”"));
      *close = '\0';
      host++;
      /* A link-local address has its interface behind a '%'. */
      if (strchr (host, '%') != NULL)
        {
          g_autofree char *bare = g_strndup (host, (gsize) (strchr (host, '%') - host));

          address = g_inet_address_new_from_string (bare);
        }
      else
        address = g_inet_address_new_from_string (host);
      if (address == NULL || !is_name (host))
        return refuse (error, text, _ ("“%s” between the brackets is not an IPv6 address"), host);
      port = close + 1;
      if (*port != '\0' && *port != ':')
        return refuse (error, text, _ ("“%s” after the “]” is not a port"), port);
      port = *port == ':' ? port + 1 : NULL;
    }
  else
    {
      port = strchr (host, ':');
      if (port != NULL)
        {
          *port++ = '\0';
          if (strchr (port, ':') != NULL)
            return refuse (error, text, _ ("an IPv6 address is written in brackets: %s://[::1]"), scheme);
        }
    }

  if (host[0] == '\0')
    return refuse (error, text, _ ("the host is missing after “%s://”"), scheme);
  if (host[0] == '-')
    return refuse (error, text, _ ("the host “%s” begins with “-”"), host);
  if (!is_name (host))
    return refuse (error, text, _ ("“%s” is not a host name"), host);
  if (port != NULL)
    {
      guint64 number;

      if (!g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, &number, NULL))
        return refuse (error, text, _ ("“%s” is not a port between 1 and 65535"), port);
      url->port = (guint16) number;
    }
  url->host = g_strdup (host);

  if (slash != NULL && strcmp (slash, "/") != 0)
    {
      if (url->scheme == BO_DEVICE_TCP)
        return refuse (error, text, _ ("a tcp:// device has no path"));
      url->path = g_uri_unescape_string (slash, NULL);
      if (url->path == NULL)
        return refuse (error, text, _ ("“%s” has a “%%” that does not begin a percent code"), slash);
      if (!g_utf8_validate (url->path, -1, NULL))
        return refuse (error, text, _ ("the percent codes in “%s” are not UTF-8 text"), slash);
      for (const char *p = url->path; *p != '\0'; p++)
        {
          if (g_ascii_iscntrl (*p))
            return refuse (error, text, _ ("“%s” has a percent code for a control character"), slash);
        }
    }
  return g_steal_pointer (&url);
}

/**
 * bo_device_url_parse:
 * @text: what a person wrote
 *
 * Reads a device's URL. Whatever begins with '-' where ssh would take it for
 * an option, and characters that no host or user name has, are refused.
 *
 * Returns: (transfer full): the URL; on error a message that says which part is wrong
 */
BoDeviceUrl *
bo_device_url_parse (const char *text, GError **error)
{
  g_autoptr (BoDeviceUrl) url = NULL;
  const char *colon, *rest;

  g_return_val_if_fail (text != NULL, NULL);

  if (text[0] == '\0')
    return refuse (error, text, _ ("it is empty"));
  if (!g_utf8_validate (text, -1, NULL))
    return refuse (error, "?", _ ("it is not UTF-8 text"));
  for (const char *p = text; *p != '\0'; p++)
    {
      if (g_ascii_iscntrl (*p))
        return refuse (error, "?", _ ("it holds a control character"));
    }

  colon = strstr (text, "://");
  if (colon == NULL)
    {
      if (text[0] == '/')
        return refuse (error, text, _ ("for a socket on this computer write “unix://%s”"), text);
      if (text[0] == '-')
        return refuse (error, text, _ ("it begins with “-”"));
      if (g_str_has_prefix (text, "unix:") || g_str_has_prefix (text, "ssh:")
          || g_str_has_prefix (text, "tcp:"))
        return refuse (error, text, _ ("“//” is missing after the first “:”"));
      return refuse (error, text, _ ("for a device that ssh reaches write “ssh://%s”"), text);
    }

  rest = colon + 3;
  url = g_new0 (BoDeviceUrl, 1);
  if (g_str_has_prefix (text, "unix://"))
    {
      url->scheme = BO_DEVICE_UNIX;
      if (rest[0] != '/')
        return refuse (error, text,
                       _ ("unix:// is followed by an absolute path, as in unix:///var/run/docker.sock"));
      url->path = g_strdup (rest);
      return g_steal_pointer (&url);
    }
  if (g_str_has_prefix (text, "ssh://"))
    url->scheme = BO_DEVICE_SSH;
  else if (g_str_has_prefix (text, "tcp://"))
    url->scheme = BO_DEVICE_TCP;
  else if (g_str_has_prefix (text, "https://"))
    return refuse (error, text, _ ("write “tcp://” for an engine that speaks TLS"));
  else if (g_str_has_prefix (text, "http://"))
    return refuse (error, text, _ ("an engine without TLS is open to everyone on the network; use ssh://"));
  else
    {
      g_autofree char *scheme = g_strndup (text, (gsize) (colon - text));

      return refuse (error, text, _ ("“%s” is not one of unix, ssh and tcp"), scheme);
    }
  return parse_authority (g_steal_pointer (&url), text, rest, error);
}

static gboolean
is_given (const char *text)
{
  return text != NULL && text[0] != '\0';
}

/**
 * bo_device_url_build:
 * @scheme: how it is reached
 * @user: (nullable): for ssh; empty means the same as %NULL in these four
 * @host: (nullable): for ssh and tcp; an IPv6 address may do without its brackets, and "user@host" is taken, too
 * @port: (nullable): for ssh and tcp, as a person wrote it
 * @path: (nullable): of the engine's socket, for unix and ssh
 *
 * Reads the parts of a URL as a person fills them in. What is not for @scheme is left out.
 *
 * Returns: (transfer full): the URL; on error the same messages as from bo_device_url_parse()
 */
BoDeviceUrl *
bo_device_url_build (BoDeviceScheme scheme,
                     const char *user,
                     const char *host,
                     const char *port,
                     const char *path,
                     GError **error)
{
  g_autoptr (GString) text = NULL;

  if (scheme == BO_DEVICE_UNIX)
    {
      text = g_string_new ("unix://");
      g_string_append (text, is_given (path) ? path : "");
      return bo_device_url_parse (text->str, error);
    }
  text = g_string_new (scheme == BO_DEVICE_SSH ? "ssh://" : "tcp://");
  /* Any of these would make a part of the URL out of a part of the host. */
  if (is_given (host) && strpbrk (host, "/?#") != NULL)
    return refuse (error, host, _ ("“%s” is not a host name"), host);
  if (scheme == BO_DEVICE_SSH && is_given (user))
    {
      if (strpbrk (user, "/?#") != NULL)
        return refuse (error, user, _ ("“%s” before the “@” is not a user name"), user);
      g_string_append_printf (text, "%s@", user);
    }
  if (is_given (host) && host[0] != '[' && strchr (host, ':') != NULL && strchr (strchr (host, ':') + 1, ':') != NULL)
    g_string_append_printf (text, "[%s]", host);
  else if (is_given (host))
    g_string_append (text, host);
  if (is_given (port))
    {
      if (strpbrk (port, "/@") != NULL)
        return refuse (error, text->str, _ ("“%s” is not a port between 1 and 65535"), port);
      g_string_append_printf (text, ":%s", port);
    }
  if (scheme == BO_DEVICE_SSH && is_given (path))
    {
      if (path[0] != '/')
        return refuse (error, text->str,
                       _ ("the path “%s” of the engine's socket does not begin with “/”, as in /var/run/docker.sock"), path);
      g_string_append_uri_escaped (text, path, G_URI_RESERVED_CHARS_ALLOWED_IN_PATH, TRUE);
    }
  return bo_device_url_parse (text->str, error);
}

/**
 * bo_device_url_new_default:
 *
 * Returns: (transfer full): the engine that the docker command would use: the
 * one in DOCKER_HOST, else the local one
 */
BoDeviceUrl *
bo_device_url_new_default (GError **error)
{
  const char *host = g_getenv ("DOCKER_HOST");

  if (host != NULL && host[0] != '\0')
    {
      BoDeviceUrl *url = bo_device_url_parse (host, error);

      if (url == NULL)
        g_prefix_error (error, "DOCKER_HOST: ");
      return url;
    }
  return bo_device_url_parse ("unix://" DEFAULT_SOCKET, error);
}

BoDeviceUrl *
bo_device_url_copy (const BoDeviceUrl *url)
{
  BoDeviceUrl *copy;

  g_return_val_if_fail (url != NULL, NULL);

  copy = g_memdup2 (url, sizeof *url);
  copy->user = g_strdup (url->user);
  copy->host = g_strdup (url->host);
  copy->path = g_strdup (url->path);
  return copy;
}

void
bo_device_url_free (BoDeviceUrl *url)
{
  g_return_if_fail (url != NULL);

  g_free (url->user);
  g_free (url->host);
  g_free (url->path);
  g_free (url);
}

static char *
format (const BoDeviceUrl *url, gboolean with_path)
{
  GString *text;

  if (url->scheme == BO_DEVICE_UNIX)
    return g_strconcat ("unix://", url->path, NULL);

  text = g_string_new (url->scheme == BO_DEVICE_SSH ? "ssh://" : "tcp://");
  if (url->user != NULL)
    g_string_append_printf (text, "%s@", url->user);
  if (strchr (url->host, ':') != NULL)
    g_string_append_printf (text, "[%s]", url->host);
  else
    g_string_append (text, url->host);
  if (url->port != 0)
    g_string_append_printf (text, ":%u", url->port);
  if (url->path != NULL && with_path)
    g_string_append_uri_escaped (text, url->path, G_URI_RESERVED_CHARS_ALLOWED_IN_PATH, TRUE);
  return g_string_free (text, FALSE);
}

/**
 * bo_device_url_to_string:
 *
 * Returns: (transfer full): text that bo_device_url_parse() reads as the same URL
 */
char *
bo_device_url_to_string (const BoDeviceUrl *url)
{
  g_return_val_if_fail (url != NULL, NULL);

  return format (url, TRUE);
}

/**
 * bo_device_url_get_place:
 *
 * Returns: (transfer full): @url without the socket's path on the device, for messages
 */
char *
bo_device_url_get_place (const BoDeviceUrl *url)
{
  g_return_val_if_fail (url != NULL, NULL);

  return format (url, FALSE);
}
