/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-events"

#include "config.h"

#include <string.h>

#include "journal/bo-engine-events.h"
#include "study/bo-document-text.h"
#include "study/bo-json.h"
#include "study/bo-names.h"

/* As the classic builder shows them: the first 12 digits. */
#define SHORT_ID 12
/* Containers of one build, ours and others'; more are not remembered. */
#define CONTAINERS_MAX 8192
#define NAME_MAX_BYTES 200
/* No link is this slow; a stamp that seems to say so comes from a clock that was set meanwhile. */
#define DELAY_MAX_US (30 * G_USEC_PER_SEC)

typedef enum
{
  EVENT_CREATE,
  EVENT_START,
  EVENT_DIE,
  EVENT_DESTROY,
  N_EVENTS,
} Event;

static const char *const event_names[N_EVENTS] = { "create", "start", "die", "destroy" };

typedef struct
{
  gint64 engine_us[N_EVENTS];  /* since 1970, or -1 */
  gint64 receipt_us[N_EVENTS]; /* journal's clock */
  gboolean named_as_ours;
  char *name; /* (nullable) */
} Container;

static void
container_free (Container *container)
{
  g_free (container->name);
  g_free (container);
}

struct _BoEngineEvents
{
  /* short id -> Container */
  GHashTable *containers;
  const char *language; /* (nullable): of what is said in words */
  /* The least of (receipt - engine's stamp) so far. */
  gint64 offset_us;
  gboolean has_offset;
  char *others_image; /* (nullable): what was done with which */
};

BoEngineEvents *
bo_engine_events_new (const char *language)
{
  BoEngineEvents *self = g_new0 (BoEngineEvents, 1);

  self->language = language;
  self->containers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) container_free);
  return self;
}

void
bo_engine_events_free (BoEngineEvents *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->containers);
  g_free (self->others_image);
  g_free (self);
}

static Container *
ensure_container (BoEngineEvents *self, const char *id)
{
  g_autofree char *short_id = g_strndup (id, SHORT_ID);
  Container *container = g_hash_table_lookup (self->containers, short_id);

  if (container == NULL && g_hash_table_size (self->containers) < CONTAINERS_MAX)
    {
      container = g_new0 (Container, 1);
      for (guint i = 0; i < N_EVENTS; i++)
        container->engine_us[i] = -1;
      g_hash_table_insert (self->containers, g_steal_pointer (&short_id), container);
    }
  return container;
}

static void
add_container_event (BoEngineEvents *self,
                     JsonObject *actor,
                     const char *action,
                     gint64 engine_us,
                     gint64 time_us)
{
  const char *id = bo_json_get_string (actor, "ID", NULL);
  const char *name = bo_json_get_string (bo_json_get_object (actor, "Attributes"), "name", "");
  Container *container;

  if (id == NULL)
    return;
  for (guint i = 0; i < N_EVENTS; i++)
    {
      if (!g_str_equal (action, event_names[i]))
        continue;
      container = ensure_container (self, id);
      if (container == NULL)
        return;
      if (container->engine_us[i] < 0)
        {
          container->engine_us[i] = engine_us;
          container->receipt_us[i] = time_us;
        }
      if (g_str_has_prefix (name, BO_NAME_PREFIX))
        container->named_as_ours = TRUE;
      if (container->name == NULL && name[0] != '\0')
        container->name = g_strndup (name, NAME_MAX_BYTES);
    }
}

/**
 * bo_engine_events_add:
 * @self: the events of a build
 * @event: one line of GET /events
 * @time_us: when it was received, on the journal's clock
 */
void
bo_engine_events_add (BoEngineEvents *self, JsonObject *event, gint64 time_us)
{
  const char *type = bo_json_get_string (event, "Type", "");
  const char *action = bo_json_get_string (event, "Action", "");
  JsonObject *actor = bo_json_get_object (event, "Actor");
  gint64 engine_us = bo_json_get_int (event, "timeNano", 0) / 1000;

  if (engine_us <= 0)
    return;
  if (!self->has_offset || time_us - engine_us < self->offset_us)
    self->offset_us = time_us - engine_us;
  self->has_offset = TRUE;

  if (g_str_equal (type, "container"))
    add_container_event (self, actor, action, engine_us, time_us);
  else if (g_str_equal (type, "image"))
    {
      const char *name = bo_json_get_string (bo_json_get_object (actor, "Attributes"), "name", "");
      gboolean works = g_str_equal (action, "tag") || g_str_equal (action, "pull")
                       || g_str_equal (action, "load") || g_str_equal (action, "import")
                       || g_str_equal (action, "push");

      if (works && !g_str_has_prefix (name, BO_NAME_PREFIX) && strstr (name, "/" BO_NAME_PREFIX) == NULL)
        {
          g_autofree char *start = g_strndup (name, NAME_MAX_BYTES);
          g_autofree char *valid = g_utf8_make_valid (start, -1);

          g_free (self->others_image);
          /* Translators: what an engine did (tag, pull, load, import, push), and an image's name. */
          self->others_image = g_strdup_printf (
              D_ (self->language, "meanwhile somebody else had an image on the engine (%s %s)"), action,
              valid);
        }
    }
}

/**
 * bo_engine_events_lookup:
 * @self: the events of a build
 * @short_id: the first 12 digits of a container's id, or more
 * @times: (out): when it came and went, on the journal's clock
 *
 * Returns: whether there was any event of it
 */
gboolean
bo_engine_events_lookup (BoEngineEvents *self, const char *short_id, BoContainerTimes *times)
{
  g_autofree char *key = g_strndup (short_id, SHORT_ID);
  const Container *container = g_hash_table_lookup (self->containers, key);
  gint64 *const fields[N_EVENTS]
      = { &times->created_us, &times->started_us, &times->died_us, &times->destroyed_us };

  for (guint i = 0; i < N_EVENTS; i++)
    {
      *fields[i] = -1;
      if (container == NULL || container->engine_us[i] < 0)
        continue;
      /* By a clock that was just set it can seem to have been before the machine was there. */
      *fields[i] = MAX (container->engine_us[i] + self->offset_us, 0);
      if (container->receipt_us[i] - *fields[i] > DELAY_MAX_US)
        *fields[i] = container->receipt_us[i];
    }
  return container != NULL;
}

/**
 * bo_engine_events_saw_others:
 * @self: the events of a build
 * @is_ours: tells the containers of this build
 * @user_data: for @is_ours
 * @what: (out): which, in a sentence; set only when there was any
 *
 * Returns: whether somebody else started a container, or built, pulled or loaded an
 *   image meanwhile
 */
gboolean
bo_engine_events_saw_others (BoEngineEvents *self, BoIsOursFunc is_ours, gpointer user_data, char **what)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  if (self->others_image != NULL)
    {
      *what = g_strdup (self->others_image);
      return TRUE;
    }
  g_hash_table_iter_init (&iter, self->containers);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const Container *container = value;

      if (container->engine_us[EVENT_START] >= 0 && !container->named_as_ours && !is_ours (key, user_data))
        {
          g_autofree char *valid = g_utf8_make_valid (container->name != NULL ? container->name : key, -1);

          *what = g_strdup_printf (
              D_ (self->language, "meanwhile a container of somebody else was started (%s)"), valid);
          return TRUE;
        }
    }
  return FALSE;
}
