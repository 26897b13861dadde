/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * campaign.json, which comes from a device, another version or a damaged disk.
 * What is refused has words; what is taken is written and read again as the same, and a recorder can stand on
 * it.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "journal/bo-recorder.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoCampaign) campaign = bo_campaign_from_json ((const char *) data, (gssize) size, &error);
  g_autoptr (BoCampaign) again = NULL;
  g_autoptr (BoRecorder) recorder = NULL;
  g_autofree char *written = NULL;
  g_autofree char *rewritten = NULL;
  GPtrArray *trials = NULL;

  BO_FUZZ_CHECK ((campaign == NULL) == (error != NULL));
  BO_FUZZ_CHECK (error == NULL || error->message[0] != '\0');
  if (campaign == NULL)
    return 0;

  written = bo_campaign_to_json (campaign);
  again = bo_campaign_from_json (written, -1, &error);
  BO_FUZZ_CHECK (again != NULL);
  rewritten = bo_campaign_to_json (again);
  BO_FUZZ_CHECK (strcmp (written, rewritten) == 0);

  recorder = bo_recorder_new (campaign);
  bo_recorder_finish (recorder);
  trials = bo_recorder_get_trials (recorder);
  BO_FUZZ_CHECK (trials->len == campaign->trials->len);
  for (guint i = 0; i < trials->len; i++)
    {
      g_autofree char *json = bo_trial_to_json (trials->pdata[i]);

      BO_FUZZ_CHECK (json != NULL);
    }
  return 0;
}
