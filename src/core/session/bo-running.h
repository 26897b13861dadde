/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "durable/bo-device-courier.h"
#include "results/bo-store.h"

G_BEGIN_DECLS

/*
 * A campaign that runs on a device now, found without getting in its way: a
 * session of this or another program may follow it.
 */

/**
 * BoRunningError:
 * @BO_RUNNING_ERROR_NONE: no campaign runs there
 */
typedef enum
{
  BO_RUNNING_ERROR_NONE,
} BoRunningError;

#define BO_RUNNING_ERROR (bo_running_error_quark ())
GQuark bo_running_error_quark (void);

/**
 * BoRunning:
 * @campaign: the campaign
 * @folder: its folder on this computer
 * @socket_path: Unix socket of the device's engine
 * @courier: (nullable): the courier on the device; %NULL when a program on this computer plays the campaign
 * @is_followed: whether a program on this computer follows it now
 */
typedef struct
{
  BoCampaign *campaign;
  char *folder;
  char *socket_path;
  BoDeviceCourier *courier;
  gboolean is_followed;
} BoRunning;

void bo_running_free (BoRunning *running);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoRunning, bo_running_free)

BoCampaign *bo_running_load_campaign (BoStore *store,
                                      const char *device_url,
                                      const BoDeviceCourier *courier,
                                      GError **error);

/* These block; a window calls them in a thread. */
BoRunning *bo_running_find (BoStore *store, const char *device_url, const char *socket_path, GError **error);
gboolean bo_running_stop (BoRunning *running, gboolean now, GError **error);
GPtrArray *bo_running_list_queue (BoRunning *running, GError **error);
gboolean bo_running_set_order (BoRunning *running, const char *const *chains, GError **error);

G_END_DECLS
