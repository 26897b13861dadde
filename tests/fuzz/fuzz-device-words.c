/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is printed on a device and read here: by the courier's commands in a
 * volume, by the script that asks for facts, and by Podman's builder. What cannot
 * be understood is an error with words; facts can be written and read again.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "device/bo-device-script.h"
#include "durable/bo-contents-stream.h"
#include "durable/bo-volume-usage.h"
#include "journal/bo-podman-words.h"
#include "study/bo-json.h"

static void
check_error (gconstpointer value, const GError *error)
{
  BO_FUZZ_CHECK ((value != NULL) == (error == NULL));
  BO_FUZZ_CHECK (error == NULL || (error->message[0] != '\0' && g_utf8_validate (error->message, -1, NULL)));
}

static void
read_volume (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) missing_error = NULL;
  g_autoptr (GError) count_error = NULL;
  g_autoptr (BoVolumeUsage) usage = bo_volume_usage_parse (text, &error);
  g_autoptr (GArray) missing = bo_volume_parse_missing (text, &missing_error);
  guint64 n = 0, bytes = 0;

  check_error (usage, error);
  check_error (missing, missing_error);
  for (guint i = 0; missing != NULL && i < missing->len; i++)
    BO_FUZZ_CHECK (strlen (g_array_index (missing, BoMissingContent, i).sha256) == 64);
  if (!bo_volume_parse_count (text, "adopted", &n, &bytes, &count_error))
    check_error (NULL, count_error);
}

static void
read_facts (const char *text)
{
  g_autoptr (BoDeviceFacts) facts = bo_device_facts_new ();
  g_autoptr (BoDeviceFacts) again = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonNode) read = NULL;
  g_autoptr (JsonNode) again_node = NULL;
  g_autofree char *written = NULL;
  g_autofree char *rewritten = NULL;

  bo_device_script_parse (text, facts);
  BO_FUZZ_CHECK (facts->swap >= -1 && facts->disk_size >= -1 && facts->free_disk >= -1
                 && facts->zram_swap >= -1);
  node = bo_device_facts_to_json (facts);
  written = bo_json_node_to_text (node, TRUE);
  read = bo_json_parse (written, -1, NULL);
  BO_FUZZ_CHECK (read != NULL);
  again = bo_device_facts_new_from_json (read, NULL);
  BO_FUZZ_CHECK (again != NULL);
  again_node = bo_device_facts_to_json (again);
  rewritten = bo_json_node_to_text (again_node, TRUE);
  BO_FUZZ_CHECK (strcmp (written, rewritten) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  BoPodmanWords words = bo_podman_words_read (text);

  BO_FUZZ_CHECK (words.kind != BO_PODMAN_STEP || (words.number > 0 && words.text != NULL));
  bo_podman_words_find_exit_code (text);
  read_volume (text);
  read_facts (text);
  return 0;
}
