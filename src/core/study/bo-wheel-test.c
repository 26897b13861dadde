/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-wheel-test"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "study/bo-wheel-test.h"

/* Options of a requirements file that pip takes on its command line too; those with a value come with it. */
static const struct
{
  const char *name;
  gboolean has_value;
} pip_options[] = {
  { "-i", TRUE },
  { "--index-url", TRUE },
  { "--extra-index-url", TRUE },
  { "--no-index", FALSE },
  { "-f", TRUE },
  { "--find-links", TRUE },
  { "--no-binary", TRUE },
  { "--only-binary", TRUE },
  { "--prefer-binary", FALSE },
  { "--pre", FALSE },
  { "--trusted-host", TRUE },
};

/* Packages whose module has another name; others are tried as they are called. */
static const char *const module_names[][2] = {
  { "beautifulsoup4", "bs4" }, { "ebooklib", "ebooklib" },        { "opencv-python", "cv2" },
  { "pillow", "PIL" },         { "protobuf", "google.protobuf" }, { "pypdf2", "PyPDF2" },
  { "pyyaml", "yaml" },        { "scikit-learn", "sklearn" },     { "huggingface-hub", "huggingface_hub" },
};

void
bo_wheel_test_free (BoWheelTest *test)
{
  if (test == NULL)
    return;
  g_free (test->dockerfile);
  g_ptr_array_unref (test->modules);
  g_ptr_array_unref (test->notes);
  g_free (test);
}

/* Lines with continuations joined and comments removed, as pip reads them ("#" counts after a blank). */
static GPtrArray *
split_lines (const char *text)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) raw = g_strsplit (text, "\n", -1);
  g_autoptr (GString) line = g_string_new (NULL);

  for (char **r = raw; *r != NULL; r++)
    {
      gboolean continued;
      char *comment = NULL;

      g_strchomp (*r);
      continued = g_str_has_suffix (*r, "\\");
      if (continued)
        (*r)[strlen (*r) - 1] = '\0';
      for (char *p = *r; *p != '\0' && comment == NULL; p++)
        {
          if (*p == '#' && (p == *r || g_ascii_isspace (p[-1])))
            comment = p;
        }
      if (comment != NULL)
        *comment = '\0';
      g_string_append (line, *r);
      if (continued)
        continue;
      g_strstrip (line->str);
      line->len = strlen (line->str);
      if (line->len > 0)
        g_ptr_array_add (lines, g_strdup (line->str));
      g_string_truncate (line, 0);
    }
  g_strstrip (line->str);
  if (line->str[0] != '\0')
    g_ptr_array_add (lines, g_strdup (line->str));
  return lines;
}

/*
 * A word for the shell of a RUN. Single quotes also keep "$" from the shell;
 * Dockerfiles do not replace variables in RUN themselves.
 */
static void
append_quoted (GString *out, const char *word)
{
  g_autofree char *quoted = g_shell_quote (word);

  g_string_append_c (out, ' ');
  g_string_append (out, quoted);
}

/* Takes over one option line; FALSE when pip has no such option on its command line. */
static gboolean
take_option (const char *line, GString *options)
{
  for (guint i = 0; i < G_N_ELEMENTS (pip_options); i++)
    {
      gsize n = strlen (pip_options[i].name);
      const char *value = line + n;

      if (!g_str_has_prefix (line, pip_options[i].name) || (*value != '\0' && *value != '=' && *value != ' '))
        continue;
      g_string_append_printf (options, " %s", pip_options[i].name);
      while (*value == '=' || *value == ' ')
        value++;
      if (pip_options[i].has_value && *value != '\0')
        append_quoted (options, value);
      return TRUE;
    }
  return FALSE;
}

/* Cuts options as --hash=... off a requirement, which pip does not take on its command line. */
static gboolean
cut_options (char *requirement)
{
  char *option = strstr (requirement, " --");

  if (option == NULL)
    return FALSE;
  *option = '\0';
  g_strchomp (requirement);
  return TRUE;
}

static void
add_module (GPtrArray *modules, const char *requirement)
{
  gsize n = 0;
  g_autofree char *name = NULL;
  g_autofree char *lower = NULL;

  while (g_ascii_isalnum (requirement[n])
         || (requirement[n] != '\0' && strchr ("-_.", requirement[n]) != NULL))
    n++;
  name = g_strndup (requirement, n);
  lower = g_ascii_strdown (name, -1);
  g_strdelimit (lower, "_", '-');
  for (guint i = 0; i < G_N_ELEMENTS (module_names); i++)
    {
      if (strcmp (lower, module_names[i][0]) == 0)
        {
          g_ptr_array_add (modules, g_strdup (module_names[i][1]));
          return;
        }
    }
  g_strdelimit (lower, "-.", '_');
  if (n > 0 && !g_ascii_isdigit (lower[0]))
    g_ptr_array_add (modules, g_steal_pointer (&lower));
}

/**
 * bo_wheel_test_new:
 * @requirements: text of a requirements.txt
 *
 * Makes a Dockerfile that installs the requirements one by one, in their
 * order, each in a RUN of its own: the step that fails names the package, and
 * each step's time is that package's. pip does not see the requirements
 * together, so a later one may replace what an earlier one installed; the log
 * then says so.
 *
 * Returns: (transfer full): the test
 */
BoWheelTest *
bo_wheel_test_new (const char *requirements)
{
  BoWheelTest *test = g_new0 (BoWheelTest, 1);
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GString) options = g_string_new (NULL);
  g_autoptr (GString) out = NULL;

  g_return_val_if_fail (requirements != NULL, NULL);

  test->modules = g_ptr_array_new_with_free_func (g_free);
  test->notes = g_ptr_array_new_with_free_func (g_free);
  out = g_string_new ("# Made by Bakeoff from requirements.txt: one step per requirement, so that the\n"
                      "# step that fails names the package and each step has its own time.\n"
                      "ARG BASE_IMAGE\n"
                      "FROM ${BASE_IMAGE}\n\n");
  lines = split_lines (requirements);

  /* Options hold for the whole file, wherever they stand. */
  for (guint i = 0; i < lines->len; i++)
    {
      const char *line = g_ptr_array_index (lines, i);

      if (line[0] == '-' && !take_option (line, options))
        g_ptr_array_add (test->notes,
                         g_strdup_printf (_ ("“%s” was left out: it has no place in a wheel test"), line));
    }
  for (guint i = 0; i < lines->len; i++)
    {
      g_autofree char *line = g_strdup (g_ptr_array_index (lines, i));

      if (line[0] == '-')
        continue;
      if (line[0] == '.' || line[0] == '/')
        {
          g_ptr_array_add (test->notes, g_strdup_printf (_ ("“%s” was left out: it is a path"), line));
          continue;
        }
      if (cut_options (line))
        g_ptr_array_add (
            test->notes,
            g_strdup_printf (_ ("the options of “%s” were left out: pip takes them in files only"), line));
      g_string_append_printf (out, "RUN python3 -m pip install --no-cache-dir%s", options->str);
      append_quoted (out, line);
      g_string_append_c (out, '\n');
      add_module (test->modules, line);
      test->n_requirements++;
    }
  test->dockerfile = g_string_free (g_steal_pointer (&out), FALSE);
  return test;
}
