/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-image-keeping"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-engine-images.h"
#include "engine/bo-image-ref.h"
#include "engine/bo-wait.h"
#include "session/bo-image-keeping.h"
#include "study/bo-names.h"

/*
 * An image that a trial made gets a name of the user's. From then on it is the
 * user's: campaigns are closed by names and ids of their own, so nothing that Bakeoff
 * does later takes it away, though it still has the label of its campaign.
 */

G_DEFINE_QUARK (bo-image-keeping-error-quark, bo_image_keeping_error)

/**
 * bo_image_keeping_check_name:
 * @name: what was typed
 * @error: return location for a #BoImageKeepingError
 *
 * Returns: (transfer full): the name with its tag ("app:latest"), or %NULL
 */
char *
bo_image_keeping_check_name (const char *name, GError **error)
{
  g_autofree char *stripped = NULL;
  g_autoptr (BoImageRef) ref = NULL;
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  stripped = g_strstrip (g_strdup (name));
  ref = bo_image_ref_parse (stripped, &local);
  if (ref == NULL)
    {
      g_set_error_literal (error, BO_IMAGE_KEEPING_ERROR, BO_IMAGE_KEEPING_ERROR_NAME, local->message);
      return NULL;
    }
  if (ref->digest != NULL)
    {
      g_set_error (error, BO_IMAGE_KEEPING_ERROR, BO_IMAGE_KEEPING_ERROR_NAME,
                   _ ("“%s” names one image by its content. Choose a name like “sesame-tts:prebuilt”."), stripped);
      return NULL;
    }
  if (g_str_has_prefix (stripped, BO_NAME_PREFIX))
    {
      g_set_error (error, BO_IMAGE_KEEPING_ERROR, BO_IMAGE_KEEPING_ERROR_NAME,
                   _ ("Names that begin with “%s” are Bakeoff's own, which it removes. Choose another one."), BO_NAME_PREFIX);
      return NULL;
    }
  if (strrchr (stripped, ':') > strrchr (stripped, '/') && strrchr (stripped, ':') != NULL)
    return g_steal_pointer (&stripped);
  return g_strdup_printf ("%s:%s", stripped, ref->tag != NULL ? ref->tag : "latest");
}

static gboolean
tag_image (BoWait *wait, BoEngine *engine, const BoTrial *trial, const char *name, GError **error)
{
  g_autoptr (BoEngineImage) image = NULL;
  g_autoptr (BoEngineImage) other = NULL;
  g_autoptr (GError) local = NULL;

  bo_engine_inspect_image_async (engine, trial->image->id, NULL, bo_wait_cb, wait);
  image = bo_engine_inspect_image_finish (engine, bo_wait_for (wait), &local);
  if (g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
    {
      g_set_error (error, BO_IMAGE_KEEPING_ERROR, BO_IMAGE_KEEPING_ERROR_GONE,
                   _ ("The image of trial %s is not on the device any more. Set \"keep\" to \"all\" in the study, and run "
                      "the cell again."),
                   trial->id);
      return FALSE;
    }
  if (image == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  bo_engine_inspect_image_async (engine, name, NULL, bo_wait_cb, wait);
  other = bo_engine_inspect_image_finish (engine, bo_wait_for (wait), &local);
  if (other != NULL && g_strcmp0 (other->id, image->id) != 0)
    {
      g_set_error (error, BO_IMAGE_KEEPING_ERROR, BO_IMAGE_KEEPING_ERROR_TAKEN,
                   _ ("Another image on the device is called “%s” already. Choose another name, or remove that one first."),
                   name);
      return FALSE;
    }
  if (other == NULL && !g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  bo_engine_tag_image_async (engine, image->id, name, NULL, bo_wait_cb, wait);
  return bo_engine_tag_image_finish (engine, bo_wait_for (wait), error);
}

/**
 * bo_image_keep:
 * @trial: the trial whose image is to stay
 * @state: how its campaign stands
 * @name: the name that the image gets
 * @socket_path: Unix socket of the device's engine
 * @error: return location for a #BoImageKeepingError, or what the engine said
 *
 * Returns: (transfer full): the name with its tag, or %NULL
 */
char *
bo_image_keep (const BoTrial *trial, BoCampaignState state, const char *name, const char *socket_path, GError **error)
{
  g_autofree char *checked = NULL;
  g_autoptr (BoEngine) engine = NULL;
  gboolean ok = FALSE;
  BoWait wait;

  g_return_val_if_fail (trial != NULL && name != NULL && socket_path != NULL, NULL);

  checked = bo_image_keeping_check_name (name, error);
  if (checked == NULL)
    return NULL;
  if (trial->image == NULL || trial->image->id == NULL)
    {
      g_set_error (error, BO_IMAGE_KEEPING_ERROR, BO_IMAGE_KEEPING_ERROR_NO_IMAGE, _ ("Trial %s made no image."), trial->id);
      return NULL;
    }
  if (state == BO_CAMPAIGN_PLANNED || state == BO_CAMPAIGN_RUNNING)
    {
      g_set_error (error, BO_IMAGE_KEEPING_ERROR, BO_IMAGE_KEEPING_ERROR_OPEN,
                   _ ("The campaign of trial %s has not ended, and its end takes the image away. Wait until it has."), trial->id);
      return NULL;
    }

  bo_wait_begin (&wait);
  bo_engine_open_socket_async (socket_path, NULL, bo_wait_cb, &wait);
  engine = bo_engine_open_socket_finish (bo_wait_for (&wait), error);
  if (engine != NULL)
    ok = tag_image (&wait, engine, trial, checked, error);
  g_clear_object (&engine);
  bo_wait_end (&wait);
  return ok ? g_steal_pointer (&checked) : NULL;
}
