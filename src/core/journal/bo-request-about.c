/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-request-about"

#include "config.h"

#include <string.h>

#include "journal/bo-request-about.h"
#include "study/bo-json.h"

static const struct
{
  const char *name;
  BoRole role;
} role_names[] = {
  { "watch", BO_ROLE_WATCH },
  { "base-twin", BO_ROLE_BASE },
  { "base-image", BO_ROLE_BASE_IMAGE },
  { "build", BO_ROLE_BUILD },
  { "settle", BO_ROLE_SETTLE },
  { "image", BO_ROLE_IMAGE },
  { "history", BO_ROLE_HISTORY },
  { "probe-create", BO_ROLE_PROBE_CREATE },
  { "probe-copy", BO_ROLE_PROBE_COPY },
  { "probe-start", BO_ROLE_PROBE_START },
  { "probe-wait", BO_ROLE_PROBE_WAIT },
  { "probe-kill", BO_ROLE_PROBE_KILL },
  { "probe-logs", BO_ROLE_PROBE_LOGS },
  { "probe-inspect", BO_ROLE_PROBE_INSPECT },
  { "probe-remove", BO_ROLE_PROBE_REMOVE },
  { "tag", BO_ROLE_CLEANUP },
  { "remove-image", BO_ROLE_CLEANUP },
  { "prune-layers", BO_ROLE_CLEANUP },
  { "sweep", BO_ROLE_CLEANUP },
  { "sweep-list", BO_ROLE_CLEANUP },
  { "prune-images", BO_ROLE_CLEANUP },
};

/**
 * bo_request_about_parse:
 * @about: what is filled in
 * @text: an `about` line
 * @length: how many bytes
 *
 * A line that cannot be read, or a role of a later version, is %BO_ROLE_OTHER.
 */
void
bo_request_about_parse (BoRequestAbout *about, const char *text, gsize length)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;
  const char *role;

  bo_request_about_clear (about);
  /* The courier's own request has no line in the script. */
  if (length == strlen ("watch") && memcmp (text, "watch", length) == 0)
    {
      about->role = BO_ROLE_WATCH;
      return;
    }
  node = length > 0 ? bo_json_parse (text, (gssize) length, NULL) : NULL;
  object = bo_json_node_get_object (node);
  role = bo_json_get_string (object, "role", "");
  for (guint i = 0; i < G_N_ELEMENTS (role_names); i++)
    {
      if (g_str_equal (role, role_names[i].name))
        about->role = role_names[i].role;
    }
  about->trial = g_strdup (bo_json_get_string (object, "trial", NULL));
  about->probe = (guint) CLAMP (bo_json_get_int (object, "probe", 0), 0, G_MAXINT);
  about->run = (guint) CLAMP (bo_json_get_int (object, "run", 0), 0, G_MAXINT);
}

void
bo_request_about_clear (BoRequestAbout *about)
{
  g_free (about->trial);
  memset (about, 0, sizeof *about);
}
