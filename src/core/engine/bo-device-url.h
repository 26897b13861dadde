/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BoDeviceScheme:
 * @BO_DEVICE_UNIX: unix:///path: a socket on this computer
 * @BO_DEVICE_SSH: ssh://[user@]host[:port][/path/to/socket]: through the system's OpenSSH
 * @BO_DEVICE_TCP: tcp://host[:port]: TLS with client certificates
 */
typedef enum
{
  BO_DEVICE_UNIX,
  BO_DEVICE_SSH,
  BO_DEVICE_TCP,
} BoDeviceScheme;

/**
 * BoDeviceUrl:
 * @scheme: which kind
 * @user: (nullable): for ssh
 * @host: (nullable): for ssh and tcp; an IPv6 address is without its brackets
 * @port: for ssh and tcp; 0 means ssh's own choice, or 2376
 * @path: (nullable): absolute path of the engine's socket: on this computer for unix,
 *   on the device for ssh, where %NULL means to look for it
 *
 * Where a device's engine is. Never changed after it was parsed.
 */
typedef struct
{
  BoDeviceScheme scheme;
  char *user;
  char *host;
  guint16 port;
  char *path;
} BoDeviceUrl;

BoDeviceUrl *bo_device_url_parse (const char *text, GError **error);
BoDeviceUrl *bo_device_url_build (BoDeviceScheme scheme,
                                  const char *user,
                                  const char *host,
                                  const char *port,
                                  const char *path,
                                  GError **error);
BoDeviceUrl *bo_device_url_new_default (GError **error);
BoDeviceUrl *bo_device_url_copy (const BoDeviceUrl *url);
void bo_device_url_free (BoDeviceUrl *url);
char *bo_device_url_to_string (const BoDeviceUrl *url);
char *bo_device_url_get_place (const BoDeviceUrl *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoDeviceUrl, bo_device_url_free)

G_END_DECLS
