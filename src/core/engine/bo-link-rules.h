/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoLinkAnswer:
 * @BO_LINK_ANSWER_PENDING: not asked, or no answer yet and the limit has not passed
 * @BO_LINK_ANSWER_YES: it answers
 * @BO_LINK_ANSWER_NO: it is refused at once
 * @BO_LINK_ANSWER_SILENCE: the limit has passed
 */
typedef enum
{
  BO_LINK_ANSWER_PENDING,
  BO_LINK_ANSWER_YES,
  BO_LINK_ANSWER_NO,
  BO_LINK_ANSWER_SILENCE,
} BoLinkAnswer;

/**
 * BoLinkVerdict:
 * @BO_LINK_VERDICT_WAIT: not enough is known yet
 * @BO_LINK_VERDICT_WELL: the engine answers
 * @BO_LINK_VERDICT_SLOW: the way to the device lives, the engine does not answer in time: it is
 *   busy or hangs, and what was asked of it may still be answered
 * @BO_LINK_VERDICT_AGAIN: the engine refused once; ask again soon
 * @BO_LINK_VERDICT_GONE: the way to the device lives, but there is no engine at its end
 * @BO_LINK_VERDICT_DEAD: the way to the device is dead
 */
typedef enum
{
  BO_LINK_VERDICT_WAIT,
  BO_LINK_VERDICT_WELL,
  BO_LINK_VERDICT_SLOW,
  BO_LINK_VERDICT_AGAIN,
  BO_LINK_VERDICT_GONE,
  BO_LINK_VERDICT_DEAD,
} BoLinkVerdict;

BoLinkVerdict bo_link_rule_judge (BoLinkAnswer engine, BoLinkAnswer way, guint n_refusals);
gint64 bo_link_rule_get_pause_us (guint n_failed, double random);
gboolean bo_link_rule_is_lasting (const GError *error, guint n_times);
gboolean bo_link_rule_has_slept (gint64 boot_us, gint64 monotonic_us, gint64 boot_now_us, gint64 monotonic_now_us);

G_END_DECLS
