/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "results/bo-trial.h"

G_BEGIN_DECLS

/*
 * One container of a probe, from what the engine answered to the requests
 * about it, and the verdict of the probe from all of its containers.
 */
typedef struct _BoProbeReader BoProbeReader;

BoProbeReader *bo_probe_reader_new (void);
void bo_probe_reader_free (BoProbeReader *reader);

void bo_probe_reader_set_created (BoProbeReader *reader, guint status, const char *body, gsize length);
void bo_probe_reader_set_started (BoProbeReader *reader, guint status, const char *body, gsize length);
void bo_probe_reader_set_waited (BoProbeReader *reader, const char *body, gsize length);
void bo_probe_reader_set_timed_out (BoProbeReader *reader);
void
bo_probe_reader_set_logs (BoProbeReader *reader, const char *content_type, const char *body, gsize length);
void bo_probe_reader_set_inspected (BoProbeReader *reader, const char *body, gsize length);

gboolean bo_probe_reader_was_tried (BoProbeReader *reader);
void bo_probe_reader_conclude (GPtrArray *readers, const char *language, BoProbeResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoProbeReader, bo_probe_reader_free)

G_END_DECLS
