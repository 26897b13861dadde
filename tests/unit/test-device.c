/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "device/bo-device-facts.h"
#include "device/bo-device.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine-system.h"
#include "study/bo-json.h"

static void
test_saved (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bakeoff-device-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "sub", "devices.json", NULL);
  g_autofree char *sub = g_path_get_dirname (path);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDevices) devices = bo_devices_load (path, &error);
  g_autoptr (BoDevices) again = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (bo_devices_get_length (devices), ==, 0);
  g_assert_true (bo_devices_add (devices, "orin", "ssh://nvidia@10.0.0.7/", &error));
  g_assert_true (bo_devices_add (devices, "Xavier am Fenster", "unix:///a", &error));
  g_assert_false (bo_devices_add (devices, "orin", "unix:///b", &error));
  g_assert_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (bo_devices_add (devices, "x", "nonsense", &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_URL);
  g_clear_error (&error);
  for (const char *const *name = (const char *const[]){ "", "-x", "a/b", "ssh://x", "a@b", "a\nb", NULL };
       *name != NULL; name++)
    {
      g_assert_false (bo_devices_add (devices, *name, "unix:///b", &error));
      g_assert_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_NAME);
      g_clear_error (&error);
    }
  g_assert_true (bo_devices_save (devices, &error));
  g_assert_no_error (error);

  again = bo_devices_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bo_devices_get_length (again), ==, 2);
  g_assert_cmpstr (bo_devices_find (again, "orin")->url, ==, "ssh://nvidia@10.0.0.7");
  g_assert_true (bo_devices_remove (again, "orin", &error));
  g_assert_null (bo_devices_find (again, "orin"));
  g_assert_false (bo_devices_remove (again, "orin", &error));
  g_assert_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_NOT_FOUND);

  g_unlink (path);
  g_rmdir (sub);
  g_rmdir (folder);
}

/* What another version keeps there survives; what cannot be read is not written over. */
static void
test_unknown_keys (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bakeoff-device-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "devices.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDevices) devices = NULL;

  g_assert_true (
      g_file_set_contents (path,
                           "{\"later\":{\"a\":1},\"devices\":[{\"name\":\"a\",\"url\":\"unix:///a\","
                           "\"color\":\"red\"},7,{\"name\":3}]}",
                           -1, NULL));
  devices = bo_devices_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bo_devices_get_length (devices), ==, 1);
  g_assert_true (bo_devices_add (devices, "b", "unix:///b", &error));
  g_assert_true (bo_devices_save (devices, &error));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"color\" : \"red\""));
  g_assert_nonnull (strstr (text, "\"later\""));
  g_assert_nonnull (strstr (text, "\"unix:///b\""));

  g_assert_true (g_file_set_contents (path, "{\"devices\":", -1, NULL));
  g_assert_null (bo_devices_load (path, &error));
  g_assert_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_FILE);
  g_unlink (path);
  g_rmdir (folder);
}

/* Renaming, moving, removing and bringing back; nothing else that is kept about a device is lost. */
static void
test_change (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bakeoff-device-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "devices.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDevices) devices = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_assert_true (g_file_set_contents (path,
                                      "{\"devices\":[{\"name\":\"a\",\"url\":\"unix:///a\",\"color\":\"red\"},7,"
                                      "{\"name\":\"b\",\"url\":\"unix:///b\"}]}",
                                      -1, NULL));
  devices = bo_devices_load (path, &error);
  g_assert_no_error (error);

  g_assert_false (bo_devices_change (devices, "x", "y", NULL, &error));
  g_assert_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (bo_devices_change (devices, "a", "b", NULL, &error));
  g_assert_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (bo_devices_change (devices, "a", "a/b", NULL, &error));
  g_assert_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_NAME);
  g_clear_error (&error);
  /* What is refused changes nothing, not even the half of it that is right. */
  g_assert_false (bo_devices_change (devices, "a", "c", "nonsense", &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_URL);
  g_clear_error (&error);
  g_assert_nonnull (bo_devices_find (devices, "a"));

  g_assert_true (bo_devices_change (devices, "a", "a", NULL, &error));
  g_assert_true (bo_devices_change (devices, "a", "c", "ssh://me@c/", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (bo_devices_get (devices, 0)->name, ==, "c");
  g_assert_cmpstr (bo_devices_get (devices, 0)->url, ==, "ssh://me@c");

  g_assert_null (bo_devices_dup_node (devices, "a"));
  node = bo_devices_dup_node (devices, "c");
  g_assert_false (bo_devices_restore (devices, 0, node, &error));
  g_assert_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_true (bo_devices_remove (devices, "c", &error));
  g_assert_cmpuint (bo_devices_get_length (devices), ==, 1);
  g_assert_true (bo_devices_restore (devices, 0, node, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (bo_devices_get (devices, 0)->name, ==, "c");
  g_assert_cmpstr (bo_devices_get (devices, 1)->name, ==, "b");
  g_assert_true (bo_devices_remove (devices, "c", &error));
  g_assert_true (bo_devices_restore (devices, 9, node, &error));
  g_assert_cmpstr (bo_devices_get (devices, 1)->name, ==, "c");
  g_assert_true (bo_devices_save (devices, &error));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"color\" : \"red\""));
  g_assert_nonnull (strstr (text, "    7"));

  g_unlink (path);
  g_rmdir (folder);
}

static void
test_resolve (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDeviceUrl) url = bo_device_resolve ("tcp://a", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (url->host, ==, "a");
  g_assert_null (bo_device_resolve ("orin", &error));
  g_assert_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (bo_device_resolve ("me@orin", &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_URL);
}

static void
test_facts (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = bo_json_parse (
      "{\"ID\":\"X\",\"Name\":\"jetson\",\"ServerVersion\":\"27.5.1\",\"NCPU\":12,\"MemTotal\":65000000000,"
      "\"Driver\":\"overlayfs\",\"DriverStatus\":[[\"driver-type\",\"io.containerd.snapshotter.v1\"]],"
      "\"Runtimes\":{\"nvidia\":{},\"runc\":{}},\"DefaultRuntime\":\"nvidia\",\"Warnings\":null}",
      -1, &error);
  g_autoptr (BoEngineInfo) info = bo_engine_info_new_from_json (node, &error);
  g_autoptr (BoDeviceFacts) facts = bo_device_facts_new_from_info (info);
  g_autoptr (JsonNode) json = bo_device_facts_to_json (facts);
  g_autofree char *text = bo_json_node_to_text (json, FALSE);
  g_autoptr (BoDeviceFacts) again = bo_device_facts_new_from_json (json, &error);
  g_autoptr (JsonNode) json_again = NULL;
  g_autofree char *text_again = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (facts->image_store, ==, "containerd");
  g_assert_cmpint (facts->free_disk, ==, -1);
  g_assert_nonnull (strstr (text, "\"free_disk\":null"));
  json_again = bo_device_facts_to_json (again);
  text_again = bo_json_node_to_text (json_again, FALSE);
  g_assert_cmpstr (text, ==, text_again);
  g_assert_cmpint (again->memory, ==, G_GINT64_CONSTANT (65000000000));
}

/* F4 row 13: GET /system/df in its old and its new shape. */
static void
test_disk_usage (void)
{
  static const char *const shapes[] = {
    "{\"LayersSize\":1000,\"Images\":[{\"Id\":\"i\",\"Size\":700,\"SharedSize\":200},{\"Id\":\"j\",\"Size\":"
    "1,\"SharedSize\":-1}],"
    "\"Containers\":[{\"SizeRw\":5},{}],\"Volumes\":[{\"UsageData\":{\"Size\":7}},{\"UsageData\":{\"Size\":-"
    "1}}],"
    "\"BuildCache\":[{\"ID\":\"a\",\"Type\":\"regular\",\"Size\":10,\"Shared\":false,\"UsageCount\":2},"
    "{\"ID\":\"b\",\"Size\":90,\"Shared\":true},{\"Size\":1}]}",
    "{\"ImageUsage\":{\"TotalSize\":1000,\"Items\":[{\"Id\":\"i\",\"Size\":700,\"SharedSize\":200}]},"
    "\"ContainerUsage\":{\"TotalSize\":5},\"VolumeUsage\":{\"TotalSize\":7},"
    "\"BuildCacheUsage\":{\"TotalSize\":10,\"Items\":[{\"ID\":\"a\",\"Type\":\"regular\",\"Size\":10,"
    "\"UsageCount\":2},"
    "{\"ID\":\"b\",\"Size\":90,\"Shared\":true}]}}",
    "{\"ImagesUsage\":{\"TotalSize\":1000,\"Items\":[{\"Id\":\"i\",\"Size\":700,\"SharedSize\":200}]},"
    "\"ContainersUsage\":{\"TotalSize\":5},\"VolumesUsage\":{\"TotalSize\":7},"
    "\"BuildCacheUsage\":{\"TotalSize\":10,\"Items\":[{\"ID\":\"a\",\"Type\":\"regular\",\"Size\":10,"
    "\"UsageCount\":2},"
    "{\"ID\":\"b\",\"Size\":90,\"Shared\":true}]}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = bo_json_parse (shapes[i], -1, &error);
      g_autoptr (BoEngineDiskUsage) usage = bo_engine_disk_usage_new_from_json (node, &error);
      const BoEngineCacheRecord *record;

      g_assert_no_error (error);
      g_assert_cmpint (usage->images_size, ==, 1000);
      g_assert_cmpint (usage->containers_size, ==, 5);
      g_assert_cmpint (usage->volumes_size, ==, 7);
      g_assert_cmpint (usage->cache_size, ==, 10);
      g_assert_cmpuint (g_hash_table_size (usage->unique_sizes), ==, 1);
      g_assert_cmpint (*(gint64 *) g_hash_table_lookup (usage->unique_sizes, "i"), ==, 500);
      g_assert_cmpuint (usage->cache->len, ==, 2);
      record = usage->cache->pdata[0];
      g_assert_cmpstr (record->id, ==, "a");
      g_assert_cmpint (record->usage_count, ==, 2);
    }
}

int
main (int argc, char **argv)
{
  /* Not the devices of whoever runs the tests. */
  g_setenv ("XDG_CONFIG_HOME", "/nonexistent", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/device/saved", test_saved);
  g_test_add_func ("/device/unknown-keys", test_unknown_keys);
  g_test_add_func ("/device/change", test_change);
  g_test_add_func ("/device/resolve", test_resolve);
  g_test_add_func ("/device/facts", test_facts);
  g_test_add_func ("/device/disk-usage", test_disk_usage);

  return g_test_run ();
}
