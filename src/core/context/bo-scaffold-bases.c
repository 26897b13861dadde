/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-scaffold-bases"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "context/bo-found-dockerfile.h"
#include "context/bo-study-scaffold-private.h"
#include "study/bo-names.h"

void
bo_scaffold_base_free (gpointer data)
{
  BoScaffoldBase *base = data;

  g_free (base->id);
  g_free (base->image);
  g_free (base);
}

/* "dustynv/pytorch:2.6" becomes "dustynv-pytorch", a second one with this name "dustynv-pytorch-2-6". */
static char *
choose_base_id (BoScaffoldMaker *maker, const char *image)
{
  const char *slash = strchr (image, '/');
  gboolean has_host = slash != NULL && memchr (image, '.', slash - image) != NULL;
  g_autofree char *name = g_strdup (has_host ? slash + 1 : image);
  g_autofree char *id = NULL;
  char *end = strrchr (name, '/');

  end = strpbrk (end != NULL ? end : name, ":@");
  if (end != NULL)
    *end = '\0';
  id = bo_name_slug (name);
  for (guint try = 0;; try++)
    {
      gboolean taken = FALSE;

      for (guint i = 0; i < maker->bases->len && !taken; i++)
        taken = strcmp (((BoScaffoldBase *) g_ptr_array_index (maker->bases, i))->id, id) == 0;
      if (!taken)
        return g_steal_pointer (&id);
      g_free (id);
      if (try == 0)
        id = bo_name_slug (image);
      else
        id = g_strdup_printf ("base-%u", maker->bases->len + try);
    }
}

BoScaffoldBase *
bo_scaffold_add_base (BoScaffoldMaker *maker, const char *image, gboolean for_all)
{
  BoScaffoldBase *base;

  for (guint i = 0; i < maker->bases->len; i++)
    {
      base = g_ptr_array_index (maker->bases, i);
      if (strcmp (base->image, image) == 0)
        {
          base->for_all |= for_all;
          return base;
        }
    }
  base = g_new0 (BoScaffoldBase, 1);
  base->id = choose_base_id (maker, image);
  base->image = g_strdup (image);
  base->for_all = for_all;
  g_ptr_array_add (maker->bases, base);
  return base;
}

/* Adds the bases that serve all Dockerfiles with ${BASE_IMAGE}: those named, else what the files themselves
 * name. */
void
bo_scaffold_collect_bases (BoScaffoldMaker *maker,
                           GPtrArray *list,
                           const char *const *images,
                           gboolean for_templates)
{
  for (; images != NULL && *images != NULL; images++)
    bo_scaffold_add_base (maker, *images, TRUE);
  if (maker->bases->len > 0)
    return;
  for (guint i = 0; i < list->len; i++)
    {
      const BoFoundDockerfile *found = g_ptr_array_index (list, i);

      if (found->image != NULL && (found->takes_base || for_templates))
        bo_scaffold_add_base (maker, found->image, TRUE);
    }
}

/* Gives strategies on ${BASE_IMAGE} their bases by name, where some bases are only other strategies'. */
gboolean
bo_scaffold_assign_bases (BoScaffoldMaker *maker, GError **error)
{
  gboolean some_for_all = FALSE, all_for_all = TRUE;

  for (guint i = 0; i < maker->bases->len; i++)
    {
      const BoScaffoldBase *base = g_ptr_array_index (maker->bases, i);

      some_for_all |= base->for_all;
      all_for_all &= base->for_all;
    }
  for (guint i = 0; i < json_array_get_length (maker->strategies); i++)
    {
      JsonObject *strategy = json_array_get_object_element (maker->strategies, i);
      JsonArray *ids;

      if (json_object_has_member (strategy, "bases"))
        continue;
      if (!some_for_all)
        {
          g_set_error_literal (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NO_BASE,
                               _ ("it is not clear which base image to build on; name one with --base, as in "
                                  "--base dustynv/pytorch:2.6-r36.4.0"));
          return FALSE;
        }
      if (all_for_all)
        continue;
      ids = json_array_new ();
      for (guint b = 0; b < maker->bases->len; b++)
        {
          const BoScaffoldBase *base = g_ptr_array_index (maker->bases, b);

          if (base->for_all)
            json_array_add_string_element (ids, base->id);
        }
      json_object_set_array_member (strategy, "bases", ids);
    }
  return TRUE;
}

/* Whether an image is one for NVIDIA devices, going by its name. */
gboolean
bo_scaffold_looks_like_cuda (BoScaffoldMaker *maker)
{
  static const char *const signs[] = { "nvidia", "dustynv", "l4t", "cuda", "jetson" };

  for (guint i = 0; i < maker->bases->len; i++)
    {
      for (guint s = 0; s < G_N_ELEMENTS (signs); s++)
        {
          if (strstr (((BoScaffoldBase *) g_ptr_array_index (maker->bases, i))->image, signs[s]) != NULL)
            return TRUE;
        }
    }
  return FALSE;
}
