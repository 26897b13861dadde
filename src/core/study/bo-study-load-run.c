/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-load-run"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "study/bo-study-private.h"
#include "study/bo-variables.h"

/* Values that hold ${BASE_IMAGE} keep it: only the bench knows the cell. */
#define EXPAND_CELL (BO_STUDY_READER_EXPAND | BO_STUDY_READER_KEEP_BASE_IMAGE)

static gboolean
check_name (BoStudyReader *reader, const char *name, const char *path)
{
  g_autofree char *found = NULL;

  if (bo_variables_is_name (name))
    return TRUE;
  found = bo_study_reader_quote (name);
  bo_study_reader_error (reader, path, _ ("letters, digits and “_”, no digit first"), found,
                         _ ("this cannot be the name of a variable"));
  return FALSE;
}

static void
set_build_arg (GPtrArray *args, const char *name, const char *value)
{
  for (guint i = 0; i < args->len; i++)
    {
      BoBuildArg *arg = g_ptr_array_index (args, i);

      if (strcmp (arg->name, name) == 0)
        {
          g_free (arg->value);
          arg->value = g_strdup (value);
          return;
        }
    }
  g_ptr_array_add (args, bo_build_arg_new (name, value));
}

/**
 * bo_study_load_build_args:
 * @reader: a reader
 * @object: an object that may have `build_args`
 * @path: its path
 * @below: (nullable) (element-type BoBuildArg): arguments that these are laid over
 *
 * Returns: (transfer full) (element-type BoBuildArg): the arguments of both
 */
GPtrArray *
bo_study_load_build_args (BoStudyReader *reader, JsonObject *object, const char *path, GPtrArray *below)
{
  GPtrArray *args = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_build_arg_free);
  g_autofree char *args_path = bo_json_path_append_key (path, "build_args");
  JsonObject *own = bo_study_reader_get_object (reader, object, path, "build_args");
  g_autoptr (GList) members = own != NULL ? json_object_get_members (own) : NULL;

  for (guint i = 0; below != NULL && i < below->len; i++)
    {
      const BoBuildArg *arg = g_ptr_array_index (below, i);

      g_ptr_array_add (args, bo_build_arg_new (arg->name, arg->value));
    }
  for (GList *l = members; l != NULL; l = l->next)
    {
      const char *name = l->data;
      g_autofree char *member = bo_json_path_append_key (args_path, name);
      g_autofree char *value
          = bo_study_reader_scalar_to_text (reader, json_object_get_member (own, name), member, EXPAND_CELL);

      if (strcmp (name, BO_VARIABLE_BASE_IMAGE) == 0)
        bo_study_reader_error (
            reader, member, NULL, NULL,
            _ ("BASE_IMAGE is set to the base image of each cell; list images under “bases”"));
      else if (check_name (reader, name, member) && value != NULL)
        set_build_arg (args, name, value);
    }
  return args;
}

static void
set_env (GPtrArray *env, const char *name, const char *value)
{
  char *entry = g_strdup_printf ("%s=%s", name, value);
  gsize n = strlen (name) + 1;

  for (guint i = 0; i < env->len; i++)
    {
      if (strncmp (g_ptr_array_index (env, i), entry, n) == 0)
        {
          g_free (g_ptr_array_index (env, i));
          g_ptr_array_index (env, i) = entry;
          return;
        }
    }
  g_ptr_array_add (env, entry);
}

static void
load_env (BoStudyReader *reader, JsonObject *object, const char *path, GPtrArray *env)
{
  g_autofree char *env_path = bo_json_path_append_key (path, "env");
  JsonObject *own = bo_study_reader_get_object (reader, object, path, "env");
  g_autoptr (GList) members = own != NULL ? json_object_get_members (own) : NULL;

  for (GList *l = members; l != NULL; l = l->next)
    {
      const char *name = l->data;
      g_autofree char *member = bo_json_path_append_key (env_path, name);
      g_autofree char *value
          = bo_study_reader_scalar_to_text (reader, json_object_get_member (own, name), member, EXPAND_CELL);

      if (check_name (reader, name, member) && value != NULL)
        set_env (env, name, value);
    }
}

/* Docker's rule for the names of volumes. */
static gboolean
is_volume_name (const char *text)
{
  if (!g_ascii_isalnum (text[0]))
    return FALSE;
  for (; *text != '\0'; text++)
    {
      if (!g_ascii_isalnum (*text) && strchr ("_.-", *text) == NULL)
        return FALSE;
    }
  return TRUE;
}

static BoMount *
load_mount (BoStudyReader *reader, JsonNode *node, const char *path)
{
  static const char *const sources[] = { "copy", "volume", "bind" };
  JsonObject *object = bo_study_reader_as_object (reader, node, path);
  g_autoptr (BoMount) mount = NULL;
  g_autofree char *member = NULL;
  guint n_sources = 0;

  if (object == NULL)
    return NULL;

  bo_study_reader_check_keys (reader, object, path, BO_STUDY_OBJECT_MOUNT);
  mount = bo_mount_new ();
  mount->read_only = bo_study_reader_get_boolean (reader, object, path, "read_only", FALSE);
  mount->to = bo_study_reader_get_string (reader, object, path, "to",
                                          BO_STUDY_READER_REQUIRED | BO_STUDY_READER_EXPAND);
  if (mount->to != NULL && mount->to[0] != '/')
    {
      g_autofree char *found = bo_study_reader_quote (mount->to);

      member = bo_json_path_append_key (path, "to");
      bo_study_reader_error (reader, member, _ ("an absolute path in the container"), found,
                             _ ("this path is not absolute"));
    }

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    n_sources += json_object_has_member (object, sources[i]);
  if (n_sources != 1)
    {
      g_autofree char *found = g_strdup_printf (_ ("%u of them"), n_sources);

      bo_study_reader_error (reader, path, _ ("one of “copy”, “volume” and “bind”"), found,
                             _ ("a mount has exactly one source"));
      return NULL;
    }

  mount->copy = bo_study_reader_get_path (reader, object, path, "copy", BO_STUDY_READER_EXPAND);
  mount->volume = bo_study_reader_get_string (reader, object, path, "volume", BO_STUDY_READER_EXPAND);
  mount->bind = bo_study_reader_get_string (reader, object, path, "bind", BO_STUDY_READER_EXPAND);
  if (mount->volume != NULL && !is_volume_name (mount->volume))
    {
      g_autofree char *volume = bo_json_path_append_key (path, "volume");
      g_autofree char *found = bo_study_reader_quote (mount->volume);

      bo_study_reader_error (reader, volume, _ ("letters, digits, “_”, “.” and “-”, a letter or digit first"),
                             found,
                             _ ("this cannot be the name of a volume; a folder of the device is a “bind”"));
    }
  if (mount->bind != NULL && mount->bind[0] != '/')
    {
      g_autofree char *bind = bo_json_path_append_key (path, "bind");
      g_autofree char *found = bo_study_reader_quote (mount->bind);

      bo_study_reader_error (reader, bind, _ ("an absolute path on the device"), found,
                             _ ("this path is not absolute"));
    }
  if (mount->copy != NULL && mount->read_only)
    bo_study_reader_warning (reader, path, NULL, NULL, _ ("“read_only” has no effect on a copy"));
  if (mount->to == NULL || (mount->copy == NULL && mount->volume == NULL && mount->bind == NULL))
    return NULL;
  return g_steal_pointer (&mount);
}

/* A mount at the place of one from below replaces it. */
static void
load_mounts (BoStudyReader *reader, JsonObject *object, const char *path, GPtrArray *mounts)
{
  g_autofree char *mounts_path = bo_json_path_append_key (path, "mounts");
  JsonArray *array = bo_study_reader_get_array (reader, object, path, "mounts", BO_STUDY_READER_NONE);
  guint n_below = mounts->len;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *element = bo_json_path_append_index (mounts_path, i);
      g_autoptr (BoMount) mount = load_mount (reader, json_array_get_element (array, i), element);
      guint place = 0;

      if (mount == NULL)
        continue;
      while (place < mounts->len
             && strcmp (((BoMount *) g_ptr_array_index (mounts, place))->to, mount->to) != 0)
        place++;
      if (place >= n_below && place < mounts->len)
        {
          g_autofree char *found = bo_study_reader_quote (mount->to);

          bo_study_reader_error (reader, element, _ ("a place of its own"), found,
                                 _ ("two mounts have the same place in the container"));
        }
      else if (place < mounts->len)
        {
          bo_mount_free (g_ptr_array_index (mounts, place));
          g_ptr_array_index (mounts, place) = g_steal_pointer (&mount);
        }
      else
        g_ptr_array_add (mounts, g_steal_pointer (&mount));
    }
}

static BoMount *
copy_mount (const BoMount *mount)
{
  BoMount *copy = bo_mount_new ();

  copy->copy = g_strdup (mount->copy);
  copy->volume = g_strdup (mount->volume);
  copy->bind = g_strdup (mount->bind);
  copy->to = g_strdup (mount->to);
  copy->read_only = mount->read_only;
  return copy;
}

static void
copy_strings (GPtrArray *to, GPtrArray *from)
{
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add (to, g_strdup (g_ptr_array_index (from, i)));
}

/* Adds the texts of @array that are not in @to yet. */
static void
add_new_strings (GPtrArray *to, GPtrArray *array)
{
  for (guint i = 0; i < array->len; i++)
    {
      if (g_ptr_array_index (array, i) != NULL
          && !g_ptr_array_find_with_equal_func (to, g_ptr_array_index (array, i), g_str_equal, NULL))
        g_ptr_array_add (to, g_strdup (g_ptr_array_index (array, i)));
    }
}

static void
load_devices_and_secrets (BoStudyReader *reader, JsonObject *object, const char *path, BoRunOptions *run)
{
  g_autoptr (GPtrArray) devices
      = bo_study_reader_get_strings (reader, object, path, "devices", BO_STUDY_READER_EXPAND);
  g_autoptr (GPtrArray) secrets
      = bo_study_reader_get_strings (reader, object, path, "secrets", BO_STUDY_READER_NONE);
  g_autofree char *devices_path = bo_json_path_append_key (path, "devices");
  g_autofree char *secrets_path = bo_json_path_append_key (path, "secrets");

  for (guint i = 0; i < devices->len; i++)
    {
      const char *device = g_ptr_array_index (devices, i);

      if (device != NULL && device[0] != '/')
        {
          g_autofree char *element = bo_json_path_append_index (devices_path, i);
          g_autofree char *found = bo_study_reader_quote (device);

          bo_study_reader_error (reader, element, _ ("a device node as “/dev/snd”"), found,
                                 _ ("this is not a path of the device"));
        }
    }
  for (guint i = 0; i < secrets->len; i++)
    {
      g_autofree char *element = bo_json_path_append_index (secrets_path, i);

      if (g_ptr_array_index (secrets, i) != NULL)
        check_name (reader, g_ptr_array_index (secrets, i), element);
    }
  add_new_strings (run->devices, devices);
  add_new_strings (run->secrets, secrets);
}

/**
 * bo_study_load_run:
 * @reader: a reader
 * @object: an object that may have `run`
 * @path: its path
 * @below: options that these are laid over: single values, variables by name and mounts by
 *   place replace those of @below; devices and secrets are added
 *
 * Returns: (transfer full): the options of both
 */
BoRunOptions *
bo_study_load_run (BoStudyReader *reader, JsonObject *object, const char *path, const BoRunOptions *below)
{
  g_autofree char *run_path = bo_json_path_append_key (path, "run");
  JsonObject *own = bo_study_reader_get_object (reader, object, path, "run");
  BoRunOptions *run = bo_run_options_new ();
  char *text;

  run->runtime = g_strdup (below->runtime);
  run->network = g_strdup (below->network);
  run->shm_size = below->shm_size;
  run->ipc = g_strdup (below->ipc);
  copy_strings (run->env, below->env);
  copy_strings (run->devices, below->devices);
  copy_strings (run->secrets, below->secrets);
  for (guint i = 0; i < below->mounts->len; i++)
    g_ptr_array_add (run->mounts, copy_mount (g_ptr_array_index (below->mounts, i)));
  if (own == NULL)
    return run;

  bo_study_reader_check_keys (reader, own, run_path, BO_STUDY_OBJECT_RUN);
  text = bo_study_reader_get_string (reader, own, run_path, "runtime", BO_STUDY_READER_EXPAND);
  if (text != NULL)
    {
      g_free (run->runtime);
      run->runtime = text;
    }
  text = bo_study_reader_get_string (reader, own, run_path, "network", BO_STUDY_READER_EXPAND);
  if (text != NULL)
    {
      g_free (run->network);
      run->network = text;
    }
  text = bo_study_reader_get_string (reader, own, run_path, "ipc", BO_STUDY_READER_EXPAND);
  if (text != NULL)
    {
      g_free (run->ipc);
      run->ipc = text;
    }
  run->shm_size = bo_study_reader_get_size (reader, own, run_path, "shm_size", run->shm_size);
  load_env (reader, own, run_path, run->env);
  load_mounts (reader, own, run_path, run->mounts);
  load_devices_and_secrets (reader, own, run_path, run);
  return run;
}
