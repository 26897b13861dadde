/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-load-probes"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "study/bo-study-private.h"

#define EXPAND_CELL (BO_STUDY_READER_EXPAND | BO_STUDY_READER_KEEP_BASE_IMAGE)

/* Reads a command: an array is argv, a text is given to a shell. */
static GPtrArray *
load_command (BoStudyReader *reader, JsonObject *object, const char *path, const char *key)
{
  g_autofree char *member = bo_json_path_append_key (path, key);
  g_autofree char *text = NULL;
  JsonNode *node = json_object_get_member (object, key);
  GPtrArray *command;

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    return bo_study_reader_get_strings (reader, object, path, key,
                                        BO_STUDY_READER_REQUIRED | EXPAND_CELL | BO_STUDY_READER_ALLOW_EMPTY);

  command = g_ptr_array_new_with_free_func (g_free);
  if (node == NULL)
    return command;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    {
      g_autofree char *found = bo_study_reader_describe (node);

      bo_study_reader_error (reader, member, _ ("an array of arguments, or a text for a shell"), found,
                             _ ("this has the wrong type"));
      return command;
    }
  text = bo_study_reader_as_string (reader, node, member, EXPAND_CELL);
  if (text != NULL)
    {
      g_ptr_array_add (command, g_strdup ("sh"));
      g_ptr_array_add (command, g_strdup ("-c"));
      g_ptr_array_add (command, g_steal_pointer (&text));
    }
  return command;
}

static gboolean
parse_kind (BoStudyReader *reader, const char *text, const char *path, BoProbeKind *kind)
{
  g_autofree char *found = NULL;

  if (bo_probe_kind_from_string (text, kind))
    return TRUE;
  found = bo_study_reader_quote (text);
  bo_study_reader_error (reader, path, _ ("“cuda”, “imports” or “workload”"), found,
                         _ ("there is no such kind of probe"));
  return FALSE;
}

/* Module names become arguments of a program in the image. */
static void
check_modules (BoStudyReader *reader, GPtrArray *modules, const char *path)
{
  for (guint i = 0; i < modules->len; i++)
    {
      const char *module = g_ptr_array_index (modules, i);
      g_autofree char *element = NULL;
      g_autofree char *found = NULL;
      gboolean start = TRUE, ok = TRUE;

      /* Python allows letters of any script in names, so only ASCII is judged. */
      for (const char *p = module; p != NULL && *p != '\0' && ok; p++)
        {
          if (*p == '.')
            ok = !start && p[1] != '\0';
          else
            ok = (*p & 0x80) != 0 || *p == '_' || g_ascii_isalpha (*p) || (!start && g_ascii_isdigit (*p));
          start = *p == '.';
        }
      if (ok)
        continue;
      element = bo_json_path_append_index (path, i);
      found = bo_study_reader_quote (module);
      bo_study_reader_error (reader, element, _ ("a name as “torch” or “torch.nn”"), found,
                             _ ("this is not the name of a Python module"));
    }
}

static void
warn_of_stray_key (BoStudyReader *reader,
                   JsonObject *object,
                   const char *path,
                   const char *key,
                   const char *kind)
{
  g_autofree char *member = bo_json_path_append_key (path, key);

  if (json_object_has_member (object, key))
    bo_study_reader_warning (reader, member, NULL, NULL, _ ("“%s” has no effect on a probe of the kind “%s”"),
                             key, kind);
}

static BoProbe *
load_probe (BoStudyReader *reader, JsonNode *node, const char *path)
{
  JsonObject *object = bo_study_reader_as_object (reader, node, path);
  g_autoptr (BoProbe) probe = NULL;
  g_autofree char *kind_path = bo_json_path_append_key (path, "kind");
  g_autofree char *text = NULL;
  BoProbeKind kind;

  if (object == NULL)
    return NULL;
  bo_study_reader_check_keys (reader, object, path, BO_STUDY_OBJECT_PROBE);
  text = bo_study_reader_get_string (reader, object, path, "kind", BO_STUDY_READER_REQUIRED);
  if (text == NULL || !parse_kind (reader, text, kind_path, &kind))
    return NULL;

  probe = bo_probe_new (kind);
  probe->required = bo_study_reader_get_boolean (reader, object, path, "required", FALSE);
  probe->limit_us = bo_study_reader_get_duration (reader, object, path, "timeout", probe->limit_us);
  if (kind == BO_PROBE_IMPORTS)
    {
      g_autofree char *modules_path = bo_json_path_append_key (path, "modules");

      g_ptr_array_unref (probe->modules);
      probe->modules
          = bo_study_reader_get_strings (reader, object, path, "modules", BO_STUDY_READER_REQUIRED);
      check_modules (reader, probe->modules, modules_path);
    }
  else
    warn_of_stray_key (reader, object, path, "modules", text);
  if (kind == BO_PROBE_WORKLOAD)
    {
      g_ptr_array_unref (probe->command);
      probe->command = load_command (reader, object, path, "command");
      probe->repeat = bo_study_reader_get_integer (reader, object, path, "repeat", 1, 1000, 1);
    }
  else
    {
      warn_of_stray_key (reader, object, path, "command", text);
      warn_of_stray_key (reader, object, path, "repeat", text);
    }
  return g_steal_pointer (&probe);
}

static int
find_kind (GPtrArray *probes, BoProbeKind kind)
{
  for (guint i = 0; i < probes->len; i++)
    {
      if (((const BoProbe *) g_ptr_array_index (probes, i))->kind == kind)
        return i;
    }
  return -1;
}

/**
 * bo_study_load_probes:
 * @reader: a reader
 * @object: the study
 * @path: its path
 *
 * Returns: (transfer full) (element-type BoProbe): the study's probes, at most one of each kind. A
 *   workload may be without command here; each strategy then has its own
 */
GPtrArray *
bo_study_load_probes (BoStudyReader *reader, JsonObject *object, const char *path)
{
  GPtrArray *probes = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_probe_free);
  g_autofree char *probes_path = bo_json_path_append_key (path, "probes");
  JsonArray *array = bo_study_reader_get_array (reader, object, path, "probes", BO_STUDY_READER_NONE);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *element = bo_json_path_append_index (probes_path, i);
      g_autoptr (BoProbe) probe = load_probe (reader, json_array_get_element (array, i), element);

      if (probe == NULL)
        continue;
      if (find_kind (probes, probe->kind) >= 0)
        bo_study_reader_error (
            reader, element, _ ("each kind at most once"), bo_probe_kind_to_string (probe->kind),
            _ ("there are two probes of the kind “%s”"), bo_probe_kind_to_string (probe->kind));
      else
        g_ptr_array_add (probes, g_steal_pointer (&probe));
    }
  return probes;
}

/* Reads which kinds a strategy leaves on. */
static void
load_switches (BoStudyReader *reader, JsonObject *object, const char *path, gboolean on[BO_N_PROBE_KINDS])
{
  g_autofree char *member = bo_json_path_append_key (path, "probes");
  g_autofree char *found = NULL;
  JsonNode *node = json_object_get_member (object, "probes");

  for (guint k = 0; k < BO_N_PROBE_KINDS; k++)
    on[k] = TRUE;
  if (node == NULL)
    return;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *switches = json_node_get_object (node);

      bo_study_reader_check_keys (reader, switches, member, BO_STUDY_OBJECT_PROBES_OFF);
      for (guint k = 0; k < BO_N_PROBE_KINDS; k++)
        on[k] = bo_study_reader_get_boolean (reader, switches, member, bo_probe_kind_to_string (k), TRUE);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      g_autoptr (GPtrArray) kinds
          = bo_study_reader_get_strings (reader, object, path, "probes", BO_STUDY_READER_NONE);

      for (guint k = 0; k < BO_N_PROBE_KINDS; k++)
        on[k] = FALSE;
      for (guint i = 0; i < kinds->len; i++)
        {
          g_autofree char *element = bo_json_path_append_index (member, i);
          BoProbeKind kind;

          if (g_ptr_array_index (kinds, i) != NULL
              && parse_kind (reader, g_ptr_array_index (kinds, i), element, &kind))
            on[kind] = TRUE;
        }
    }
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    {
      for (guint k = 0; k < BO_N_PROBE_KINDS; k++)
        on[k] = json_node_get_boolean (node);
    }
  else
    {
      found = bo_study_reader_describe (node);
      bo_study_reader_error (reader, member, _ ("false, an object of switches or an array of kinds"), found,
                             _ ("this has the wrong type"));
    }
}

/**
 * bo_study_load_strategy_probes:
 * @reader: a reader
 * @object: a strategy
 * @path: its path
 * @study_probes: (element-type BoProbe): the study's probes
 *
 * Returns: (transfer full) (element-type BoProbe): the strategy's probes: the study's, less those that it
 *   turns off, with its own command as workload
 */
GPtrArray *
bo_study_load_strategy_probes (BoStudyReader *reader,
                               JsonObject *object,
                               const char *path,
                               GPtrArray *study_probes)
{
  GPtrArray *probes = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_probe_free);
  g_autoptr (GPtrArray) workload = load_command (reader, object, path, "workload");
  gboolean on[BO_N_PROBE_KINDS];
  int place;

  load_switches (reader, object, path, on);
  if (workload->len > 0 && !on[BO_PROBE_WORKLOAD])
    {
      g_autofree char *member = bo_json_path_append_key (path, "workload");

      bo_study_reader_warning (reader, member, NULL, NULL,
                               _ ("this never runs, since “probes” turns workloads off"));
    }

  for (guint i = 0; i < study_probes->len; i++)
    {
      const BoProbe *probe = g_ptr_array_index (study_probes, i);

      if (on[probe->kind])
        g_ptr_array_add (probes, bo_probe_copy (probe));
    }
  if (!on[BO_PROBE_WORKLOAD])
    return probes;

  place = find_kind (probes, BO_PROBE_WORKLOAD);
  if (workload->len > 0)
    {
      BoProbe *probe;

      if (place < 0)
        {
          g_ptr_array_add (probes, bo_probe_new (BO_PROBE_WORKLOAD));
          place = probes->len - 1;
        }
      probe = g_ptr_array_index (probes, place);
      g_ptr_array_unref (probe->command);
      probe->command = g_steal_pointer (&workload);
    }
  else if (place >= 0 && ((const BoProbe *) g_ptr_array_index (probes, place))->command->len == 0
           && !json_object_has_member (object, "workload"))
    {
      g_autofree char *member = bo_json_path_append_key (path, "workload");

      bo_study_reader_error (reader, member, _ ("a command"), _ ("nothing"),
                             _ ("neither the strategy nor the study's workload probe has a command"));
    }
  return probes;
}
