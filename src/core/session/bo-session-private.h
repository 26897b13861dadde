/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "device/bo-device-facts.h"
#include "durable/bo-device-tail.h"
#include "session/bo-session.h"

G_BEGIN_DECLS

/* For the files of a session alone. */

struct _BoSession
{
  GObject parent_instance;

  /* What was asked for */
  BoStore *store;
  BoStudy *study;
  GPtrArray *cells;
  guint repetitions;
  guint64 seed;
  BoPlace place;
  gboolean attaching;
  char *wanted_campaign;

  /* The device */
  BoLink *link;
  char *device_url;
  int lock;
  BoDeviceFacts *facts;
  BoDeviceCourier *courier; /* the one that plays our campaign */
  BoDeviceTail *hold;       /* tells a courier that waits that we are there */

  /* The campaign */
  char *campaign_id;
  char *folder;
  BoCampaign *campaign;
  BoRunner *runner;
  BoContentStore *contents;
  GPtrArray *recovered;
  guint64 sent_bytes;

  GCancellable *cancellable;
  BoSessionStage stage;
  BoSessionProgress progress;
  char *progress_what;
  BoSessionEnd end;
  GError *error;
  guint retry_id;
  guint attempts;
  gboolean handing_over;
  gboolean maybe_begun; /* the courier may have got the word to play */
  guint hold_id;
  GError *uncertain; /* of a handing over of which nothing is known */
  char *trouble;     /* the last that was told of what is tried again */
  gboolean finding;
  gboolean stopping;
  gboolean stop_wanted; /* the courier on the device has not been told yet */
  gboolean stop_told;   /* it is being told, and has not answered */
  gboolean stop_heard;  /* the courier knows that it is to stop, be it after the trial that runs */
  gboolean stop_now;
  GStrv order_wanted; /* what the device is to be told next */
  GStrv order_told;   /* it is being told, and has not answered */
};

/* bo-session.c: how it stands, and what it tells. */
void bo_session_tell_progress (BoSession *self);
void bo_session_set_stage (BoSession *self, BoSessionStage stage);
void bo_session_notice (BoSession *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void bo_session_finish (BoSession *self, BoSessionEnd end);
void bo_session_leave_device (BoSession *self);
void bo_session_fail (BoSession *self, GError *error);
gboolean bo_session_is_link_error (const GError *error);
gboolean bo_session_is_connected (BoSession *self);
GError *bo_session_make_link_error (BoSession *self);
void bo_session_prepare (BoSession *self);
void bo_session_make_runner (BoSession *self);
void bo_session_not_stopped (BoSession *self, const GError *error);

/* bo-session-device.c: a courier on the device. */
void bo_session_begin_courier (BoSession *self);
void bo_session_hold (BoSession *self);
void bo_session_drop_hold (BoSession *self);
void bo_session_begin_handing_over (BoSession *self);
void bo_session_hand_over (BoSession *self);
void bo_session_follow (BoSession *self);
void bo_session_find_again (BoSession *self);
void bo_session_find_again_later (BoSession *self);
void bo_session_tell_stop (BoSession *self);
void bo_session_attach_courier (BoSession *self);

G_END_DECLS
