/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-computer"

#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "durable/bo-device-courier.h"

/* A uuid and a line end. */
#define ID_LENGTH 36

static char *
read_id (const char *path)
{
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL) || length < ID_LENGTH)
    return NULL;
  text[ID_LENGTH] = '\0';
  return g_uuid_string_is_valid (text) ? g_steal_pointer (&text) : NULL;
}

/*
 * Two programs may do this at the same time: the file gets its name by link(),
 * which only one of them can.
 */
static char *
make_id (const char *folder, const char *path)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *text = g_strconcat (id, "\n", NULL);
  g_autofree char *draft = g_strdup_printf ("%s.%s", path, id);
  g_autoptr (GError) error = NULL;
  char *winner = NULL;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    g_warning ("%s cannot be made: %s", folder, g_strerror (errno));
  else if (!g_file_set_contents_full (draft, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_warning ("%s", error->message);
  else
    {
      if (link (draft, path) != 0 && (winner = read_id (path)) == NULL && g_rename (draft, path) != 0)
        g_warning ("%s cannot be written: %s", path, g_strerror (errno));
      g_unlink (draft);
    }
  return winner != NULL ? winner : g_steal_pointer (&id);
}

/**
 * bo_computer_get_id:
 *
 * A random id of this user on this computer, made once and kept in
 * `$XDG_DATA_HOME/bakeoff/computer-id`. When that cannot be written, it holds for this process alone.
 *
 * Returns: (transfer none): the id
 */
const char *
bo_computer_get_id (void)
{
  static char *id;

  if (g_once_init_enter (&id))
    {
      g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "bakeoff", NULL);
      g_autofree char *path = g_build_filename (folder, "computer-id", NULL);
      char *found = read_id (path);

      g_once_init_leave (&id, found != NULL ? found : make_id (folder, path));
    }
  return id;
}

/**
 * bo_computer_get_name:
 *
 * Returns: (transfer none): "ana@laptop"
 */
const char *
bo_computer_get_name (void)
{
  static char *name;

  if (g_once_init_enter (&name))
    {
      g_autofree char *user = g_utf8_make_valid (g_get_user_name (), -1);

      g_once_init_leave (&name, g_strdup_printf ("%s@%s", user, g_get_host_name ()));
    }
  return name;
}
