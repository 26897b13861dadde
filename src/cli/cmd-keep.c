/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cmd-keep"

#include "config.h"

#include <glib/gi18n.h>

#include "bo-cli-commands.h"
#include "bo-cli-engine.h"
#include "bo-cli-store.h"
#include "bo-cli.h"
#include "session/bo-image-keeping.h"

typedef struct
{
  const char *word;
  const char *name;
} Keep;

static int
keep_cb (BoStore *store, const char *device_url, const char *socket_path, gpointer user_data)
{
  const Keep *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = bo_cli_find_trial (store, self->word, &error);
  g_autoptr (BoTrial) trial = id != NULL ? bo_store_get_trial_sync (store, id, &error) : NULL;
  g_autoptr (BoCampaign) campaign = trial != NULL ? bo_store_get_campaign_sync (store, trial->campaign, &error) : NULL;
  g_autofree char *name = NULL;

  if (campaign == NULL)
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INPUT;
    }
  name = bo_image_keep (trial, campaign->state, self->name, socket_path, &error);
  if (name == NULL && error->domain == BO_IMAGE_KEEPING_ERROR)
    {
      bo_cli_error ("%s", error->message);
      return error->code == BO_IMAGE_KEEPING_ERROR_NAME ? BO_EXIT_USAGE : BO_EXIT_FAILED;
    }
  if (name == NULL)
    return bo_cli_report (error);
  g_print (_ ("The image of trial %s is called “%s” on %s.\n"), trial->id, name, device_url);
  return BO_EXIT_OK;
}

int
bo_cmd_keep (int argc, char **argv)
{
  Keep self = { 0 };
  g_autofree char *device = NULL;
  g_autofree char *checked = NULL;
  const GOptionEntry entries[] = {
    { "device", 'd', 0, G_OPTION_ARG_STRING, &device, N_ ("Where the image is: a saved device's name or a URL"), N_ ("DEVICE") },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("TRIAL NAME"));
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, _ ("Gives the image that a trial made a name of your own, under which it stays on the device."));
  g_option_context_set_description (
    context, _ ("TRIAL is CAMPAIGN.NUMBER as “bakeoff-cli list CAMPAIGN” shows it, or a number alone for the latest campaign.\n"
                "Only images that the study's \"keep\" has left on the device are still there.\n\n"
                "Examples:\n"
                "  bakeoff-cli keep 3 sesame-tts:prebuilt\n"
                "  bakeoff-cli keep 20261124-061200-3fa9.3 sesame-tts --device nano"));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return bo_cli_usage ("keep", "%s", error->message);
  if (argc != 3)
    return bo_cli_usage ("keep", "%s", _ ("name one trial and the name that its image gets"));
  self.word = argv[1];
  self.name = argv[2];
  checked = bo_image_keeping_check_name (self.name, &error);
  if (checked == NULL)
    return bo_cli_usage ("keep", "%s", error->message);
  return bo_cli_with_engine ("keep", device, keep_cb, &self);
}
