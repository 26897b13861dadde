/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/*
 * What the watch (the engine's event stream) told while one build ran: when
 * its containers came and went, by the engine's own clock, and what others did meanwhile.
 *
 * The engine's clock is mapped to the journal's by the least delay with which
 * any event of this build came; so a slow link does not lengthen steps.
 */
typedef struct _BoEngineEvents BoEngineEvents;

/**
 * BoContainerTimes: of one container, on the journal's clock; -1 where not known
 */
typedef struct
{
  gint64 created_us;
  gint64 started_us;
  gint64 died_us;
  gint64 destroyed_us;
} BoContainerTimes;

BoEngineEvents *bo_engine_events_new (const char *language);
void bo_engine_events_free (BoEngineEvents *events);

void bo_engine_events_add (BoEngineEvents *events, JsonObject *event, gint64 time_us);
gboolean bo_engine_events_lookup (BoEngineEvents *events, const char *short_id, BoContainerTimes *times);

/**
 * BoIsOursFunc:
 * @id: id of a container
 *
 * Returns: whether it belongs to the build
 */
typedef gboolean (*BoIsOursFunc) (const char *id, gpointer user_data);

gboolean bo_engine_events_saw_others (BoEngineEvents *events, BoIsOursFunc is_ours, gpointer user_data, char **what);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoEngineEvents, bo_engine_events_free)

G_END_DECLS
