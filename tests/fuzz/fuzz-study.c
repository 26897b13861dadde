/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bakeoff.json. A text that is no study has at least one error, with a place and
 * words; a study that is taken has what later code relies on; its document, written down, is the
 * same study, and written down again the same text.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "study/bo-cell.h"
#include "study/bo-study-document.h"
#include "study/bo-study.h"

static void
check_problems (BoProblems *problems, gboolean loaded)
{
  BO_FUZZ_CHECK (loaded == (problems->n_errors == 0));
  for (guint i = 0; i < problems->items->len; i++)
    {
      const BoProblem *problem = bo_problems_get (problems, i);
      g_autofree char *text = bo_problem_to_string (problem);

      BO_FUZZ_CHECK (problem->message[0] != '\0' && text[0] != '\0');
      BO_FUZZ_CHECK (g_utf8_validate (text, -1, NULL));
    }
}

static void
check_inside (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  int depth = 0;

  BO_FUZZ_CHECK (path[0] != '\0' && path[0] != '/');
  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (strcmp (parts[i], "..") == 0)
        depth--;
      else if (parts[i][0] != '\0' && strcmp (parts[i], ".") != 0)
        depth++;
      BO_FUZZ_CHECK (depth >= 0);
    }
}

static void
check_study (BoStudy *study)
{
  g_autoptr (GPtrArray) cells = bo_study_get_cells (study);
  gsize most
      = (gsize) study->strategies->len * study->bases->len * study->builders->len * study->conditions->len;

  BO_FUZZ_CHECK (study->id != NULL && study->name != NULL && study->text != NULL);
  BO_FUZZ_CHECK (study->strategies->len > 0 && study->bases->len > 0);
  BO_FUZZ_CHECK (study->builders->len > 0 && study->conditions->len > 0 && study->repetitions > 0);
  BO_FUZZ_CHECK (g_path_is_absolute (study->context));
  BO_FUZZ_CHECK (bo_study_get_strategy (study, study->baseline) != NULL);
  BO_FUZZ_CHECK (cells->len > 0 && cells->len <= most);
  if (study->edit_path != NULL)
    check_inside (study->edit_path);
  for (guint i = 0; i < study->strategies->len; i++)
    {
      const BoStrategy *strategy = study->strategies->pdata[i];

      BO_FUZZ_CHECK (bo_study_get_strategy (study, strategy->id) == strategy);
      BO_FUZZ_CHECK (strategy->timeout_us > 0 && strategy->run != NULL);
      BO_FUZZ_CHECK (strategy->bases->len > 0 && strategy->builders->len > 0);
      check_inside (strategy->dockerfile);
      for (guint k = 0; k < strategy->bases->len; k++)
        BO_FUZZ_CHECK (bo_study_get_base (study, strategy->bases->pdata[k]) != NULL);
      for (guint k = 0; k < strategy->prebuilds->len; k++)
        check_inside (((BoPrebuild *) strategy->prebuilds->pdata[k])->dockerfile);
      for (guint k = 0; k < strategy->probes->len; k++)
        {
          const BoProbe *probe = strategy->probes->pdata[k];

          BO_FUZZ_CHECK (probe->limit_us > 0 && probe->repeat > 0);
          BO_FUZZ_CHECK (probe->kind != BO_PROBE_WORKLOAD || probe->command->len > 0);
        }
      for (guint k = 0; k < strategy->run->mounts->len; k++)
        {
          const BoMount *mount = strategy->run->mounts->pdata[k];

          BO_FUZZ_CHECK ((mount->copy != NULL) + (mount->volume != NULL) + (mount->bind != NULL) == 1);
          BO_FUZZ_CHECK (mount->to != NULL && mount->to[0] == '/');
        }
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char file[] = "/home/u/project/bakeoff.json";
  const char *text = (const char *) data;
  g_autoptr (GHashTable) variables = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = NULL;
  g_autoptr (BoStudyDocument) document = NULL;
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (variables, (gpointer) "TAG", (gpointer) "r36.4.0");
  study = bo_study_load_from_data (text, (gssize) size, file, variables, problems);
  check_problems (problems, study != NULL);
  if (study != NULL)
    check_study (study);

  document = bo_study_document_new_from_data (text, (gssize) size, &error);
  BO_FUZZ_CHECK ((document != NULL) == (error == NULL));
  BO_FUZZ_CHECK (error == NULL || error->message[0] != '\0');
  BO_FUZZ_CHECK (study == NULL || document != NULL);
  if (document != NULL)
    {
      g_autofree char *written = bo_study_document_to_text (document);
      g_autoptr (BoStudyDocument) again = bo_study_document_new_from_data (written, -1, NULL);
      g_autofree char *rewritten = again != NULL ? bo_study_document_to_text (again) : NULL;
      g_autoptr (BoProblems) other_problems = bo_problems_new ();
      g_autoptr (BoStudy) other = bo_study_load_from_data (written, -1, file, variables, other_problems);

      BO_FUZZ_CHECK (rewritten != NULL && strcmp (written, rewritten) == 0);
      BO_FUZZ_CHECK ((other != NULL) == (study != NULL));
      if (study != NULL)
        {
          g_autoptr (GPtrArray) cells = bo_study_get_cells (study);
          g_autoptr (GPtrArray) other_cells = bo_study_get_cells (other);

          BO_FUZZ_CHECK (cells->len == other_cells->len && strcmp (study->id, other->id) == 0);
        }
    }
  return 0;
}
