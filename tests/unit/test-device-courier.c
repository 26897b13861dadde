/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-device-courier"

#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>

#include "bo-volume-format.h"
#include "context/bo-tar-header.h"
#include "durable/bo-archive-file.h"
#include "durable/bo-contents-stream.h"
#include "durable/bo-courier-container.h"
#include "durable/bo-courier-image.h"
#include "durable/bo-device-courier.h"
#include "durable/bo-device-find.h"
#include "durable/bo-hand-over-folder.h"
#include "durable/bo-volume-usage.h"
#include "engine/bo-engine-error.h"
#include "study/bo-json.h"

/* What is in a tar, packed or not: name -> contents (GBytes), and "name mode" in order. */
static GHashTable *
unpack (GBytes *tar, GString *names)
{
  GHashTable *files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;
  gsize length;
  const void *data = g_bytes_get_data (tar, &length);

  archive_read_support_format_tar (archive);
  archive_read_support_filter_gzip (archive);
  g_assert_cmpint (archive_read_open_memory (archive, data, length), ==, ARCHIVE_OK);
  while (archive_read_next_header (archive, &entry) == ARCHIVE_OK)
    {
      g_autofree char *bytes = g_malloc ((gsize) archive_entry_size (entry) + 1);
      la_ssize_t n = archive_read_data (archive, bytes, (gsize) archive_entry_size (entry));

      g_assert_cmpint (n, ==, archive_entry_size (entry));
      g_assert_cmpint (archive_entry_mtime (entry), ==, 0);
      g_assert_cmpint (archive_entry_uid (entry), ==, 0);
      g_string_append_printf (names, "%s %o\n", archive_entry_pathname (entry), archive_entry_mode (entry));
      g_hash_table_insert (files, g_strdup (archive_entry_pathname (entry)), g_bytes_new (bytes, (gsize) n));
    }
  g_assert_cmpint (archive_errno (archive), ==, 0);
  archive_read_free (archive);
  return files;
}

static void
test_image (void)
{
  g_autoptr (GBytes) program = g_bytes_new_static ("\x7f"
                                                   "ELF program",
                                                   12);
  g_autoptr (GBytes) other = g_bytes_new_static ("\x7f"
                                                 "ELF program.",
                                                 13);
  g_autoptr (GBytes) first = bo_courier_image_make (program, "aarch64");
  g_autoptr (GBytes) second = bo_courier_image_make (program, "arm64");
  g_autoptr (GBytes) third = bo_courier_image_make (other, "aarch64");
  g_autofree char *version = bo_courier_image_get_version (program);
  g_autofree char *other_version = bo_courier_image_get_version (other);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) layer_names = g_string_new (NULL);
  g_autoptr (GHashTable) files = unpack (first, names);
  g_autoptr (GHashTable) layer = NULL;
  g_autoptr (JsonNode) manifest = NULL;
  g_autoptr (JsonNode) config = NULL;
  g_autofree char *layer_hash = NULL;
  g_autofree char *config_hash = NULL;
  g_autofree char *diff_id = NULL;
  g_autofree char *config_name = NULL;
  g_autofree char *tag = g_strconcat ("bakeoff-courier:", version, NULL);
  g_autoptr (GPtrArray) tags = NULL;
  g_autoptr (GPtrArray) diff_ids = NULL;
  JsonObject *object, *labels;
  GBytes *bytes;

  /* Reproducible; both words for one processor are the same image, another program is another one. */
  g_assert_true (g_bytes_equal (first, second));
  g_assert_false (g_bytes_equal (first, third));
  g_assert_cmpstr (version, !=, other_version);
  g_assert_true (g_str_has_prefix (version, PACKAGE_VERSION "-"));

  bytes = g_hash_table_lookup (files, "manifest.json");
  manifest = bo_json_parse (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL);
  object = bo_json_array_get_object (bo_json_node_get_array (manifest), 0);
  tags = bo_json_get_strings (object, "RepoTags");
  g_assert_cmpuint (tags->len, ==, 1);
  g_assert_cmpstr (tags->pdata[0], ==, tag);

  config_name = g_strdup (bo_json_get_string (object, "Config", ""));
  bytes = g_hash_table_lookup (files, config_name);
  g_assert_nonnull (bytes);
  config_hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_assert_true (g_str_has_prefix (config_name, config_hash));
  config = bo_json_parse (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL);

  bytes = g_hash_table_lookup (files, bo_json_array_get_string (bo_json_get_array (object, "Layers"), 0));
  g_assert_nonnull (bytes);
  layer_hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  diff_id = g_strconcat ("sha256:", layer_hash, NULL);
  object = bo_json_node_get_object (config);
  g_assert_cmpstr (bo_json_get_string (object, "architecture", ""), ==, "arm64");
  g_assert_cmpstr (bo_json_get_string (object, "os", ""), ==, "linux");
  diff_ids = bo_json_get_strings (bo_json_get_object (object, "rootfs"), "diff_ids");
  g_assert_cmpuint (diff_ids->len, ==, 1);
  g_assert_cmpstr (diff_ids->pdata[0], ==, diff_id);
  labels = bo_json_get_object (bo_json_get_object (object, "config"), "Labels");
  g_assert_cmpstr (bo_json_get_string (labels, BO_LABEL_COURIER_IMAGE, ""), ==, version);

  layer = unpack (bytes, layer_names);
  g_assert_cmpstr (
      layer_names->str, ==,
      "bakeoff/ 40755\nbakeoff-courier 100755\nbakeoff-engine.sock 100644\nbakeoff-sys/ 40755\n");
  g_assert_true (g_bytes_equal (g_hash_table_lookup (layer, "bakeoff-courier"), program));
}

static const BoDeviceCourierOptions options = { .campaign = "20261124-061200-3fa9",
                                                .study = "torch",
                                                .engine_socket = "/run/docker.sock",
                                                .arch = "aarch64" };

static char *
text_of (JsonNode *node)
{
  g_autoptr (JsonNode) owned = node;

  return bo_json_node_to_text (owned, TRUE);
}

static void
test_container (void)
{
  const char *secrets[] = { "BO_TEST_TOKEN", NULL };
  BoDeviceCourierOptions with_secrets = options;
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "unit", "data", "device-courier", "container.json", NULL);
  g_autofree char *expected = NULL;
  g_autofree char *text = NULL;
  g_autofree char *plain = NULL;
  g_auto (GStrv) parts = NULL;
  g_autofree char *id = g_strdup_printf ("\"%s\"", bo_computer_get_id ());
  g_autofree char *name = g_strdup_printf ("\"%s\"", bo_computer_get_name ());
  g_autoptr (GError) error = NULL;

  g_setenv ("BO_TEST_TOKEN", "s3cr\"et", TRUE);
  with_secrets.secrets = secrets;
  text = text_of (bo_courier_container_make (&with_secrets, "sha256:1234", "bakeoff-study-torch",
                                             BO_COURIER_CONTAINER_SYS | BO_COURIER_CONTAINER_OOM));
  parts = g_strsplit (text, id, -1);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  g_free (text);
  text = g_strjoinv ("\"ID\"", parts);
  g_strfreev (parts);
  parts = g_strsplit (text, name, -1);
  g_free (text);
  text = g_strjoinv ("\"NAME\"", parts);

  g_file_get_contents (path, &expected, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_strchomp (text), ==, g_strchomp (expected));

  /* What an engine does not give is not asked for, and only that. */
  plain = text_of (
      bo_courier_container_make (&options, "sha256:1234", "bakeoff-study-torch", BO_COURIER_CONTAINER_PLAIN));
  g_assert_null (strstr (plain, "OomScoreAdj"));
  g_assert_null (strstr (plain, BO_VOLUME_SYS));
  g_assert_null (strstr (plain, "BO_TEST_TOKEN"));
  g_assert_nonnull (strstr (plain, "--telemetry-disk"));
}

static void
test_keeper (void)
{
  static const char *const argv[] = { "usage", BO_VOLUME_PATH, NULL };
  g_autofree char *run = text_of (bo_courier_container_make_keeper ("i", "v", argv));
  g_autofree char *idle = text_of (bo_courier_container_make_keeper ("i", "v", NULL));

  g_assert_nonnull (strstr (run, "\"json-file\""));
  g_assert_nonnull (strstr (run, "\"usage\""));
  g_assert_null (strstr (idle, "\"json-file\""));
  /* It must not be taken for a courier, and never gets the engine's socket. */
  g_assert_null (strstr (run, BO_LABEL_COURIER));
  g_assert_null (strstr (run, BO_VOLUME_SOCKET));
}

static void
test_volume_name (void)
{
  static const struct
  {
    const char *id;
    const char *name;
  } cases[] = { { "torch", "bakeoff-study-torch" },
                { "a_b-9", "bakeoff-study-a_b-9" },
                { "Größe / x", "bakeoff-study-gr-e-x.e02f83ebd89a" },
                { "", "bakeoff-study-unnamed.e3b0c44298fc" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = bo_device_courier_volume_name (cases[i].id);

      g_assert_cmpstr (name, ==, cases[i].name);
    }
}

#define LABELS                                                                                               \
  "\"io.github.bakeoff.courier\":\"20261124-061200-3fa9\",\"io.github.bakeoff.courier.study\":\"torch\","    \
  "\"io.github.bakeoff.courier.owner\":\"id\",\"io.github.bakeoff.courier.from\":\"ana@laptop\\u001b[31m\""
#define MOUNTS "[{\"Type\":\"volume\",\"Name\":\"bakeoff-study-torch\",\"Destination\":\"/bakeoff\"}]"

static BoDeviceCourier *
courier_from (const char *state, const char *labels, const char *mounts, GError **error)
{
  g_autofree char *text = g_strdup_printf (
      "{\"Id\":\"abc\",\"Name\":\"/bakeoff-courier\",\"Created\":\"2026-11-24T11:21:14.883413155Z\","
      "\"State\":%s,\"Config\":{\"Labels\":{%s}},\"Mounts\":%s}",
      state, labels, mounts);
  g_autoptr (JsonNode) node = bo_json_parse (text, -1, error);

  g_assert_nonnull (node);
  return bo_device_courier_new_from_json (node, error);
}

static void
test_find (void)
{
  static const struct
  {
    const char *text;
    BoDeviceCourierState state;
  } states[] = {
    { "{\"Status\":\"running\",\"Running\":true}", BO_DEVICE_COURIER_RUNNING },
    { "{\"Status\":\"restarting\",\"Running\":true,\"Restarting\":true,\"ExitCode\":1}",
      BO_DEVICE_COURIER_RUNNING },
    { "{\"Status\":\"restarting\",\"Running\":false}", BO_DEVICE_COURIER_RUNNING },
    { "{\"Status\":\"exited\",\"ExitCode\":0}", BO_DEVICE_COURIER_ENDED },
    { "{\"Status\":\"exited\",\"ExitCode\":137}", BO_DEVICE_COURIER_DOWN },
    { "{\"Status\":\"created\",\"ExitCode\":0}", BO_DEVICE_COURIER_DOWN },
    { "{\"Status\":\"dead\",\"ExitCode\":0}", BO_DEVICE_COURIER_DOWN },
  };
  static const char *const foreign_labels[] = {
    "",
    "\"io.github.bakeoff.courier\":\"../../x\",\"io.github.bakeoff.courier.study\":\"torch\","
    "\"io.github.bakeoff.courier.owner\":\"id\",\"io.github.bakeoff.courier.from\":\"ana\"",
    "\"io.github.bakeoff.courier\":\".hidden\",\"io.github.bakeoff.courier.study\":\"torch\","
    "\"io.github.bakeoff.courier.owner\":\"id\",\"io.github.bakeoff.courier.from\":\"ana\"",
    "\"io.github.bakeoff.courier\":\"c1\"",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) taken = NULL;
      g_autoptr (BoDeviceCourier) courier = courier_from (states[i].text, LABELS, MOUNTS, &error);
      g_autoptr (BoDeviceCourier) copy = NULL;

      g_assert_no_error (error);
      copy = bo_device_courier_copy (courier);
      g_assert_cmpint (copy->state, ==, states[i].state);
      g_assert_cmpstr (copy->container, ==, "abc");
      g_assert_cmpstr (copy->campaign, ==, "20261124-061200-3fa9");
      g_assert_cmpstr (copy->study, ==, "torch");
      g_assert_cmpstr (copy->volume, ==, "bakeoff-study-torch");
      g_assert_cmpstr (copy->owner, ==, "id");
      /* A terminal is not given what somebody else chose. */
      g_assert_cmpstr (copy->from, ==, "ana@laptop?[31m");
      g_assert_cmpint (copy->created_us, ==, G_GINT64_CONSTANT (1795519274883413));
      taken = bo_device_courier_taken_error (copy);
      g_assert_error (taken, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_TAKEN);
      g_assert_nonnull (strstr (taken->message, "ana@laptop"));
      g_assert_nonnull (strstr (taken->message, "“torch”"));
      g_assert_nonnull (strstr (taken->message, "bakeoff-cli attach"));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (foreign_labels); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (courier_from (states[0].text, foreign_labels[i], MOUNTS, &error));
      g_assert_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_TAKEN);
    }
}

static void
test_usage (void)
{
  static const char *const wrong[] = {
    "",
    "contents 1 2\n",
    "contents 1 2\nincoming 1\n",
    "contents 1 -2\nincoming 1 2\n",
    "contents 1 99999999999999999999\nincoming 1 2\n",
    "contents 1 2\nincoming 1 2\ncampaign a 3\n",
    "contents 1 2\nincoming 1 2\ncampaign a b c\n",
    "contents 1 2 3\nincoming 1 2\n",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (BoVolumeUsage) usage = bo_volume_usage_parse (
      "contents 3 4000\nincoming 1 17\ncampaign c1 100 ended\ncampaign c2 5 waiting\n", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (usage->n_contents, ==, 3);
  g_assert_cmpuint (usage->contents_bytes, ==, 4000);
  g_assert_cmpuint (usage->n_incoming, ==, 1);
  g_assert_cmpuint (usage->incoming_bytes, ==, 17);
  g_assert_cmpuint (usage->campaigns_bytes, ==, 105);
  g_assert_cmpstr (g_hash_table_lookup (usage->campaigns, "c1"), ==, "ended");
  g_assert_cmpstr (g_hash_table_lookup (usage->campaigns, "c2"), ==, "waiting");
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_null (bo_volume_usage_parse (wrong[i], &error));
      g_assert_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_COMMAND);
      g_clear_error (&error);
    }
}

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
test_missing (void)
{
  static const char *const wrong[] = {
    HEX " 12",   "x\n",       HEX "\n",       HEX " \n",      HEX " -1\n",
    HEX "a 1\n", "0123 12\n", "A" HEX " 1\n", HEX " 12 13\n", "\n",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) none = bo_volume_parse_missing ("", &error);
  g_autoptr (GArray) two = bo_volume_parse_missing (HEX " 12\n" HEX " 0\n", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (two->len, ==, 2);
  g_assert_cmpstr (g_array_index (two, BoMissingContent, 0).sha256, ==, HEX);
  g_assert_cmpuint (g_array_index (two, BoMissingContent, 0).size, ==, 12);
  g_assert_cmpuint (g_array_index (two, BoMissingContent, 1).size, ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_null (bo_volume_parse_missing (wrong[i], &error));
      g_assert_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_COMMAND);
      g_clear_error (&error);
    }
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
test_contents (void)
{
  static const gsize sizes[] = { 1, 511, 512, 513, 100000, 0 };
  g_autofree char *folder = g_dir_make_tmp ("contents-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoContentStore) store = bo_content_store_new (folder, &error);
  BoMissingContent contents[G_N_ELEMENTS (sizes)] = { 0 };
  g_autoptr (BoContentsStream) stream = NULL;
  g_autoptr (BoContentsStream) again = NULL;
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (GBytes) tar = NULL;
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GHashTable) files = NULL;
  g_autofree char *path = NULL;
  guint64 of_contents = 0;
  char buffer[4096];

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *data = g_strnfill (sizes[i], (char) ('a' + i));
      g_autoptr (GBytes) bytes = g_bytes_new (data, sizes[i]);
      g_autofree char *sha256 = bo_content_store_put_bytes (store, bytes, &error);

      g_assert_no_error (error);
      g_strlcpy (contents[i].sha256, sha256, sizeof contents[i].sha256);
      contents[i].size = sizes[i];
    }
  stream = bo_contents_stream_new (store, contents, G_N_ELEMENTS (sizes));
  g_output_stream_splice (out, G_INPUT_STREAM (stream), G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
  g_assert_no_error (error);
  tar = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
  g_assert_cmpuint (g_bytes_get_size (tar), ==, bo_contents_stream_get_length (stream));
  g_assert_cmpuint (bo_contents_stream_get_read (stream, &of_contents), ==, g_bytes_get_size (tar));
  g_assert_cmpuint (of_contents, ==, 1 + 511 + 512 + 513 + 100000);

  files = unpack (tar, names);
  g_assert_cmpuint (g_hash_table_size (files), ==, G_N_ELEMENTS (sizes));
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *name = g_strdup_printf ("incoming/%s.%" G_GSIZE_FORMAT, contents[i].sha256, sizes[i]);
      GBytes *found = g_hash_table_lookup (files, name);
      g_autofree char *sha256 = NULL;

      g_assert_nonnull (found);
      sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, found);
      g_assert_cmpstr (sha256, ==, contents[i].sha256);
    }

  /* A content that has changed in the store is not sent as what it was. */
  path = bo_content_store_get_path (store, contents[4].sha256);
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  g_assert_true (g_file_set_contents (path, "short", -1, NULL));
  again = bo_contents_stream_new (store, contents, G_N_ELEMENTS (sizes));
  while (error == NULL)
    {
      if (g_input_stream_read (G_INPUT_STREAM (again), buffer, sizeof buffer, NULL, &error) == 0)
        break;
    }
  g_assert_error (error, BO_CONTENT_STORE_ERROR, BO_CONTENT_STORE_ERROR_UNREADABLE);
  remove_tree (folder);
}

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
test_folder (void)
{
  static const char recipe[] = "bakeoff-recipe 1\nlength 15\nliteral 3\nabc\nfile " HEX " 12\nend\n";
  g_autofree char *folder = g_dir_make_tmp ("campaign-XXXXXX", NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, recipe, -1);
  g_autofree char *recipe_name = g_strconcat ("recipes/", hash, NULL);
  g_autofree char *sent_recipe = g_strconcat ("campaigns/c1/recipes/", hash, NULL);
  g_autofree char *expected = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) packed = NULL;
  g_autoptr (GBytes) again = NULL;
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GHashTable) files = NULL;
  g_autoptr (GHashTable) hashes = NULL;
  g_autoptr (JsonNode) campaign = NULL;
  JsonObject *object;
  GBytes *bytes;

  g_assert_null (bo_hand_over_pack_folder (folder, "c1", &error));
  g_assert_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_INCOMPLETE);
  g_clear_error (&error);

  write_file (folder, "script", "bakeoff-script 1\ncampaign c1\n");
  write_file (folder, "campaign.json",
              "{\"format\":1,\"id\":\"c1\",\"study_file\":\"/home/ana/torch/bakeoff.json\","
              "\"device_url\":\"unix:///home/ana/"
              "docker.sock\",\"created_us\":1795519274883413,\"bases\":[{\"a\":null}]}");
  write_file (folder, recipe_name, recipe);
  /* None of these is anybody else's business. */
  write_file (folder, "courier.log", "private");
  write_file (folder, "journal/00000001.bj", "private");
  write_file (folder, "recipes/notes.txt", "private");

  packed = bo_hand_over_pack_folder (folder, "c1", &error);
  g_assert_no_error (error);
  again = bo_hand_over_pack_folder (folder, "c1", &error);
  g_assert_true (g_bytes_equal (packed, again));
  files = unpack (packed, names);
  expected = g_strdup_printf (
      "campaigns/c1/ 40700\ncampaigns/c1/recipes/ 40700\ncampaigns/c1/campaign.json 100600\n%s "
      "100600\ncampaigns/c1/script.new 100600\n",
      sent_recipe);
  g_assert_cmpstr (names->str, ==, expected);
  bytes = g_hash_table_lookup (files, sent_recipe);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), recipe, sizeof recipe - 1);
  bytes = g_hash_table_lookup (files, "campaigns/c1/campaign.json");
  campaign = bo_json_parse (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  object = bo_json_node_get_object (campaign);
  g_assert_true (json_object_get_null_member (object, "study_file"));
  g_assert_true (json_object_get_null_member (object, "device_url"));
  g_assert_cmpstr (bo_json_get_string (object, "id", ""), ==, "c1");
  g_assert_cmpint (bo_json_get_int (object, "created_us", 0), ==, G_GINT64_CONSTANT (1795519274883413));
  g_assert_cmpuint (bo_json_array_get_length (bo_json_get_array (object, "bases")), ==, 1);

  hashes = bo_hand_over_list_contents (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (hashes), ==, 1);
  g_assert_true (g_hash_table_contains (hashes, HEX));
  remove_tree (folder);
}

static GBytes *
make_tar (const char *path, char type, const char *link, const char *text, gboolean second)
{
  GByteArray *tar = g_byte_array_new ();
  BoTarMember member = { .path = path,
                         .type = type,
                         .mode = (type == '0' ? S_IFREG : 0) | 0600,
                         .link = link,
                         .size = strlen (text) };

  bo_tar_append_header (tar, &member);
  g_byte_array_append (tar, (const guint8 *) text, (guint) strlen (text));
  bo_tar_append_padding (tar, strlen (text));
  if (second)
    bo_tar_append_header (tar, &member);
  bo_tar_append_end (tar);
  return g_byte_array_free_to_bytes (tar);
}

static void
test_archive_file (void)
{
  static const struct
  {
    const char *path;
    char type;
    const char *link;
    const char *text;
    gboolean second;
    gboolean ok;
  } cases[] = {
    { "00000001.bj", '0', NULL, "hello", FALSE, TRUE },
    { "00000001.bj", '0', NULL, "", FALSE, TRUE },
    { "00000001.bj", '0', NULL, "longer than ten", FALSE, FALSE },
    { "00000002.bj", '0', NULL, "hello", FALSE, FALSE },
    { "../00000001.bj", '0', NULL, "hello", FALSE, FALSE },
    { "/00000001.bj", '0', NULL, "hello", FALSE, FALSE },
    { "00000001.bj", '2', "/etc/passwd", "", FALSE, FALSE },
    { "00000001.bj", '1', "/etc/passwd", "", FALSE, FALSE },
    { "00000001.bj", '5', NULL, "", FALSE, FALSE },
    { "00000001.bj", '6', NULL, "", FALSE, FALSE },
    { "00000001.bj", '0', NULL, "", TRUE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) tar
          = make_tar (cases[i].path, cases[i].type, cases[i].link, cases[i].text, cases[i].second);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = bo_archive_file_extract (tar, "00000001.bj", 10, &error);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      if (cases[i].ok)
        {
          g_assert_no_error (error);
          g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), cases[i].text,
                           strlen (cases[i].text));
        }
      else
        {
          g_assert_null (bytes);
          g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL);
        }
    }
}

/* Whatever an engine sends is an error or one file, and never more than it may be. */
static void
test_archive_noise (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  g_autoptr (GBytes) tar = make_tar ("00000001.bj", '0', NULL, "hello", FALSE);
  gsize length = g_bytes_get_size (tar);

  for (int i = 0; i < 2000; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (tar, NULL), length);
      g_autoptr (GBytes) noise = NULL;
      g_autoptr (GBytes) bytes = NULL;

      for (int k = 0; k < 1 + i % 5; k++)
        copy[g_rand_int_range (rand, 0, 600)] = (guint8) g_rand_int_range (rand, 0, 256);
      noise = g_bytes_new (copy, (gsize) g_rand_int_range (rand, 0, (gint32) length + 1));
      bytes = bo_archive_file_extract (noise, "00000001.bj", 10, NULL);
      if (bytes != NULL)
        g_assert_cmpuint (g_bytes_get_size (bytes), <=, 10);
    }
}

static void
test_computer (void)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "bakeoff", "computer-id", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_uuid_string_is_valid (bo_computer_get_id ()));
  g_assert_cmpstr (bo_computer_get_id (), ==, bo_computer_get_id ());
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (g_strchomp (text), ==, bo_computer_get_id ());
  g_assert_nonnull (strchr (bo_computer_get_name (), '@'));
}

int
main (int argc, char **argv)
{
  g_autofree char *data = g_dir_make_tmp ("bakeoff-test-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (data, "bakeoff", NULL);
  g_autofree char *computer_id = g_build_filename (folder, "computer-id", NULL);
  int status = 0;

  /* Not G_TEST_OPTION_ISOLATE_DIRS, whose paths GLib never frees. */
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/device-courier/computer", test_computer);
  g_test_add_func ("/device-courier/image", test_image);
  g_test_add_func ("/device-courier/container", test_container);
  g_test_add_func ("/device-courier/keeper", test_keeper);
  g_test_add_func ("/device-courier/volume-name", test_volume_name);
  g_test_add_func ("/device-courier/find", test_find);
  g_test_add_func ("/device-courier/usage", test_usage);
  g_test_add_func ("/device-courier/missing", test_missing);
  g_test_add_func ("/device-courier/contents", test_contents);
  g_test_add_func ("/device-courier/folder", test_folder);
  g_test_add_func ("/device-courier/archive-file", test_archive_file);
  g_test_add_func ("/device-courier/archive-noise", test_archive_noise);
  status = g_test_run ();
  g_unlink (computer_id);
  g_rmdir (folder);
  g_rmdir (data);
  return status;
}
