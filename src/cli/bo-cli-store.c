/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cli-store"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bo-cli-store.h"
#include "bo-cli.h"

/**
 * bo_cli_open_store:
 *
 * Returns: (transfer full) (nullable): the store, or %NULL after a message was printed
 */
BoStore *
bo_cli_open_store (void)
{
  g_autofree char *path = bo_store_get_default_path ();
  g_autoptr (GError) error = NULL;
  BoStore *store = bo_store_open_sync (path, &error);

  if (store == NULL)
    bo_cli_error ("%s", error->message);
  return store;
}

/**
 * bo_cli_find_campaign:
 * @store: the store
 * @word: (nullable): an id, the beginning of one, or "latest"; %NULL means the latest
 *
 * Returns: (transfer full): the campaign's id, or %NULL with BO_STORE_ERROR_NOT_FOUND
 */
char *
bo_cli_find_campaign (BoStore *store, const char *word, GError **error)
{
  g_autoptr (GPtrArray) campaigns = bo_store_list_campaigns_sync (store, NULL, error);
  const BoCampaignSummary *found = NULL;
  guint n_found = 0;

  if (campaigns == NULL)
    return NULL;
  if (campaigns->len == 0)
    {
      g_set_error_literal (error, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND,
                           _ ("There are no results yet. “bakeoff-cli run” makes some."));
      return NULL;
    }
  if (word == NULL || strcmp (word, "latest") == 0)
    return g_strdup (((const BoCampaignSummary *) g_ptr_array_index (campaigns, 0))->id);

  for (guint i = 0; i < campaigns->len; i++)
    {
      const BoCampaignSummary *campaign = g_ptr_array_index (campaigns, i);

      if (strcmp (campaign->id, word) == 0)
        return g_strdup (word);
      if (word[0] != '\0' && g_str_has_prefix (campaign->id, word))
        {
          found = campaign;
          n_found++;
        }
    }
  if (n_found == 1)
    return g_strdup (found->id);

  g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND,
               n_found == 0 ? _ ("There is no campaign “%s”. “bakeoff-cli list” shows those that there are.")
                            : _ ("More than one campaign begins with “%s”. “bakeoff-cli list” shows them whole."),
               word);
  return NULL;
}

/**
 * bo_cli_find_trial:
 * @store: the store
 * @word: "CAMPAIGN.NUMBER", or a number alone for the latest campaign
 *
 * Returns: (transfer full): the trial's id, or %NULL with BO_STORE_ERROR_NOT_FOUND
 */
char *
bo_cli_find_trial (BoStore *store, const char *word, GError **error)
{
  const char *dot = strrchr (word, '.');
  g_autofree char *campaign_word = dot != NULL ? g_strndup (word, dot - word) : NULL;
  const char *number = dot != NULL ? dot + 1 : word;
  g_autofree char *campaign = NULL;

  if (!g_ascii_string_to_unsigned (number, 10, 1, G_MAXUINT, NULL, NULL))
    {
      g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND,
                   _ ("“%s” names no trial. A trial is CAMPAIGN.NUMBER, as “bakeoff-cli list CAMPAIGN” shows it, "
                      "or a number alone for the latest campaign."),
                   word);
      return NULL;
    }
  campaign = bo_cli_find_campaign (store, campaign_word, error);
  if (campaign == NULL)
    return NULL;
  return g_strdup_printf ("%s.%s", campaign, number);
}
