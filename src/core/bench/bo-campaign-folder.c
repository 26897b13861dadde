/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-campaign-folder"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "bench/bo-campaign-folder.h"
#include "results/bo-data-folder.h"

G_DEFINE_QUARK (bo-campaign-folder-error-quark, bo_campaign_folder_error)

/**
 * bo_campaign_folder_get_path:
 * @campaign_id: a campaign
 *
 * Returns: (transfer full): its folder, `campaigns/ID` in bo_data_folder_get(); it may not be there
 */
char *
bo_campaign_folder_get_path (const char *campaign_id)
{
  g_autofree char *data = NULL;

  g_return_val_if_fail (campaign_id != NULL, NULL);

  data = bo_data_folder_get ();
  return g_build_filename (data, "campaigns", campaign_id, NULL);
}

/**
 * bo_campaign_folder_get_contents_path:
 *
 * Returns: (transfer full): the folder of file contents that all campaigns share
 */
char *
bo_campaign_folder_get_contents_path (void)
{
  g_autofree char *data = bo_data_folder_get ();

  return g_build_filename (data, "contents", NULL);
}

/**
 * bo_campaign_folder_create:
 * @folder: path of a campaign's folder
 *
 * The folder is the user's alone: a build log can hold what others should not read.
 *
 * Returns: %FALSE with BO_CAMPAIGN_FOLDER_ERROR_WRITE when it cannot be made
 */
gboolean
bo_campaign_folder_create (const char *folder, GError **error)
{
  g_autofree char *recipes = g_build_filename (folder, "recipes", NULL);
  g_autofree char *journal = g_build_filename (folder, "journal", NULL);

  if (g_mkdir_with_parents (folder, 0700) == 0 && g_mkdir_with_parents (recipes, 0700) == 0
      && g_mkdir_with_parents (journal, 0700) == 0)
    return TRUE;

  g_set_error (error, BO_CAMPAIGN_FOLDER_ERROR, BO_CAMPAIGN_FOLDER_ERROR_WRITE,
               _ ("The folder %s cannot be made: %s."), folder, g_strerror (errno));
  return FALSE;
}

/**
 * bo_campaign_folder_write:
 * @folder: a campaign's folder
 * @name: name of a file in it
 * @bytes: its contents
 *
 * Returns: whether all of it is on disk; there is never half a file
 */
gboolean
bo_campaign_folder_write (const char *folder, const char *name, GBytes *bytes, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) local = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  if (g_file_set_contents_full (path, data, size, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &local))
    return TRUE;

  g_set_error (error, BO_CAMPAIGN_FOLDER_ERROR, BO_CAMPAIGN_FOLDER_ERROR_WRITE, _ ("%s cannot be written: %s"), path,
               local->message);
  return FALSE;
}

/**
 * bo_campaign_folder_is_played:
 * @folder: a campaign's folder
 *
 * Returns: whether a courier plays it now, in whatever program
 */
gboolean
bo_campaign_folder_is_played (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "lock", NULL);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean played;

  if (fd < 0)
    return FALSE;
  played = flock (fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close (fd);
  return played;
}

/* In the folder of a campaign that a courier on the device plays: name of the volume and id of the owner, a line each. */
#define DEVICE_FILE "device"

/**
 * bo_campaign_folder_set_device:
 * @folder: a campaign's folder
 * @volume: the volume on the device that holds what a courier there plays
 * @owner: the computer that began it
 *
 * Notes that the campaign is played on the device, so that whoever finds the
 * folder later knows where the rest of its journal is.
 *
 * Returns: %FALSE with BO_CAMPAIGN_FOLDER_ERROR_WRITE
 */
gboolean
bo_campaign_folder_set_device (const char *folder, const char *volume, const char *owner, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%s\n%s\n", volume, owner);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return bo_campaign_folder_write (folder, DEVICE_FILE, bytes, error);
}

/**
 * bo_campaign_folder_get_device:
 * @folder: a campaign's folder
 * @volume: (out) (optional): name of the volume on the device
 * @owner: (out) (optional): the computer that began it
 *
 * Returns: whether a courier on the device plays, or has played, the campaign
 */
gboolean
bo_campaign_folder_get_device (const char *folder, char **volume, char **owner)
{
  g_autofree char *path = g_build_filename (folder, DEVICE_FILE, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  lines = g_strsplit (text, "\n", 3);
  if (g_strv_length (lines) < 3 || *lines[0] == '\0')
    return FALSE;
  if (volume != NULL)
    *volume = g_strdup (lines[0]);
  if (owner != NULL)
    *owner = g_strdup (lines[1]);
  return TRUE;
}

/**
 * bo_campaign_folder_lock_device:
 * @device_url: a device
 *
 * Two builds at once on one device would measure each other, and two equal
 * BuildKit builds even are one. So a campaign takes its device for itself.
 *
 * Returns: a file descriptor that holds the lock until it is closed, or -1
 *   with BO_CAMPAIGN_FOLDER_ERROR_TAKEN when somebody else has it
 */
int
bo_campaign_folder_lock_device (const char *device_url, GError **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_runtime_dir (), "bakeoff", NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, device_url, -1);
  g_autofree char *name = g_strdup_printf ("device-%.16s.lock", hash);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  int fd;

  g_return_val_if_fail (device_url != NULL, -1);

  if (g_mkdir_with_parents (folder, 0700) != 0 || (fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) < 0)
    {
      g_set_error (error, BO_CAMPAIGN_FOLDER_ERROR, BO_CAMPAIGN_FOLDER_ERROR_WRITE, _ ("%s cannot be made: %s."), path,
                   g_strerror (errno));
      return -1;
    }
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;

  close (fd);
  g_set_error (error, BO_CAMPAIGN_FOLDER_ERROR, BO_CAMPAIGN_FOLDER_ERROR_TAKEN,
               _ ("Another Bakeoff campaign is running on %s. Two builds at once would measure each other; "
                  "wait until it has ended, or stop it."),
               device_url);
  return -1;
}
