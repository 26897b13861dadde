/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-courier-image"

#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gi18n.h>

#include "bo-volume-format.h"
#include "context/bo-tar-header.h"
#include "durable/bo-courier-image.h"
#include "durable/bo-courier-program.h"
#include "durable/bo-device-courier.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine-images.h"
#include "engine/bo-engine-info.h"
#include "study/bo-names.h"

/* Enough of a hash to tell programs of one version apart. */
#define HASH_LENGTH 12

static void
append_file (GByteArray *tar, const char *path, guint32 mode, gconstpointer data, gsize size)
{
  BoTarMember member = { .path = path, .type = '0', .mode = S_IFREG | mode, .size = size };

  bo_tar_append_header (tar, &member);
  g_byte_array_append (tar, data, (guint) size);
  bo_tar_append_padding (tar, size);
}

static void
append_folder (GByteArray *tar, const char *path)
{
  BoTarMember member = { .path = path, .type = '5', .mode = S_IFDIR | 0755 };

  bo_tar_append_header (tar, &member);
}

/* The places of the mounts are in it too: an engine need not make them in a read-only root. */
static GBytes *
make_layer (GBytes *program)
{
  GByteArray *tar = g_byte_array_new ();
  gsize size;
  const void *data = g_bytes_get_data (program, &size);

  append_folder (tar, BO_VOLUME_PATH + 1);
  append_file (tar, BO_VOLUME_PROGRAM + 1, 0755, data, size);
  append_file (tar, BO_VOLUME_SOCKET + 1, 0644, "", 0);
  append_folder (tar, BO_VOLUME_SYS + 1);
  bo_tar_append_end (tar);
  return g_byte_array_free_to_bytes (tar);
}

/* As images call processors (GOARCH). */
static const char *
image_arch (const char *arch)
{
  if (g_str_equal (arch, "aarch64"))
    return "arm64";
  return g_str_equal (arch, "x86_64") ? "amd64" : arch;
}

/**
 * bo_courier_image_get_version:
 * @program: the courier
 *
 * Returns: (transfer full): "0.2.0-3fa90c1db7e2": tag of its image, and value of BO_LABEL_COURIER_IMAGE
 */
char *
bo_courier_image_get_version (GBytes *program)
{
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, program);

  return g_strdup_printf ("%s-%.*s", PACKAGE_VERSION, HASH_LENGTH, hash);
}

/**
 * bo_courier_image_make:
 * @program: the courier, a static program
 * @arch: its processor, as an engine calls it
 *
 * The form is that of "docker save" up to Docker 24 (Docker Image Specification v1.2):
 * every engine and Podman reads it.
 *
 * Returns: (transfer full): a tar for POST /images/load
 */
GBytes *
bo_courier_image_make (GBytes *program, const char *arch)
{
  g_autofree char *version = NULL;
  g_autoptr (GBytes) layer = NULL;
  g_autofree char *layer_hash = NULL;
  g_autofree char *config = NULL;
  g_autofree char *config_hash = NULL;
  g_autofree char *config_name = NULL;
  g_autofree char *layer_name = NULL;
  g_autofree char *manifest = NULL;
  GByteArray *tar = g_byte_array_new ();
  gsize size;
  const void *data;

  g_return_val_if_fail (program != NULL && arch != NULL, NULL);

  version = bo_courier_image_get_version (program);
  layer = make_layer (program);
  layer_hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, layer);
  /* Nothing in it needs to be escaped. */
  config = g_strdup_printf (
      "{\"architecture\":\"%s\",\"config\":{\"Entrypoint\":[\"%s\"],\"Labels\":{\"%s\":\"%s\",\"%s\":"
      "\"courier\"},"
      "\"WorkingDir\":\"/"
      "\"},\"created\":\"1970-01-01T00:00:00Z\",\"history\":[{\"created\":\"1970-01-01T00:00:00Z\","
      "\"created_by\":\"bakeoff\"}],\"os\":\"linux\",\"rootfs\":{\"diff_ids\":[\"sha256:%s\"],\"type\":"
      "\"layers\"}}",
      image_arch (arch), BO_VOLUME_PROGRAM, BO_LABEL_COURIER_IMAGE, version, BO_LABEL_ROLE, layer_hash);
  config_hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, config, -1);
  config_name = g_strconcat (config_hash, ".json", NULL);
  layer_name = g_strconcat (layer_hash, "/layer.tar", NULL);
  manifest = g_strdup_printf ("[{\"Config\":\"%s\",\"RepoTags\":[\"" BO_COURIER_IMAGE_REPOSITORY
                              ":%s\"],\"Layers\":[\"%s\"]}]\n",
                              config_name, version, layer_name);

  data = g_bytes_get_data (layer, &size);
  append_folder (tar, layer_hash);
  append_file (tar, layer_name, 0644, data, size);
  append_file (tar, config_name, 0644, config, strlen (config));
  append_file (tar, "manifest.json", 0644, manifest, strlen (manifest));
  bo_tar_append_end (tar);
  return g_byte_array_free_to_bytes (tar);
}

/* Images are asked for by label and used by id: names are moved by others, and Podman changes them. */
static gboolean
find_image (BoDeviceJob *job, const char *version, char **id, GError **error)
{
  g_autofree char *label = g_strdup_printf ("%s=%s", BO_LABEL_COURIER_IMAGE, version);
  g_autoptr (GPtrArray) images = NULL;

  bo_engine_list_images_async (job->engine, label, FALSE, job->cancellable, bo_wait_cb, &job->wait);
  images = bo_engine_list_images_finish (job->engine, bo_wait_for (&job->wait), error);
  if (images == NULL)
    return FALSE;
  *id = images->len > 0 ? g_strdup (((BoEngineImageEntry *) images->pdata[0])->id) : NULL;
  return TRUE;
}

static char *
load_image (BoDeviceJob *job, GBytes *program, const char *arch, const char *version, GError **error)
{
  g_autoptr (GBytes) tar = bo_courier_image_make (program, arch);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (tar);
  g_autoptr (GPtrArray) loaded = NULL;
  char *id = NULL;

  bo_engine_load_images_async (job->engine, stream, (gssize) g_bytes_get_size (tar), job->cancellable,
                               bo_wait_cb, &job->wait);
  loaded = bo_engine_load_images_finish (job->engine, bo_wait_for (&job->wait), error);
  if (loaded == NULL || !find_image (job, version, &id, error))
    return NULL;
  if (id == NULL)
    g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL,
                 _ ("the engine loaded the image of the courier as “%s”, but does not find it by its label"),
                 (const char *) loaded->pdata[0]);
  return id;
}

/**
 * bo_courier_image_ensure:
 * @arch: (nullable): processor of the device as the engine calls it; asked for when it is %NULL
 *
 * Returns: (transfer full) (nullable): id of the image; %NULL with %BO_DEVICE_COURIER_ERROR_UNSUPPORTED
 *   when there is no courier for this device
 */
char *
bo_courier_image_ensure (BoDeviceJob *job, const char *arch, GError **error)
{
  g_autoptr (BoEngineInfo) info = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *path = NULL;
  g_autofree char *version = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GBytes) program = NULL;
  char *id = NULL;
  gsize size;

  if (arch == NULL)
    {
      bo_engine_info_async (job->engine, job->cancellable, bo_wait_cb, &job->wait);
      info = bo_engine_info_finish (job->engine, bo_wait_for (&job->wait), error);
      if (info == NULL)
        return NULL;
      arch = info->arch != NULL ? info->arch : "";
    }
  path = bo_courier_find_device_program (arch, &local);
  if (path == NULL || !g_file_get_contents (path, &text, &size, &local))
    {
      g_set_error_literal (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_UNSUPPORTED,
                           local->message);
      return NULL;
    }
  program = g_bytes_new_take (g_steal_pointer (&text), size);
  version = bo_courier_image_get_version (program);
  if (!find_image (job, version, &id, error) || id != NULL)
    return id;
  return load_image (job, program, arch, version, error);
}
