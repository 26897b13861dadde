/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "activity/bo-activity-state.h"

G_BEGIN_DECLS

#define BO_TYPE_STAGE_VIEW (bo_stage_view_get_type ())
G_DECLARE_FINAL_TYPE (BoStageView, bo_stage_view, BO, STAGE_VIEW, GtkWidget)

/*
 * A campaign before its first trial, and after its last one: the stages that it
 * goes through, and how it ended.
 */

/**
 * BoStageFacts: what is shown
 * @stage: how far it is; when it has failed, where
 * @end: how it ended
 * @on_device: whether the campaign is handed over
 * @is_stopping: whether it is to stop
 * @device: (nullable): the device's name
 * @what: (nullable): what is done now, as a part of a sentence
 * @done, @total: bytes of it, or 0
 * @outcome: (nullable): how it ended, in a sentence
 * @error: (nullable): why
 */
typedef struct
{
  BoSessionStage stage;
  BoSessionEnd end;
  gboolean on_device;
  gboolean is_stopping;
  const char *device;
  const char *what;
  guint64 done;
  guint64 total;
  const char *outcome;
  const GError *error;
} BoStageFacts;

void bo_stage_view_set_facts (BoStageView *self, const BoStageFacts *facts);

G_END_DECLS
