/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bench/bo-preparation.h"
#include "bench/bo-runner.h"
#include "engine/bo-link.h"

G_BEGIN_DECLS

/**
 * BoPlace: where the courier of a campaign runs
 * @BO_PLACE_AUTO: on the device when that is another machine and allows it, else here
 * @BO_PLACE_HERE: on this computer (attached mode): a build ends with the link, with this program, with a sleep
 * @BO_PLACE_DEVICE: on the device: the campaign goes on without us
 */
typedef enum
{
  BO_PLACE_AUTO,
  BO_PLACE_HERE,
  BO_PLACE_DEVICE,
} BoPlace;

/**
 * BoSessionStage: how far a session is
 * @BO_SESSION_CONNECTING: to the device
 * @BO_SESSION_SETTLING: what earlier campaigns left open is closed
 * @BO_SESSION_PREPARING: sources are read, images pulled (bo_session_get_preparation())
 * @BO_SESSION_HANDING_OVER: the device gets what it does not have yet
 * @BO_SESSION_PLAYING: trials are played
 * @BO_SESSION_CLOSING: all is recorded; the device is cleaned up
 * @BO_SESSION_ENDED: bo_session_get_end() says how
 */
typedef enum
{
  BO_SESSION_CONNECTING,
  BO_SESSION_SETTLING,
  BO_SESSION_PREPARING,
  BO_SESSION_HANDING_OVER,
  BO_SESSION_PLAYING,
  BO_SESSION_CLOSING,
  BO_SESSION_ENDED,
} BoSessionStage;

/**
 * BoSessionEnd:
 * @BO_SESSION_END_NONE: it has not ended
 * @BO_SESSION_END_OVER: the campaign is over and recorded; the recorder's state says how it went
 * @BO_SESSION_END_DETACHED: the campaign goes on on the device
 * @BO_SESSION_END_NOTHING: there was nothing to attach to
 * @BO_SESSION_END_FAILED: bo_session_get_error() says why
 */
typedef enum
{
  BO_SESSION_END_NONE,
  BO_SESSION_END_OVER,
  BO_SESSION_END_DETACHED,
  BO_SESSION_END_NOTHING,
  BO_SESSION_END_FAILED,
} BoSessionEnd;

/**
 * BoSessionRequest: what is to be run
 * @study: the study
 * @cells: (element-type BoCell): the selection
 * @repetitions: of every chain
 * @seed: of the shuffle
 * @place: where the courier is to run
 */
typedef struct
{
  BoStudy *study;
  GPtrArray *cells;
  guint repetitions;
  guint64 seed;
  BoPlace place;
} BoSessionRequest;

/**
 * BoSessionProgress: what is under way before the first trial
 * @preparation: of BO_SESSION_PREPARING
 * @what: (nullable): the image that is pulled, say
 * @done: bytes
 * @total: bytes, or 0 when not known
 */
typedef struct
{
  BoPreparationStage preparation;
  const char *what;
  guint64 done;
  guint64 total;
} BoSessionProgress;

#define BO_TYPE_SESSION (bo_session_get_type ())
G_DECLARE_FINAL_TYPE (BoSession, bo_session, BO, SESSION, GObject)

/*
 * A campaign as a face sees it, from the press of Run to the last record: the
 * link to the device, what was left open there, preparing, handing over,
 * following and closing. Where the courier is on the device, a lost link only
 * means that news comes later.
 *
 * Signal "changed" (gpointer change): a BoChange of the campaign's records, valid during the call.
 * Signal "progress" (no arguments): the stage, the link's state, the progress or whether it is stopping is another one.
 * Signal "notice" (const char *text): something that a person should know, in plain words.
 * Signal "ended" (no arguments): once.
 */
BoSession *bo_session_new (BoStore *store, const BoDeviceUrl *url);
void bo_session_begin (BoSession *self, const BoSessionRequest *request);
void bo_session_attach (BoSession *self, const char *campaign_id);
void bo_session_stop (BoSession *self, gboolean now);
gboolean bo_session_set_order (BoSession *self, const char *const *chains);
char *bo_session_get_order (BoSession *self);
gboolean bo_session_detach (BoSession *self);

BoSessionStage bo_session_get_stage (BoSession *self);
BoSessionEnd bo_session_get_end (BoSession *self);
const GError *bo_session_get_error (BoSession *self);
const BoSessionProgress *bo_session_get_progress (BoSession *self);
BoLink *bo_session_get_link (BoSession *self);
BoPlace bo_session_get_place (BoSession *self);
gboolean bo_session_is_stopping (BoSession *self);
gboolean bo_session_is_stopping_now (BoSession *self);
gboolean bo_session_is_mine (BoSession *self);
const char *bo_session_get_owner_name (BoSession *self);
const char *bo_session_get_device_url (BoSession *self);
BoStudy *bo_session_get_study (BoSession *self);
BoCampaign *bo_session_get_campaign (BoSession *self);
BoRecorder *bo_session_get_recorder (BoSession *self);
GPtrArray *bo_session_get_recovered (BoSession *self);
guint64 bo_session_get_sent_bytes (BoSession *self);

G_END_DECLS
