/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cli-device"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bo-cli-device.h"
#include "bo-cli.h"
#include "device/bo-device.h"
#include "engine/bo-engine-error.h"

/**
 * bo_cli_find_device:
 * @command: the command that asks, for its messages
 * @word: (nullable): name of a saved device, or a URL; %NULL for the default
 * @url: (out) (transfer full): where it is
 *
 * Returns: BO_EXIT_OK, or another code after a message was printed
 */
int
bo_cli_find_device (const char *command, const char *word, BoDeviceUrl **url)
{
  g_autoptr (GError) error = NULL;

  if (word == NULL)
    *url = bo_device_url_new_default (&error);
  else
    *url = bo_device_resolve (word, &error);
  if (*url != NULL)
    return BO_EXIT_OK;
  return bo_cli_usage (command, "%s", error->message);
}

/**
 * bo_cli_print_remedy:
 * @error: an error of the engine or of the way to it
 *
 * Says what to do about it, when something is known.
 */
void
bo_cli_print_remedy (const GError *error)
{
  const char *remedy = bo_engine_error_get_remedy (error);

  if (remedy != NULL)
    g_printerr ("%s\n", remedy);
}
