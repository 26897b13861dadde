/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-data-folder"

#include "config.h"

#include <errno.h>

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "results/bo-data-folder.h"

#define GROUP "Results"
#define KEY "Folder"

static char *
get_config_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "bakeoff", "bakeoff.conf", NULL);
}

/**
 * bo_data_folder_get_default:
 *
 * Returns: (transfer full): "$XDG_DATA_HOME/bakeoff"
 */
char *
bo_data_folder_get_default (void)
{
  return g_build_filename (g_get_user_data_dir (), "bakeoff", NULL);
}

static GKeyFile *
load_config (GError **error)
{
  g_autoptr (GKeyFile) config = g_key_file_new ();
  g_autofree char *path = get_config_path ();
  g_autoptr (GError) local = NULL;

  if (!g_key_file_load_from_file (config, path, G_KEY_FILE_KEEP_COMMENTS, &local)
      && !g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_set_error (error, local->domain, local->code, _ ("%s cannot be read: %s"), path, local->message);
      return NULL;
    }
  return g_steal_pointer (&config);
}

/**
 * bo_data_folder_read:
 * @origin: (out) (optional): who says so
 * @error: when the file with the choice cannot be read, or names no absolute path
 *
 * Reads where the results are to be from now on: in $BAKEOFF_DATA, else in
 * `Folder` of the group `Results` in `$XDG_CONFIG_HOME/bakeoff/bakeoff.conf`, else in the default folder.
 *
 * Returns: (transfer full) (nullable): absolute path
 */
char *
bo_data_folder_read (BoDataFolderOrigin *origin, GError **error)
{
  const char *given = g_getenv (BO_DATA_FOLDER_VARIABLE);
  g_autoptr (GKeyFile) config = NULL;
  g_autofree char *chosen = NULL;
  BoDataFolderOrigin ignored;

  origin = origin != NULL ? origin : &ignored;
  *origin = BO_DATA_FOLDER_ENVIRONMENT;
  if (given != NULL && given[0] != '\0')
    return g_canonicalize_filename (given, NULL);
  config = load_config (error);
  if (config == NULL)
    return NULL;
  chosen = g_key_file_get_string (config, GROUP, KEY, NULL);
  *origin = chosen != NULL && chosen[0] != '\0' ? BO_DATA_FOLDER_CHOSEN : BO_DATA_FOLDER_DEFAULT;
  if (*origin == BO_DATA_FOLDER_DEFAULT)
    return bo_data_folder_get_default ();
  if (!g_path_is_absolute (chosen))
    {
      g_autofree char *path = get_config_path ();

      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                   _ ("%s: the folder for the results, “%s”, is not an absolute path"), path, chosen);
      return NULL;
    }
  return g_canonicalize_filename (chosen, NULL);
}

/**
 * bo_data_folder_get:
 *
 * It stays the same as long as the program runs, whatever is chosen meanwhile:
 * campaigns that run have their folders there.
 *
 * Returns: (transfer full): absolute path of the folder that the results are in; it may not be there
 */
char *
bo_data_folder_get (void)
{
  static char *chosen;
  static gsize done;

  if (g_once_init_enter (&done))
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *folder = NULL;
      BoDataFolderOrigin origin;

      folder = bo_data_folder_read (&origin, &error);
      if (folder == NULL)
        g_warning ("%s", error->message);
      else if (origin != BO_DATA_FOLDER_DEFAULT)
        chosen = g_steal_pointer (&folder);
      g_once_init_leave (&done, 1);
    }
  return chosen != NULL ? g_strdup (chosen) : bo_data_folder_get_default ();
}

/**
 * bo_data_folder_choose:
 * @folder: (nullable): absolute path, or %NULL for the default
 * @error: #GFileError, #GKeyFileError
 *
 * Writes the choice for programs that are started from now on. Nothing is moved.
 *
 * Returns: whether it was written
 */
gboolean
bo_data_folder_choose (const char *folder, GError **error)
{
  g_autoptr (GKeyFile) config = NULL;
  g_autofree char *path = get_config_path ();
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *text = NULL;

  g_return_val_if_fail (folder == NULL || g_path_is_absolute (folder), FALSE);

  config = load_config (error);
  if (config == NULL)
    return FALSE;
  if (folder != NULL)
    g_key_file_set_string (config, GROUP, KEY, folder);
  else
    g_key_file_remove_key (config, GROUP, KEY, NULL);
  if (g_mkdir_with_parents (parent, 0700) != 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), _ ("%s cannot be made: %s"), parent,
                   g_strerror (code));
      return FALSE;
    }
  text = g_key_file_to_data (config, NULL, NULL);
  return g_file_set_contents (path, text, -1, error);
}
